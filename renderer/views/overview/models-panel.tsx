import type { Models } from '../../../contract/analytics.ts';
import { unnamedGroup } from '../../charts/usage-matrix.ts';
import { groupColour } from '../../charts/usage-option.ts';
import { useChartTheme } from '../../charts/use-chart-theme.ts';
import { scrollable } from '../../components/scrollable.ts';
import { Panel } from '../../components/panel.tsx';
import { formatCost } from '../../format/cost.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatCount, formatExact, formatShare } from '../../format/numbers.ts';
import { providerLabel } from '../../format/outcome.ts';
import type { OverviewAnswers } from './use-overview.ts';

type ModelRow = Models['models'][number];

export interface ModelsPanelProps {
  readonly query: OverviewAnswers['models'];
  readonly slots: ReadonlyMap<string, number>;
}

/** Share of calls as horizontal bars, each labelled directly: a list, so it is its own table view. */
export function ModelsPanel({ query, slots }: ModelsPanelProps) {
  return (
    <Panel
      title="Model share"
      note="by calls"
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

function ModelShare({ row, slots }: { row: ModelRow; slots: ReadonlyMap<string, number> }) {
  const theme = useChartTheme();
  const name = row.model ?? unnamedGroup;
  const unpriced = row.unpricedCalls > 0;
  return (
    <li title={`${providerLabel(row.provider)} · p95 ${formatDuration(row.p95Ms)} · ${formatExact(row.calls)} calls`}>
      <span className="share-name">{name}</span>
      <span className="num share-value">{formatShare(row.share)}</span>
      <span className="share-track">
        <span style={{ width: `${row.share * 100}%`, background: groupColour(name, slots, theme) }} />
      </span>
      <span className="share-detail num">
        {formatCount(row.calls)} calls · {unpriced && row.costUsd !== null ? 'at least ' : ''}
        {row.costUsd === null ? 'no price' : formatCost(row.costUsd)}
      </span>
    </li>
  );
}
