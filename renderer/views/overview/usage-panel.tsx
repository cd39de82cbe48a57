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

const titles = { cost: 'Cost by model', calls: 'Calls by model', tokens: 'Tokens by model' } as const;

export interface UsagePanelProps {
  readonly query: OverviewAnswers['usageByModel'];
  readonly slots: ReadonlyMap<string, number>;
}

export function UsagePanel({ query, slots }: UsagePanelProps) {
  const [measure, setMeasure] = useState<Measure>('cost');
  const tz = useZone();
  return (
    <ChartPanel
      title={titles[measure]}
      note={query.data === undefined ? undefined : bucketWords[query.data.bucket]}
      className="usage-panel"
      query={query}
      isEmpty={(usage) => usage.points.every((point) => point.calls === 0)}
      empty="No calls in this period"
      actions={<Segmented label="Measure" value={measure} options={measures} onChange={setMeasure} />}
      renderChart={(usage) => <UsageChart usage={usage} measure={measure} slots={slots} />}
      tableOf={(usage) => usageTable(usage, measure, tz)}
    />
  );
}

interface UsageChartProps {
  readonly usage: Usage;
  readonly measure: Measure;
  readonly slots: ReadonlyMap<string, number>;
}

function UsageChart({ usage, measure, slots }: UsageChartProps) {
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
      <Chart option={option} group="overview" label={`${titles[measure]} over time, stacked bars`} {...zoom} />
      <ul className="legend" aria-label="Models on the chart" {...scrollable}>
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

function usageTable(usage: Usage, measure: Measure, tz: string): ChartTable {
  const matrix = usageMatrix(usage, measure);
  const rows = matrix.atMs.map((atMs, column) => [
    formatDateTime(atMs, tz),
    ...matrix.values.map((values) => formatMeasure(measure, values[column] ?? null)),
  ]);
  return { caption: titles[measure], head: ['From', ...matrix.groups], rows };
}
