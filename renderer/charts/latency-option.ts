/**
 * Latency p50 and p95 over time, solid: told apart by colour, by weight and by the name at the end of each line. The previous period has the
 * same colours, dashed.
 */
import type { EChartsCoreOption } from 'echarts/core';
import type { Bucket, UsagePoint } from '../../contract/analytics.ts';
import { formatDuration } from '../format/duration.ts';
import { formatExact } from '../format/numbers.ts';
import { formatBounds } from '../format/time.ts';
import { bucketEnd, bucketMs } from './bucket-span.ts';
import type { ChartTheme } from './chart-theme.ts';
import { previousRow, type PreviousPeriod } from './previous.ts';
import { timeChartFrame } from './time-axes.ts';
import type { TooltipContent } from './tooltip.ts';

export interface LatencyOptionInput {
  readonly points: readonly UsagePoint[];
  readonly bucket: Bucket;
  readonly fromMs: number;
  readonly toMs: number;
  readonly tz: string;
  readonly theme: ChartTheme;
  readonly previous?: PreviousPeriod | null; // null = not compared
}

type Reading = (point: UsagePoint) => number | null;
const p50: Reading = (point) => point.p50Ms;
const p95: Reading = (point) => point.p95Ms;

export function latencyOption(input: LatencyOptionInput): EChartsCoreOption {
  const { points, tz, theme, previous = null } = input;
  const [first, second] = latencyColours(theme);
  const dots = points.filter((point) => point.p95Ms !== null).length < 3;
  const before = previous?.points ?? [];
  return {
    ...timeChartFrame({
      theme,
      tz,
      ...wholeBuckets(input),
      formatValue: formatAxis,
      tooltip: (index) => latencyTooltip(input, index),
      room: lineNameRoom,
    }),
    series: [
      { ...line('p95', second, dots), lineStyle: { width: 1.8 }, data: data(input, points, p95), ...area(0.07) },
      { ...line('p50', first, dots), lineStyle: { width: 2.6 }, data: data(input, points, p50), ...area(0.12) },
      ...(previous === null
        ? []
        : [
            { ...dashed(`p95, ${previous.name}`, second), data: data(input, before, p95) },
            { ...dashed(`p50, ${previous.name}`, first), data: data(input, before, p50) },
          ]),
    ],
  };
}

/** The first and the last bucket may reach beyond the period; a point in the middle of one must not be cut off. */
function wholeBuckets({ points, bucket, fromMs, toMs, tz }: LatencyOptionInput): { fromMs: number; toMs: number } {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return { fromMs, toMs };
  return {
    fromMs: Math.min(fromMs, Date.parse(first.at)),
    toMs: Math.max(toMs, bucketEnd(Date.parse(last.at), bucket, tz)),
  };
}

export function latencyColours({ series, accent, text }: ChartTheme): readonly [string, string] {
  const [first = accent, second = text] = series;
  return [first, second];
}

/** Points lie in the middle of the bucket of the shown period, those of the previous one too. */
function data(
  { points, bucket }: LatencyOptionInput,
  from: readonly (UsagePoint | null)[],
  reading: Reading,
): [number, number | null][] {
  const halfMs = bucketMs[bucket] / 2;
  return points.map((point, index) => {
    const source = from[index] ?? null;
    return [Date.parse(point.at) + halfMs, source === null ? null : reading(source)];
  });
}

const lineNameRoom = 30; // px right of the last point

function formatAxis(valueMs: number): string {
  if (valueMs === 0) return '0';
  return valueMs >= 1000 ? `${Number((valueMs / 1000).toFixed(2))} s` : `${Math.round(valueMs)} ms`;
}

const area = (opacity: number): object => ({ areaStyle: { opacity } });

function line(name: string, colour: string, showSymbol: boolean): object {
  return {
    name,
    type: 'line',
    color: colour,
    showSymbol,
    symbol: 'circle',
    symbolSize: 5,
    connectNulls: false,
    emphasis: { disabled: true },
    endLabel: { show: true, formatter: '{a}', color: colour, fontSize: 11, fontWeight: 600, distance: 5 },
    labelLayout: { moveOverlap: 'shiftY' },
  };
}

function dashed(name: string, colour: string): object {
  return {
    name,
    type: 'line',
    color: colour,
    lineStyle: { width: 1.4, type: [4, 4], opacity: 0.8 },
    showSymbol: false,
    connectNulls: false,
    emphasis: { disabled: true },
  };
}

export function latencyTooltip(input: LatencyOptionInput, index: number): TooltipContent | null {
  const { points, bucket, tz, theme, previous = null } = input;
  const point = points[index];
  if (point === undefined) return null;
  const atMs = Date.parse(point.at);
  const [first, second] = latencyColours(theme);
  const value = (before: UsagePoint): string =>
    `p95 ${formatDuration(before.p95Ms)} · p50 ${formatDuration(before.p50Ms)}`;
  return {
    title: formatBounds(atMs, bucketEnd(atMs, bucket, tz), tz),
    rows: [
      { label: 'p95', value: formatDuration(point.p95Ms), colour: second },
      { label: 'p50', value: formatDuration(point.p50Ms), colour: first },
      { label: 'Calls', value: formatExact(point.calls), colour: null },
      ...(previous === null ? [] : previousRow(previous, index, { bucket, tz, value })),
    ],
  };
}
