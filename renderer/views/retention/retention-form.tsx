import { Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { RetentionState, RetentionTarget } from '../../../contract/snowflake.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { useUnsaved } from '../../shell/use-unsaved.ts';
import { ConfirmDelete, Consequence } from './consequence.tsx';
import { daysOf, keptWords, type Days } from './retention-words.ts';
import { useApplyRetention, usePreview } from './use-retention.ts';

export interface RetentionFormProps {
  readonly target: RetentionTarget;
  readonly state: RetentionState;
}

/** Days, what they delete, and the button that does it after a confirmation. */
export function RetentionForm(props: RetentionFormProps) {
  return props.state.editable ? <KeepForm {...props} /> : <DeleteOnceForm {...props} />;
}

const savedDays = ({ target, state: { retention } }: RetentionFormProps): number | null =>
  target === 'local' ? retention.localDays : retention.snowflakeDays;

const unsavedNames = { local: 'retention of this computer', snowflake: 'retention in Snowflake' } as const;

/** The days become the lasting setting. */
function KeepForm(props: RetentionFormProps) {
  const saved = savedDays(props);
  const [text, setText] = useState(saved === null ? '' : String(saved));
  const days = daysOf(text);
  const changed = days.kind === 'problem' || days.days !== saved;
  useUnsaved(unsavedNames[props.target], changed);
  return (
    <Deletion
      {...props}
      days={days}
      changed={changed}
      verb={days.kind === 'days' && days.days === null ? 'Keep for ever' : 'Apply…'}
    >
      <Field
        label="Keep calls for"
        digits
        unit="days"
        placeholder="for ever"
        value={text}
        onChange={setText}
        problem={days.kind === 'problem' ? days.text : null}
        hint={`Empty: for ever. At present they are ${keptWords(saved)}.`}
      />
    </Deletion>
  );
}

/** Where the lasting setting is made elsewhere, old calls can still be deleted once. */
function DeleteOnceForm(props: RetentionFormProps) {
  const [text, setText] = useState('');
  const days = daysOf(text);
  const some = days.kind === 'days' && days.days !== null;
  return (
    <Deletion {...props} days={days} changed={some} verb="Delete once…">
      <Field
        label="Delete calls older than"
        digits
        unit="days"
        value={text}
        onChange={setText}
        problem={days.kind === 'problem' ? days.text : null}
        hint={`At present they are ${keptWords(savedDays(props))}. The lasting setting is made where the gateway runs.`}
      />
    </Deletion>
  );
}

interface DeletionProps extends RetentionFormProps {
  readonly days: Days;
  readonly changed: boolean; // there is something to apply
  readonly verb: string;
  readonly children: ReactNode;
}

/** Field, consequence, button, confirmation: nothing is deleted before its count was shown. */
function Deletion({ target, state, days, changed, verb, children }: DeletionProps) {
  const [asking, setAsking] = useState(false);
  const chosen = days.kind === 'days' ? days.days : null;
  const forEver = days.kind === 'days' && days.days === null;
  const preview = usePreview(target, changed ? chosen : null);
  const apply = useApplyRetention(target, state);
  const possible = changed && (forEver || preview.data !== undefined);
  const confirm = (): void => {
    setAsking(false);
    apply.run(chosen);
  };
  return (
    <div className="retention">
      {children}
      <Consequence stops={changed && forEver} preview={preview} result={changed ? null : apply.result} />
      <div className="row">
        <Button isDisabled={!possible || apply.busy} onPress={() => (forEver ? apply.run(null) : setAsking(true))}>
          {forEver ? null : <Trash2 size={14} aria-hidden />}
          {apply.busy ? 'Deleting…' : verb}
        </Button>
      </div>
      {asking && preview.data !== undefined ? (
        <ConfirmDelete
          preview={preview.data}
          keep={state.editable}
          onConfirm={confirm}
          onCancel={() => setAsking(false)}
        />
      ) : null}
    </div>
  );
}
