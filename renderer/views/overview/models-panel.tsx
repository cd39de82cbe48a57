import { unattributedGroup, type Models } from '../../../contract/analytics.ts';
import { groupLabel } from '../../charts/group-names.ts';
import { groupColour } from '../../charts/usage-option.ts';
import { useChartTheme } from '../../charts/use-chart-theme.ts';
import { scrollable } from '../../components/scrollable.ts';
import { ListExportButton } from '../../components/list-export-button.tsx';
import { Panel, type PanelProps } from '../../components/panel.tsx';
import { formatCost } from '../../format/cost.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatCalls, formatShare } from '../../format/numbers.ts';
import { providerLabel } from '../../format/outcome.ts';
import { usePeriodQuery } from '../../shell/export-calls.ts';
import { useActions } from '../../shell/services.tsx';

type ModelRow = Models['models'][number];

export interface ModelsPanelProps {
  readonly query: PanelProps<Models>['query'];
  readonly slots: ReadonlyMap<string, number>;
}

/** Share of calls as horizontal bars, each labelled directly: a list, so it is its own table view. */
export function ModelsPanel({ query, slots }: ModelsPanelProps) {
  const periodQuery = usePeriodQuery();
  return (
    <Panel
      title="Model share"
      note="by calls"
      actions={<ListExportButton question="models" what="the models" query={periodQuery} />}
      className="models-panel"
      query={query}
      isEmpty={({ models }) => models.length === 0}
      empty="No calls in this period"
    >
      {({ models }) => (
        <ul className="shares" aria-label="Model share" {...scrollable}>
          {models
            .toSorted((a, b) => b.calls - a.calls)
            .map((row) => (
              <ModelShare key={`${row.provider} ${row.model ?? ''}`} row={row} slots={slots} />
            ))}
        </ul>
      )}
    </Panel>
  );
}

/** A model leads to its calls; those without a known one cannot be filtered for. */
function ModelShare({ row, slots }: { row: ModelRow; slots: ReadonlyMap<string, number> }) {
  const { showRequests } = useActions();
  const { model } = row;
  const about = `${providerLabel(row.provider)} · p95 ${formatDuration(row.p95Ms)} · ${formatCalls(row.calls)}`;
  if (model === null)
    return (
      <li>
        <span className="share" title={about}>
          <ShareBar row={row} slots={slots} />
        </span>
      </li>
    );
  return (
    <li>
      <button
        type="button"
        className="share"
        title={`${about} · show its calls in Requests`}
        onClick={() => showRequests({ search: '', filter: { provider: [row.provider], model: [model] } })}
      >
        <ShareBar row={row} slots={slots} />
      </button>
    </li>
  );
}

function ShareBar({ row, slots }: { row: ModelRow; slots: ReadonlyMap<string, number> }) {
  const theme = useChartTheme();
  const name = row.model ?? unattributedGroup;
  return (
    <>
      <span className="share-name">{groupLabel('model', name)}</span>
      <span className="num share-value">{formatShare(row.share)}</span>
      <span className="share-track">
        <span style={{ width: `${row.share * 100}%`, background: groupColour(name, slots, theme) }} />
      </span>
      <span className="share-detail num">
        {formatCalls(row.calls)} · {shareCost(row)}
      </span>
    </>
  );
}

export function shareCost({ costUsd, unpricedCalls }: Pick<ModelRow, 'costUsd' | 'unpricedCalls'>): string {
  if (costUsd === null) return unpricedCalls > 0 ? 'no price' : 'no cost';
  return unpricedCalls > 0 ? `at least ${formatCost(costUsd)}` : formatCost(costUsd);
}
