import { useMemo } from 'react';
import type { Usage } from '../../../contract/analytics.ts';
import { bucketWords } from '../../charts/bucket-span.ts';
import { Chart } from '../../charts/chart.tsx';
import { chartSummary } from '../../charts/chart-summary.ts';
import { latencyOption } from '../../charts/latency-option.ts';
import { sentenceCase, type PreviousPeriod } from '../../charts/previous.ts';
import { useChartTheme } from '../../charts/use-chart-theme.ts';
import { ChartPanel, type ChartTable } from '../../components/chart-panel.tsx';
import { formatDuration } from '../../format/duration.ts';
import { formatExact } from '../../format/numbers.ts';
import { formatDateTime } from '../../format/time.ts';
import { useZone } from '../../shell/services.tsx';
import { chartNote, comparedLatency } from './comparison.ts';
import type { OverviewAnswers } from './use-overview.ts';
import { usePrevious } from './use-previous.ts';
import { useZoom } from './use-zoom.ts';

export function LatencyPanel({
  query,
  metrics,
}: {
  query: OverviewAnswers['usage'];
  metrics: OverviewAnswers['metrics'];
}) {
  const tz = useZone();
  const compared = usePrevious(query.data);
  const { previous } = compared;
  const change = metrics.data === undefined ? null : comparedLatency.bind(null, metrics.data);
  // The panel is narrow: while people compare, the change takes the place of the step.
  const noteOf = (usage: Usage): string =>
    previous !== null && change !== null
      ? change(previous.name)
      : chartNote({ step: bucketWords[usage.bucket], compared, change });
  return (
    <ChartPanel
      title="Latency"
      note={query.data && <LatencyNote text={noteOf(query.data)} compared={previous !== null} />}
      className="latency-panel"
      query={query}
      isEmpty={(usage) => usage.points.every((point) => point.p95Ms === null)}
      empty="No calls in this period"
      renderChart={(usage) => <LatencyChart usage={usage} previous={previous} />}
      tableOf={(usage) => latencyTable(usage, tz, previous)}
    />
  );
}

/** Only the dashes need a name: the lines carry theirs at their ends. */
function LatencyNote({ text, compared }: { text: string; compared: boolean }) {
  return (
    <>
      {compared ? <span className="stroke before inline" /> : null}
      {text}
    </>
  );
}

function LatencyChart({ usage, previous }: { usage: Usage; previous: PreviousPeriod | null }) {
  const theme = useChartTheme();
  const tz = useZone();
  const zoom = useZoom();
  const option = useMemo(() => {
    const bounds = { fromMs: Date.parse(usage.range.from), toMs: Date.parse(usage.range.to) };
    return latencyOption({ points: usage.points, bucket: usage.bucket, ...bounds, tz, theme, previous });
  }, [usage, tz, theme, previous]);
  const summary = chartSummary({
    title: '95th percentile of latency',
    atMs: usage.points.map(({ at }) => Date.parse(at)),
    values: usage.points.map(({ p95Ms }) => p95Ms),
    format: formatDuration,
    tz,
  });
  return <Chart option={option} group="overview" label={summary} {...zoom} />;
}

export function latencyTable(usage: Usage, tz: string, previous: PreviousPeriod | null): ChartTable {
  const rows = usage.points.map((point, index) => {
    const before = previous?.points[index] ?? null;
    return [
      formatDateTime(point.at, tz),
      formatDuration(point.p50Ms),
      formatDuration(point.p95Ms),
      formatExact(point.calls),
      ...(previous === null ? [] : [formatDuration(before?.p50Ms ?? null), formatDuration(before?.p95Ms ?? null)]),
    ];
  });
  const name = previous === null ? '' : sentenceCase(previous.name);
  const head = ['From', 'p50', 'p95', 'Calls', ...(previous === null ? [] : [`${name}: p50`, `${name}: p95`])];
  return { caption: `Latency, ${bucketWords[usage.bucket]}`, head, rows };
}
