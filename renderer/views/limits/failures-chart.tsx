import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Usage } from '../../../contract/analytics.ts';
import { bucketWords } from '../../charts/bucket-span.ts';
import { Chart } from '../../charts/chart.tsx';
import { chartSummary } from '../../charts/chart-summary.ts';
import { useChartTheme } from '../../charts/use-chart-theme.ts';
import { totalsOf, usageMatrix } from '../../charts/usage-matrix.ts';
import { formatMeasure, usageOption } from '../../charts/usage-option.ts';
import { ChartPanel } from '../../components/chart-panel.tsx';
import { useZone } from '../../shell/services.tsx';
import { UsageLegend } from '../overview/usage-legend.tsx';
import { usageTable } from '../overview/usage-panel.tsx';
import { useSlots } from '../overview/use-slots.ts';
import { useZoom } from '../overview/use-zoom.ts';

const title = 'Refused and failed calls over time';
const groupBy = 'outcome';
const measure = 'calls';

/** When providers refused and failed, by what they did: a burst of 429 looks unlike an outage. */
export function FailuresChart({ query }: { readonly query: UseQueryResult<Usage> }) {
  const tz = useZone();
  return (
    <ChartPanel
      title={title}
      note={query.data && bucketWords[query.data.bucket]}
      className="failures-chart"
      query={query}
      isEmpty={({ points }) => points.every(({ calls }) => calls === 0)}
      empty="None in this period"
      renderChart={(usage) => <FailureBars usage={usage} />}
      tableOf={(usage) => ({ ...usageTable(usage, { measure, groupBy, tz, previous: null }), caption: title })}
    />
  );
}

function FailureBars({ usage }: { readonly usage: Usage }) {
  const theme = useChartTheme();
  const tz = useZone();
  const zoom = useZoom();
  const matrix = useMemo(() => usageMatrix(usage, measure), [usage]);
  const slots = useSlots(groupBy, matrix.groups);
  const option = useMemo(() => {
    const bounds = { fromMs: Date.parse(usage.range.from), toMs: Date.parse(usage.range.to) };
    return usageOption({ matrix, measure, bucket: usage.bucket, ...bounds, tz, theme, slots, groupBy });
  }, [matrix, usage, tz, theme, slots]);
  const format = (value: number | null): string => formatMeasure(measure, value);
  const summary = chartSummary({ title, atMs: matrix.atMs, values: totalsOf(matrix), format, tz });
  return (
    <div className="chart-with-legend">
      <Chart option={option} label={summary} {...zoom} />
      <UsageLegend matrix={matrix} measure={measure} groupBy={groupBy} slots={slots} previous={null} />
    </div>
  );
}
