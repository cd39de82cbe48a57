/** Cost, calls or tokens over time, stacked by model. Option = pure function of data. */
import type { EChartsCoreOption } from 'echarts/core';
import type { Bucket } from '../../contract/analytics.ts';
import { formatCost, formatCostShort } from '../format/cost.ts';
import { formatCompact, formatExact } from '../format/numbers.ts';
import { formatBounds } from '../format/time.ts';
import { bucketMs } from './bucket-span.ts';
import type { ChartTheme } from './chart-theme.ts';
import { otherGroup } from './series-colours.ts';
import { timeChartFrame } from './time-axes.ts';
import type { TooltipContent } from './tooltip.ts';
import { sumOf, type Measure, type UsageMatrix } from './usage-matrix.ts';

export interface UsageOptionInput {
  readonly matrix: UsageMatrix;
  readonly measure: Measure;
  readonly bucket: Bucket;
  readonly fromMs: number;
  readonly toMs: number;
  readonly tz: string;
  readonly theme: ChartTheme;
  readonly slots: ReadonlyMap<string, number>;
}

export function formatMeasure(measure: Measure, value: number | null): string {
  return measure === 'cost' ? formatCost(value) : formatExact(value);
}

export function groupColour(group: string, slots: ReadonlyMap<string, number>, theme: ChartTheme): string {
  const slot = slots.get(group);
  return group === otherGroup || slot === undefined ? theme.rest : (theme.series[slot] ?? theme.rest);
}

export function usageOption(input: UsageOptionInput): EChartsCoreOption {
  const { matrix, measure, bucket, theme, slots, tz } = input;
  const spanMs = bucketMs[bucket];
  return {
    ...timeChartFrame({
      theme,
      tz,
      fromMs: Math.min(input.fromMs, matrix.atMs[0] ?? input.fromMs),
      toMs: Math.max(input.toMs, (matrix.atMs.at(-1) ?? 0) + spanMs),
      formatValue: measure === 'cost' ? formatCostShort : formatCompact,
      tooltip: (index) => usageTooltip(input, index),
    }),
    series: matrix.groups.map((group, row) => ({
      name: group,
      type: 'bar',
      stack: 'all',
      barCategoryGap: '18%',
      barMaxWidth: 28,
      emphasis: { disabled: true },
      itemStyle: { color: groupColour(group, slots, theme) },
      // Bars stand in the middle of their bucket, so that the drag position and the bar agree.
      data: matrix.atMs.map((atMs, column) => [atMs + spanMs / 2, matrix.values[row]?.[column] ?? 0]),
    })),
  };
}

const tooltipRows = 9;

/** Title: the bucket's bounds. Rows: groups with a value, biggest first, then the total. */
export function usageTooltip(input: UsageOptionInput, index: number): TooltipContent | null {
  const { matrix, measure, bucket, theme, slots, tz } = input;
  const atMs = matrix.atMs[index];
  if (atMs === undefined) return null;
  const all = matrix.groups.map((group, row) => ({ group, value: matrix.values[row]?.[index] ?? null }));
  const present = all
    .filter(({ value }) => value !== null && value > 0)
    .toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const rows = present.slice(0, tooltipRows).map(({ group, value }) => ({
    label: group,
    value: formatMeasure(measure, value),
    colour: groupColour(group, slots, theme),
  }));
  const total = formatMeasure(measure, sumOf(all.map(({ value }) => value)));
  const title = formatBounds(atMs, atMs + bucketMs[bucket], tz);
  return { title, rows: [...rows, { label: 'Total', value: total, colour: null, strong: true }] };
}
