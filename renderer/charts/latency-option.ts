/** Latency p50 and p95 over time. The two lines differ by colour and by dash, and carry their names at their ends. */
import type { EChartsCoreOption } from 'echarts/core';
import type { Bucket, UsagePoint } from '../../contract/analytics.ts';
import { formatDuration } from '../format/duration.ts';
import { formatExact } from '../format/numbers.ts';
import { formatBounds } from '../format/time.ts';
import { bucketMs } from './bucket-span.ts';
import type { ChartTheme } from './chart-theme.ts';
import { timeChartFrame } from './time-axes.ts';
import type { TooltipContent } from './tooltip.ts';

export interface LatencyOptionInput {
  readonly points: readonly UsagePoint[];
  readonly bucket: Bucket;
  readonly fromMs: number;
  readonly toMs: number;
  readonly tz: string;
  readonly theme: ChartTheme;
}

export function latencyOption(input: LatencyOptionInput): EChartsCoreOption {
  const { points, bucket, fromMs, toMs, tz, theme } = input;
  const halfMs = bucketMs[bucket] / 2;
  const data = (value: (point: UsagePoint) => number | null): [number, number | null][] =>
    points.map((point) => [Date.parse(point.at) + halfMs, value(point)]);
  const [first = theme.accent, second = theme.text] = theme.series;
  const lone = points.filter((point) => point.p95Ms !== null).length < 3;
  return {
    ...timeChartFrame({
      theme,
      tz,
      fromMs,
      toMs,
      formatValue: formatAxis,
      tooltip: (index) => latencyTooltip(input, index),
    }),
    series: [
      { ...line('p95', second, 'dashed', lone), data: data((point) => point.p95Ms), areaStyle: { opacity: 0.07 } },
      { ...line('p50', first, 'solid', lone), data: data((point) => point.p50Ms), areaStyle: { opacity: 0.12 } },
    ],
  };
}

function formatAxis(valueMs: number): string {
  if (valueMs === 0) return '0';
  return valueMs >= 1000 ? `${Number((valueMs / 1000).toFixed(2))} s` : `${Math.round(valueMs)} ms`;
}

function line(name: string, colour: string, type: 'solid' | 'dashed', showSymbol: boolean): object {
  return {
    name,
    type: 'line',
    color: colour,
    lineStyle: { width: 1.8, type },
    showSymbol,
    symbol: 'circle',
    symbolSize: 5,
    connectNulls: false,
    emphasis: { disabled: true },
  };
}

export function latencyTooltip(input: LatencyOptionInput, index: number): TooltipContent | null {
  const { points, bucket, tz, theme } = input;
  const point = points[index];
  if (point === undefined) return null;
  const atMs = Date.parse(point.at);
  const [first = theme.accent, second = theme.text] = theme.series;
  return {
    title: formatBounds(atMs, atMs + bucketMs[bucket], tz),
    rows: [
      { label: 'p95', value: formatDuration(point.p95Ms), colour: second },
      { label: 'p50', value: formatDuration(point.p50Ms), colour: first },
      { label: 'Calls', value: formatExact(point.calls), colour: null },
    ],
  };
}
