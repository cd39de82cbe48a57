import { useMemo } from 'react';
import type { GroupBy, Usage } from '../../../contract/analytics.ts';
import { bucketWords } from '../../charts/bucket-span.ts';
import { Chart } from '../../charts/chart.tsx';
import { chartSummary } from '../../charts/chart-summary.ts';
import { groupingWords, groupLabel } from '../../charts/group-names.ts';
import { sentenceCase, type PreviousPeriod } from '../../charts/previous.ts';
import { useChartTheme } from '../../charts/use-chart-theme.ts';
import { measureOf, measures, totalsOf, usageMatrix, type Measure } from '../../charts/usage-matrix.ts';
import { formatMeasure, usageOption } from '../../charts/usage-option.ts';
import { ChartPanel, type ChartTable } from '../../components/chart-panel.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { formatDateTime } from '../../format/time.ts';
import { useActions, useShell, useZone } from '../../shell/services.tsx';
import { chartNote, comparedTotal } from './comparison.ts';
import { GroupMenu } from './group-menu.tsx';
import { UsageLegend } from './usage-legend.tsx';
import { usePrevious } from './use-previous.ts';
import type { OverviewAnswers } from './use-overview.ts';
import { useZoom } from './use-zoom.ts';

const measureNames = { cost: 'Cost', calls: 'Calls', tokens: 'Tokens', errors: 'Errors' } as const;
const options = measures.map((value) => ({ value, label: measureNames[value] }));

const titleOf = (measure: Measure, groupBy: GroupBy): string => `${measureNames[measure]} by ${groupingWords(groupBy)}`;

export interface UsagePanelProps {
  readonly query: OverviewAnswers['usageByGroup'];
  readonly metrics: OverviewAnswers['metrics'];
  readonly slots: ReadonlyMap<string, number>;
}

/** Cost, calls, tokens or errors over time, by whatever people group. */
export function UsagePanel({ query, metrics, slots }: UsagePanelProps) {
  const { measure, groupBy } = useShell((state) => state.chartView);
  const compared = usePrevious(query.data);
  const change = metrics.data === undefined ? null : comparedTotal.bind(null, metrics.data, measure);
  const tz = useZone();
  return (
    <ChartPanel
      title={titleOf(measure, groupBy)}
      note={query.data && chartNote({ step: bucketWords[query.data.bucket], compared, change })}
      className="usage-panel"
      query={query}
      isEmpty={(usage) => usage.points.every((point) => point.calls === 0)}
      empty="No calls in this period"
      actions={<UsageActions />}
      renderChart={(usage) => (
        <UsageChart usage={usage} measure={measure} groupBy={groupBy} slots={slots} previous={compared.previous} />
      )}
      tableOf={(usage) => usageTable(usage, { measure, groupBy, tz, previous: compared.previous })}
    />
  );
}

function UsageActions() {
  const { viewCharts } = useActions();
  const { measure, groupBy } = useShell((state) => state.chartView);
  return (
    <>
      <GroupMenu value={groupBy} onChange={(next) => viewCharts({ groupBy: next })} />
      <Segmented label="Measure" value={measure} options={options} onChange={(next) => viewCharts({ measure: next })} />
    </>
  );
}

interface UsageChartProps {
  readonly usage: Usage;
  readonly measure: Measure;
  readonly groupBy: GroupBy;
  readonly slots: ReadonlyMap<string, number>;
  readonly previous: PreviousPeriod | null;
}

function UsageChart({ usage, measure, groupBy, slots, previous }: UsageChartProps) {
  const theme = useChartTheme();
  const tz = useZone();
  const zoom = useZoom();
  const matrix = useMemo(() => usageMatrix(usage, measure), [usage, measure]);
  const option = useMemo(() => {
    const bounds = { fromMs: Date.parse(usage.range.from), toMs: Date.parse(usage.range.to) };
    return usageOption({ matrix, measure, bucket: usage.bucket, ...bounds, tz, theme, slots, groupBy, previous });
  }, [matrix, measure, usage, tz, theme, slots, groupBy, previous]);
  const summary = chartSummary({
    title: titleOf(measure, groupBy),
    atMs: matrix.atMs,
    values: totalsOf(matrix),
    format: (value) => formatMeasure(measure, value),
    tz,
  });
  return (
    <div className="chart-with-legend">
      <Chart option={option} group="overview" label={summary} {...zoom} />
      <UsageLegend matrix={matrix} measure={measure} groupBy={groupBy} slots={slots} previous={previous} />
    </div>
  );
}

interface TableChoice {
  readonly measure: Measure;
  readonly groupBy: GroupBy;
  readonly tz: string;
  readonly previous: PreviousPeriod | null;
}

/** The rows of the chart: a bucket each, with its total, and beside it what it was in the previous period. */
export function usageTable(usage: Usage, { measure, groupBy, tz, previous }: TableChoice): ChartTable {
  const matrix = usageMatrix(usage, measure);
  const totals = totalsOf(matrix);
  const before = (column: number): string[] => {
    if (previous === null) return [];
    const point = previous.points[column] ?? null;
    return [formatMeasure(measure, point === null ? null : measureOf(point, measure))];
  };
  const rows = matrix.atMs.map((atMs, column) => [
    formatDateTime(atMs, tz),
    ...matrix.values.map((values) => formatMeasure(measure, values[column] ?? null)),
    formatMeasure(measure, totals[column] ?? null),
    ...before(column),
  ]);
  const head = ['From', ...matrix.groups.map((group) => groupLabel(groupBy, group)), 'Total'];
  const caption = `${titleOf(measure, groupBy)}, ${bucketWords[usage.bucket]}`;
  return { caption, head: previous === null ? head : [...head, sentenceCase(previous.name)], rows };
}
