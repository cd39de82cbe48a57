import { Download, RotateCw, Search, X } from 'lucide-react';
import { Button as AriaButton, Input, SearchField } from 'react-aria-components';
import { Button, IconButton } from '../../components/button.tsx';
import { formatExact } from '../../format/numbers.ts';
import { useQuestion } from '../../query/use-question.ts';
import {
  chipsOf,
  chipWords,
  fieldLabels,
  isFilteringRequests,
  noRequestFilter,
  withoutChip,
} from '../../requests/request-filter.ts';
import { useActions, useShell } from '../../shell/services.tsx';
import { AddFilter } from './add-filter.tsx';
import { ColumnChooser } from './column-chooser.tsx';
import { SavedFilters } from './saved-filters.tsx';
import { requestSearchInputId } from './use-request-shortcuts.ts';
import { useRequestsExport } from './use-requests-export.ts';
import { useRequestRange, type RequestList } from './use-requests.ts';

export function RequestBar({ list }: { list: RequestList }) {
  const filtering = useShell((state) => isFilteringRequests(state.requestFilter));
  const { filterRequests } = useActions();
  return (
    <div className="filter-bar">
      <SearchBox />
      <AddFilter rows={list.rows} />
      <Chips />
      {filtering ? (
        <Button size="small" look="quiet" onPress={() => filterRequests(noRequestFilter)}>
          Clear filters
        </Button>
      ) : null}
      <span className="spacer" />
      <Found list={list} />
      <SavedFilters />
      <ColumnChooser />
      <ExportButton />
    </div>
  );
}

function SearchBox() {
  const filter = useShell((state) => state.requestFilter);
  const { filterRequests } = useActions();
  return (
    <SearchField
      className="search"
      aria-label="Search requests"
      value={filter.search}
      maxLength={200}
      onChange={(search) => filterRequests({ ...filter, search })}
    >
      <Search size={14} aria-hidden />
      <Input id={requestSearchInputId} placeholder="Search id, model, endpoint, user…" />
      {filter.search === '' ? (
        <kbd>/</kbd>
      ) : (
        <AriaButton className="icon-button" aria-label="Clear text">
          <X size={13} aria-hidden />
        </AriaButton>
      )}
    </SearchField>
  );
}

function Chips() {
  const filter = useShell((state) => state.requestFilter);
  const { filterRequests } = useActions();
  return chipsOf(filter.filter).map((chip) => (
    <AriaButton
      key={`${chip.field} ${chip.value}`}
      className="chip request-chip"
      aria-label={`Remove filter ${fieldLabels[chip.field]} ${chipWords(chip)}`}
      onPress={() => filterRequests({ ...filter, filter: withoutChip(filter.filter, chip) })}
    >
      <span className="muted">{fieldLabels[chip.field]}</span>
      <span className="ellipsis">{chipWords(chip)}</span>
      <X size={12} aria-hidden />
    </AriaButton>
  ));
}

function Found({ list }: { list: RequestList }) {
  const searching = useShell((state) => state.requestFilter.search.trim() !== '');
  const { rows, face, newCalls, refresh, error, more } = list;
  if (face === 'failed') return null; // nothing is known about how many there are
  return (
    <>
      {error !== null && rows.length > 0 && more !== 'failed' ? (
        <span className="panel-outdated" title={error.message}>
          could not refresh
        </span>
      ) : null}
      <span className="fine num" title="Rows loaded; scrolling on loads older ones">
        {more === 'none' || searching ? formatExact(rows.length) : <Loaded rows={rows.length} />}
        {searching && more !== 'none' ? ' rows and more' : ' rows'}
      </span>
      <Button size="small" look={newCalls > 0 ? 'plain' : 'quiet'} onPress={refresh}>
        <RotateCw size={13} aria-hidden />
        {newCalls > 0 ? <span className="num">{formatExact(newCalls)} since</span> : 'Refresh'}
      </Button>
    </>
  );
}

/** How many there are in all; search is not among what the totals can be asked for. */
function Loaded({ rows }: { rows: number }) {
  const filter = useShell((state) => state.requestFilter.filter);
  const { data } = useQuestion('panels', 'metrics', { ...useRequestRange(), filter });
  const total = data?.totals.calls;
  return `${formatExact(rows)}${total === undefined || total <= rows ? '' : ` of ${formatExact(total)}`}`;
}

function ExportButton() {
  const { run, busy } = useRequestsExport();
  return (
    <>
      {busy ? <span className="fine">Exporting…</span> : null}
      <IconButton label="Export exactly these requests as CSV" shortcut="E" isDisabled={busy} onPress={run}>
        <Download size={15} aria-hidden />
      </IconButton>
    </>
  );
}
