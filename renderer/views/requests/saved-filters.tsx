import { Bookmark, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Dialog, DialogTrigger, Form, Popover } from 'react-aria-components';
import type { SavedFilter } from '../../../contract/ipc.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { chipsOf, chipWords, fieldLabels, isFilteringRequests } from '../../requests/request-filter.ts';
import { savingProblem, withoutSaved, withSaved } from '../../requests/saved-filters.ts';
import { useActions, useShell } from '../../shell/services.tsx';

/** Filters under names of the person's own, kept in the settings. */
export function SavedFilters() {
  const filtering = useShell((state) => isFilteringRequests(state.requestFilter));
  return (
    <DialogTrigger>
      <Button size="small">
        <Bookmark size={13} aria-hidden />
        Saved
      </Button>
      <Popover className="popover" placement="bottom end" offset={4}>
        <Dialog className="saved-filters" aria-label="Saved filters">
          {({ close }) => (
            <>
              <SavedList onChosen={close} />
              {filtering ? <SaveForm /> : <p className="fine">Set a search or a filter to save it under a name.</p>}
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function SavedList({ onChosen }: { onChosen: () => void }) {
  const saved = useShell((state) => state.settings.savedFilters);
  const { save, filterRequests } = useActions();
  if (saved.length === 0) return <p className="muted">No filter is saved yet.</p>;
  return (
    <ul>
      {saved.map(({ name, search, filter }) => (
        <li key={name} className="row">
          <button
            type="button"
            className="saved-filter"
            title={filterWords({ name, search, filter })}
            onClick={() => {
              filterRequests({ search, filter });
              onChosen();
            }}
          >
            <span className="ellipsis">{name}</span>
            <span className="fine ellipsis">{filterWords({ name, search, filter })}</span>
          </button>
          <IconButton
            label={`Delete the filter ${name}`}
            onPress={() => void save({ savedFilters: withoutSaved(saved, name) })}
          >
            <Trash2 size={13} aria-hidden />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

function filterWords({ search, filter }: SavedFilter): string {
  const chips = chipsOf(filter).map((chip) => `${fieldLabels[chip.field]} ${chipWords(chip)}`);
  return [...(search.trim() === '' ? [] : [`“${search.trim()}”`]), ...chips].join(', ');
}

function SaveForm() {
  const saved = useShell((state) => state.settings.savedFilters);
  const filter = useShell((state) => state.requestFilter);
  const { save } = useActions();
  const [name, setName] = useState('');
  const [tried, setTried] = useState(false);
  const problem = savingProblem(saved, name);
  const submit = (): void => {
    setTried(problem !== null);
    if (problem !== null) return;
    void save({ savedFilters: withSaved(saved, name, filter) });
    setName('');
  };
  return (
    <Form
      className="save-filter"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field label="Save these filters as" value={name} onChange={setName} problem={tried ? problem : null} />
      <Button type="submit" size="small" look="primary">
        Save
      </Button>
    </Form>
  );
}
