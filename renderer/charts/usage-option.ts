/** Cost, calls, tokens or errors over time, stacked by group; the previous period as one dashed line. Option = pure function of data. */
import type { EChartsCoreOption } from 'echarts/core';
import { otherGroup, type Bucket, type GroupBy } from '../../contract/analytics.ts';
import { formatCost, formatCostShort } from '../format/cost.ts';
import { formatCompact, formatExact } from '../format/numbers.ts';
import { formatBounds } from '../format/time.ts';
import { bucketEnd, bucketMs } from './bucket-span.ts';
import type { ChartTheme } from './chart-theme.ts';
import { groupLabel } from './group-names.ts';
import { previousRow, type PreviousPeriod } from './previous.ts';
import { timeChartFrame } from './time-axes.ts';
import type { TooltipContent } from './tooltip.ts';
import { measureOf, sumOf, type Measure, type UsageMatrix } from './usage-matrix.ts';

export interface UsageOptionInput {
  readonly matrix: UsageMatrix;
  readonly measure: Measure;
  readonly bucket: Bucket;
  readonly fromMs: number;
  readonly toMs: number;
  readonly tz: string;
  readonly theme: ChartTheme;
  readonly slots: ReadonlyMap<string, number>;
  readonly groupBy?: GroupBy; // what the groups are; models unless said
  readonly previous?: PreviousPeriod | null; // null = not compared
}

export function formatMeasure(measure: Measure, value: number | null): string {
  return measure === 'cost' ? formatCost(value) : formatExact(value);
}

export function groupColour(group: string, slots: ReadonlyMap<string, number>, theme: ChartTheme): string {
  const slot = slots.get(group);
  return group === otherGroup || slot === undefined ? theme.rest : (theme.series[slot] ?? theme.rest);
}

export function usageOption(input: UsageOptionInput): EChartsCoreOption {
  const { matrix, measure, bucket, tz } = input;
  return {
    ...timeChartFrame({
      theme: input.theme,
      tz,
      fromMs: Math.min(input.fromMs, matrix.atMs[0] ?? input.fromMs),
      toMs: Math.max(input.toMs, bucketEnd(matrix.atMs.at(-1) ?? 0, bucket, tz)),
      formatValue: measure === 'cost' ? formatCostShort : formatCompact,
      wholeValues: measure !== 'cost',
      tooltip: (index) => usageTooltip(input, index),
    }),
    series: [...bars(input), ...previousLine(input)],
  };
}

/** Bars stand in the middle of their bucket, so that the drag position and the bar agree. */
const middle = (atMs: number, bucket: Bucket): number => atMs + bucketMs[bucket] / 2;

function bars({ matrix, bucket, theme, slots }: UsageOptionInput): object[] {
  return matrix.groups.map((group, row) => ({
    id: `group ${group}`,
    name: group,
    type: 'bar',
    stack: 'all',
    barCategoryGap: '18%',
    barMaxWidth: 28,
    emphasis: { disabled: true },
    itemStyle: { color: groupColour(group, slots, theme) },
    data: matrix.atMs.map((atMs, column) => [middle(atMs, bucket), matrix.values[row]?.[column] ?? 0]),
  }));
}

function previousLine({ matrix, measure, bucket, theme, previous = null }: UsageOptionInput): object[] {
  if (previous === null) return [];
  const value = (index: number): number | null => {
    const point = previous.points[index] ?? null;
    return point === null ? null : measureOf(point, measure);
  };
  return [
    {
      name: previous.name,
      type: 'line',
      color: theme.text,
      lineStyle: { width: 1.5, type: [5, 4], opacity: 0.75 },
      showSymbol: false,
      connectNulls: false,
      emphasis: { disabled: true },
      z: 4, // over the bars
      data: matrix.atMs.map((atMs, index) => [middle(atMs, bucket), value(index)]),
    },
  ];
}

const tooltipRows = 9;

/** Title: the bucket's bounds. Rows: groups with a value, biggest first, the total, and what it was in the previous period. */
export function usageTooltip(input: UsageOptionInput, index: number): TooltipContent | null {
  const { matrix, measure, bucket, theme, slots, tz, groupBy = 'model', previous = null } = input;
  const atMs = matrix.atMs[index];
  if (atMs === undefined) return null;
  const all = matrix.groups.map((group, row) => ({ group, value: matrix.values[row]?.[index] ?? null }));
  const present = all
    .filter(({ value }) => value !== null && value > 0)
    .toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const rows = present.slice(0, tooltipRows).map(({ group, value }) => ({
    label: groupLabel(groupBy, group),
    value: formatMeasure(measure, value),
    colour: groupColour(group, slots, theme),
  }));
  const total = formatMeasure(measure, sumOf(all.map(({ value }) => value)));
  const value = (point: Parameters<typeof measureOf>[0]): string => formatMeasure(measure, measureOf(point, measure));
  const before = previous === null ? [] : previousRow(previous, index, { bucket, tz, value });
  const title = formatBounds(atMs, bucketEnd(atMs, bucket, tz), tz);
  return { title, rows: [...rows, { label: 'Total', value: total, colour: null, strong: true }, ...before] };
}
