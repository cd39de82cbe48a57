import { ListFilterPlus, Search } from 'lucide-react';
import { useState } from 'react';
import {
  Autocomplete,
  Dialog,
  DialogTrigger,
  Input,
  ListBox,
  ListBoxItem,
  Popover,
  SearchField,
} from 'react-aria-components';
import { Button } from '../../components/button.tsx';
import type { TailRow } from '../../live/tail.ts';
import { matchesWords } from '../../palette/matches-words.ts';
import {
  chipProblem,
  fieldLabels,
  filterFields,
  withChip,
  type FilterChip,
  type FilterField,
} from '../../requests/request-filter.ts';
import { useActions, useServices } from '../../shell/services.tsx';
import { OfferedValues, type Offered } from './offered-values.tsx';

/** A field on the left, its values on the right; any other value can be typed. */
export function AddFilter({ rows }: { rows: readonly TailRow[] }) {
  const [field, setField] = useState<FilterField>('model');
  return (
    <DialogTrigger>
      <Button size="small">
        <ListFilterPlus size={13} aria-hidden />
        Filter
      </Button>
      <Popover className="popover" placement="bottom start" offset={4}>
        <Dialog className="add-filter" aria-label="Add a filter">
          {({ close }) => (
            <>
              <Fields field={field} onChoose={setField} />
              <OfferedValues field={field} rows={rows}>
                {(offered) => <Values key={field} field={field} offered={offered} onDone={close} />}
              </OfferedValues>
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function Fields({ field, onChoose }: { field: FilterField; onChoose: (field: FilterField) => void }) {
  return (
    <ListBox
      className="menu add-filter-fields"
      aria-label="Field"
      selectionMode="single"
      selectionBehavior="replace"
      disallowEmptySelection
      selectedKeys={[field]}
      onSelectionChange={(keys) => {
        const chosen = filterFields.find((name) => keys !== 'all' && keys.has(name));
        if (chosen !== undefined) onChoose(chosen);
      }}
    >
      {filterFields.map((name) => (
        <ListBoxItem key={name} id={name}>
          {fieldLabels[name]}
        </ListBoxItem>
      ))}
    </ListBox>
  );
}

interface ValuesProps {
  readonly field: FilterField;
  readonly offered: Offered;
  readonly onDone: () => void;
}

function Values({ field, offered: { values, asking }, onDone }: ValuesProps) {
  const [text, setText] = useState('');
  const add = useAddChip(onDone);
  const typed = { field, value: text.trim() };
  const known = values.some(({ value }) => value === typed.value);
  const problem = typed.value === '' ? null : chipProblem(typed);
  const ownValue = typed.value !== '' && !known && problem === null;
  return (
    <div className="add-filter-values">
      <Autocomplete filter={matchesWords} inputValue={text} onInputChange={setText}>
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the dialog was opened to type here */}
        <SearchField className="search" aria-label={`${fieldLabels[field]} to filter by`} autoFocus>
          <Search size={14} aria-hidden />
          <Input placeholder={field === 'tag' ? 'NAME=value' : `${fieldLabels[field]}…`} />
        </SearchField>
        <ListBox
          className="menu"
          aria-label={`Values of ${fieldLabels[field]}`}
          onAction={(value) => add({ field, value: String(value) })}
          renderEmptyState={() => <p className="fine">{emptyWords(asking, problem)}</p>}
        >
          {values.map(({ value, label }) => (
            <ListBoxItem key={value} id={value} textValue={label}>
              <span className="ellipsis">{label}</span>
            </ListBoxItem>
          ))}
        </ListBox>
      </Autocomplete>
      {ownValue ? (
        <Button size="small" onPress={() => add(typed)}>
          Use “{typed.value}”
        </Button>
      ) : null}
    </div>
  );
}

function emptyWords(asking: boolean, problem: string | null): string {
  return asking ? 'Asking which there are…' : (problem ?? 'None seen in this period; any value can be typed.');
}

function useAddChip(onDone: () => void): (chip: FilterChip) => void {
  const { shell } = useServices();
  const { filterRequests } = useActions();
  return (chip) => {
    const { requestFilter } = shell.getState();
    filterRequests({ ...requestFilter, filter: withChip(requestFilter.filter, chip) });
    onDone();
  };
}
