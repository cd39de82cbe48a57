import { useMemo, useState } from 'react';
import type { Usage } from '../../../contract/analytics.ts';
import { bucketWords } from '../../charts/bucket-span.ts';
import { Chart } from '../../charts/chart.tsx';
import { useChartTheme } from '../../charts/use-chart-theme.ts';
import { usageMatrix, sumOf, type Measure } from '../../charts/usage-matrix.ts';
import { formatMeasure, groupColour, usageOption } from '../../charts/usage-option.ts';
import { ChartPanel, type ChartTable } from '../../components/chart-panel.tsx';
import { scrollable } from '../../components/scrollable.ts';
import { Segmented } from '../../components/segmented.tsx';
import { formatDateTime } from '../../format/time.ts';
import { useZone } from '../../shell/services.tsx';
import { useZoom } from './use-zoom.ts';
import type { OverviewAnswers } from './use-overview.ts';

const measures = [
  { value: 'cost', label: 'Cost' },
  { value: 'calls', label: 'Calls' },
  { value: 'tokens', label: 'Tokens' },
] as const;

const titles = { cost: 'Cost', calls: 'Calls', tokens: 'Tokens' } as const;

const titleOf = (measure: Measure, by: string): string => `${titles[measure]} by ${by}`;

export interface UsagePanelProps {
  readonly query: OverviewAnswers['usageByModel'];
  readonly slots: ReadonlyMap<string, number>;
  readonly by?: string; // what the groups are, in the title
}

export function UsagePanel({ query, slots, by = 'model' }: UsagePanelProps) {
  const [measure, setMeasure] = useState<Measure>('cost');
  const tz = useZone();
  return (
    <ChartPanel
      title={titleOf(measure, by)}
      note={query.data === undefined ? undefined : bucketWords[query.data.bucket]}
      className="usage-panel"
      query={query}
      isEmpty={(usage) => usage.points.every((point) => point.calls === 0)}
      empty="No calls in this period"
      actions={<Segmented label="Measure" value={measure} options={measures} onChange={setMeasure} />}
      renderChart={(usage) => <UsageChart usage={usage} measure={measure} slots={slots} by={by} />}
      tableOf={(usage) => usageTable(usage, measure, by, tz)}
    />
  );
}

interface UsageChartProps {
  readonly usage: Usage;
  readonly measure: Measure;
  readonly slots: ReadonlyMap<string, number>;
  readonly by: string;
}

function UsageChart({ usage, measure, slots, by }: UsageChartProps) {
  const theme = useChartTheme();
  const tz = useZone();
  const zoom = useZoom();
  const matrix = useMemo(() => usageMatrix(usage, measure), [usage, measure]);
  const option = useMemo(() => {
    const bounds = { fromMs: Date.parse(usage.range.from), toMs: Date.parse(usage.range.to) };
    return usageOption({ matrix, measure, bucket: usage.bucket, ...bounds, tz, theme, slots });
  }, [matrix, measure, usage, tz, theme, slots]);
  return (
    <div className="chart-with-legend">
      <Chart option={option} group="overview" label={`${titleOf(measure, by)} over time, stacked bars`} {...zoom} />
      <ul className="legend" aria-label={`Legend, by ${by}`} {...scrollable}>
        {matrix.groups.map((group, row) => (
          <li key={group}>
            <span className="swatch" style={{ background: groupColour(group, slots, theme) }} />
            <span className="legend-name">{group}</span>
            <span className="num">{formatMeasure(measure, sumOf(matrix.values[row] ?? []))}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function usageTable(usage: Usage, measure: Measure, by: string, tz: string): ChartTable {
  const matrix = usageMatrix(usage, measure);
  const rows = matrix.atMs.map((atMs, column) => [
    formatDateTime(atMs, tz),
    ...matrix.values.map((values) => formatMeasure(measure, values[column] ?? null)),
  ]);
  return { caption: titleOf(measure, by), head: ['From', ...matrix.groups], rows };
}
