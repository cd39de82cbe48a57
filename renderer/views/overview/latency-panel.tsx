import { useMemo } from 'react';
import type { Usage } from '../../../contract/analytics.ts';
import { Chart } from '../../charts/chart.tsx';
import { latencyOption } from '../../charts/latency-option.ts';
import { useChartTheme } from '../../charts/use-chart-theme.ts';
import { ChartPanel, type ChartTable } from '../../components/chart-panel.tsx';
import { formatDuration } from '../../format/duration.ts';
import { formatExact } from '../../format/numbers.ts';
import { formatDateTime } from '../../format/time.ts';
import { useZone } from '../../shell/services.tsx';
import { useZoom } from './use-zoom.ts';
import type { OverviewAnswers } from './use-overview.ts';

export function LatencyPanel({ query }: { query: OverviewAnswers['usage'] }) {
  const tz = useZone();
  return (
    <ChartPanel
      title="Latency"
      className="latency-panel"
      query={query}
      isEmpty={(usage) => usage.points.every((point) => point.p95Ms === null)}
      empty="No calls in this period"
      actions={<LineLegend />}
      renderChart={(usage) => <LatencyChart usage={usage} />}
      tableOf={(usage) => latencyTable(usage, tz)}
    />
  );
}

function LatencyChart({ usage }: { usage: Usage }) {
  const theme = useChartTheme();
  const tz = useZone();
  const zoom = useZoom();
  const option = useMemo(() => {
    const bounds = { fromMs: Date.parse(usage.range.from), toMs: Date.parse(usage.range.to) };
    return latencyOption({ points: usage.points, bucket: usage.bucket, ...bounds, tz, theme });
  }, [usage, tz, theme]);
  return <Chart option={option} group="overview" label="Latency over time, median and 95th percentile" {...zoom} />;
}

function LineLegend() {
  return (
    <ul className="legend inline">
      <li>
        <span className="stroke solid" />
        p50
      </li>
      <li>
        <span className="stroke dashed" />
        p95
      </li>
    </ul>
  );
}

function latencyTable(usage: Usage, tz: string): ChartTable {
  const rows = usage.points.map((point) => [
    formatDateTime(point.at, tz),
    formatDuration(point.p50Ms),
    formatDuration(point.p95Ms),
    formatExact(point.calls),
  ]);
  return { caption: 'Latency', head: ['From', 'p50', 'p95', 'Calls'], rows };
}
