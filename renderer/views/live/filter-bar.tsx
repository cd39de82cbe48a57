import { Download, ListFilter, Search, X } from 'lucide-react';
import { Button as AriaButton, Input, SearchField } from 'react-aria-components';
import { Outcome, Provider } from '../../../contract/usage-record.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { formatExact } from '../../format/numbers.ts';
import { outcomeLook, providerLabel } from '../../format/outcome.ts';
import { analyticsFilter, isFiltering, modelOf, noFilter, toggled, type LiveFilter } from '../../live/live-filter.ts';
import { useActions, useLive, useServices, useShell } from '../../shell/services.tsx';
import { ChoiceMenu } from './choice-menu.tsx';
import { useTailExport } from './use-tail-export.ts';
import { liveFilterInputId } from './use-tail-shortcuts.ts';

export function FilterBar({ shown }: { shown: number }) {
  const filter = useShell((state) => state.liveFilter);
  const { filterLive } = useActions();
  const dropped = useLive((state) => state.dropped);
  return (
    <div className="filter-bar">
      <TextFilter filter={filter} />
      <Choices filter={filter} />
      {isFiltering(filter) ? (
        <Button size="small" look="quiet" onPress={() => filterLive(noFilter)}>
          Clear filters
        </Button>
      ) : null}
      <span className="spacer" />
      <span className="fine num" title="Rows listed">
        {formatExact(shown)} rows{dropped === 0 ? '' : `, ${formatExact(dropped)} too fast to list`}
      </span>
      <ShowInRequests filter={filter} />
      <ExportButton />
    </div>
  );
}

function TextFilter({ filter }: { filter: LiveFilter }) {
  const { filterLive } = useActions();
  return (
    <SearchField
      className="search"
      aria-label="Filter rows"
      value={filter.text}
      onChange={(text) => filterLive({ ...filter, text })}
    >
      <Search size={14} aria-hidden />
      <Input id={liveFilterInputId} placeholder="Filter by model, endpoint, user, key…" />
      {filter.text === '' ? (
        <kbd>/</kbd>
      ) : (
        <AriaButton className="icon-button" aria-label="Clear text">
          <X size={13} aria-hidden />
        </AriaButton>
      )}
    </SearchField>
  );
}

const outcomes = Outcome.options.map((value) => ({ value, label: outcomeLook(value).label }));
const providers = Provider.options.map((value) => ({ value, label: providerLabel(value) }));

function Choices({ filter }: { filter: LiveFilter }) {
  const { live } = useServices();
  const { filterLive } = useActions();
  return (
    <>
      <ChoiceMenu
        label="Outcome"
        chosen={filter.outcomes}
        options={() => outcomes}
        onToggle={(value) => filterLive({ ...filter, outcomes: toggled(filter.outcomes, value) })}
      />
      <ChoiceMenu
        label="Provider"
        chosen={filter.providers}
        options={() => providers}
        onToggle={(value) => filterLive({ ...filter, providers: toggled(filter.providers, value) })}
      />
      <ChoiceMenu
        label="Model"
        chosen={filter.models}
        options={() =>
          modelOptions([...filter.models, ...live.getState().rows.map(modelOf), ...live.getState().older.map(modelOf)])
        }
        onToggle={(value) => filterLive({ ...filter, models: toggled(filter.models, value) })}
      />
    </>
  );
}

function modelOptions(models: readonly (string | null)[]): { value: string; label: string }[] {
  const distinct = [...new Set(models)].filter((model) => model !== null).toSorted();
  return distinct.map((model) => ({ value: model, label: model }));
}

/** The same filter over the whole history. */
function ShowInRequests({ filter }: { filter: LiveFilter }) {
  const { showRequests } = useActions();
  return (
    <IconButton
      label="Show these in Requests"
      onPress={() => showRequests({ search: filter.text.slice(0, 200), filter: analyticsFilter(filter) })}
    >
      <ListFilter size={15} aria-hidden />
    </IconButton>
  );
}

function ExportButton() {
  const exportTail = useTailExport();
  return (
    <IconButton label="Export the last 24 hours as CSV" shortcut="E" onPress={exportTail}>
      <Download size={15} aria-hidden />
    </IconButton>
  );
}
