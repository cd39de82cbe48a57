/** Calls of the last quarter of an hour: the histogram in which a stretch of time is chosen by dragging. */
import type { EChartsCoreOption } from 'echarts/core';
import type { VolumeBin } from '../live/seconds.ts';
import { formatCompact, formatExact } from '../format/numbers.ts';
import { formatClock } from '../format/time.ts';
import type { ChartTheme } from './chart-theme.ts';
import { timeChartFrame } from './time-axes.ts';
import type { TooltipContent } from './tooltip.ts';

export interface VolumeOptionInput {
  readonly bins: readonly VolumeBin[];
  readonly binMs: number;
  readonly tz: string;
  readonly theme: ChartTheme;
  readonly selected: { readonly fromMs: number; readonly toMs: number } | null;
}

export function volumeOption(input: VolumeOptionInput): EChartsCoreOption {
  const { bins, binMs, tz, theme, selected } = input;
  const fromMs = bins[0]?.atMs ?? 0;
  const toMs = (bins.at(-1)?.atMs ?? 0) + binMs;
  const bars = (name: string, color: string, value: (bin: VolumeBin) => number): object => ({
    id: name,
    name,
    type: 'bar',
    stack: 'all',
    barCategoryGap: '12%',
    emphasis: { disabled: true },
    itemStyle: { color },
    data: bins.map((bin) => [bin.atMs + binMs / 2, value(bin)]),
  });
  const selection = selected === null ? [] : [[{ xAxis: selected.fromMs }, { xAxis: selected.toMs }]];
  return {
    ...timeChartFrame({
      theme,
      tz,
      fromMs,
      toMs,
      formatValue: formatCompact,
      compact: true,
      wholeValues: true,
      tooltip: (index) => volumeTooltip(input, index),
    }),
    series: [
      {
        ...bars('Succeeded', theme.good, (bin) => bin.succeeded),
        markArea: { silent: true, itemStyle: { color: theme.selection }, data: selection },
      },
      bars('Failed', theme.bad, (bin) => bin.failed),
    ],
  };
}

export function volumeTooltip({ bins, binMs, tz, theme }: VolumeOptionInput, index: number): TooltipContent | null {
  const bin = bins[index];
  if (bin === undefined) return null;
  return {
    title: `${formatClock(bin.atMs, tz)} – ${formatClock(bin.atMs + binMs, tz)}`,
    rows: [
      { label: 'Succeeded', value: formatExact(bin.succeeded), colour: theme.good },
      { label: 'Failed', value: formatExact(bin.failed), colour: theme.bad },
    ],
  };
}
