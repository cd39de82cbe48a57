/** What usage is grouped by: a column, or a tag that the calls of the period carry, or one that is typed. */
import { Check, ChevronDown } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import type { GroupBy } from '../../../contract/analytics.ts';
import { groupChoices, groupingWords, tagGrouping, tagOf } from '../../charts/group-names.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { useQuestion } from '../../query/use-question.ts';
import { tagNames } from './tag-names.ts';
import { useRangeInput } from './use-overview.ts';

export interface GroupMenuProps {
  readonly value: GroupBy;
  readonly onChange: (groupBy: GroupBy) => void;
}

export function GroupMenu({ value, onChange }: GroupMenuProps) {
  const [open, setOpen] = useState(false);
  const choose = (groupBy: GroupBy): void => {
    onChange(groupBy);
    setOpen(false);
  };
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <AriaButton className="button plain small group-button" data-group-by={value}>
        <span className="ellipsis">By {groupingWords(value)}</span>
        <ChevronDown size={12} aria-hidden />
      </AriaButton>
      <Popover className="popover" placement="bottom end" offset={6}>
        <Dialog className="group-dialog" aria-label="Group by">
          <ul className="group-list" aria-label="Columns">
            {groupChoices.map((choice) => (
              <Choice key={choice.value} {...choice} chosen={value} onChoose={choose} />
            ))}
          </ul>
          <TagChoices value={value} onChoose={choose} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

interface ChoiceProps {
  readonly value: GroupBy;
  readonly label: string;
  readonly chosen: GroupBy;
  readonly onChoose: (groupBy: GroupBy) => void;
}

function Choice({ value, label, chosen, onChoose }: ChoiceProps) {
  const current = value === chosen;
  return (
    <li>
      <AriaButton
        className="preset"
        {...(current ? { 'aria-current': 'true' as const } : {})}
        onPress={() => onChoose(value)}
      >
        <span className="ellipsis">{label}</span>
        {current ? <Check size={14} aria-hidden /> : null}
      </AriaButton>
    </li>
  );
}

/** No question lists tags, so those of the newest calls are offered. */
const lookedAt = 500;

function TagChoices({ value, onChoose }: { value: GroupBy; onChoose: (groupBy: GroupBy) => void }) {
  const calls = useQuestion('panels', 'calls', { ...useRangeInput(), limit: lookedAt });
  const chosen = tagOf(value);
  const seen = tagNames(calls.data?.calls ?? []);
  const offered = chosen === null || seen.includes(chosen) ? seen : [chosen, ...seen];
  return (
    <div className="group-tags">
      <h3>Tags</h3>
      {offered.length === 0 ? <p className="fine">{tagWords(calls.data === undefined, calls.error)}</p> : null}
      <ul className="group-list" aria-label="Tags">
        {offered.map((name) => {
          const grouping = tagGrouping(name);
          return grouping === null ? null : (
            <Choice key={name} value={grouping} label={name} chosen={value} onChoose={onChoose} />
          );
        })}
      </ul>
      <TypedTag onChoose={onChoose} />
    </div>
  );
}

function tagWords(unknown: boolean, error: Error | null): string {
  if (error !== null) return `Tags could not be read: ${error.message}`;
  return unknown ? 'Looking for tags…' : 'The calls of this period carry no tag';
}

function TypedTag({ onChoose }: { onChoose: (groupBy: GroupBy) => void }) {
  const [name, setName] = useState('');
  const [tried, setTried] = useState(false);
  const grouping = tagGrouping(name);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (grouping !== null) onChoose(grouping);
  };
  return (
    <form className="group-typed" onSubmit={submit}>
      <Field
        label="Another tag"
        value={name}
        onChange={setName}
        placeholder="team"
        problem={tried && grouping === null ? 'Type the name of a tag.' : null}
      />
      <Button size="small" type="submit">
        Group by it
      </Button>
    </form>
  );
}
