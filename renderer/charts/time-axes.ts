/** The parts all time charts share: grid, axes, axis tooltip. Pure. */
import type { EChartsCoreOption } from 'echarts/core';
import { formatAxisTime } from '../format/time.ts';
import type { ChartTheme } from './chart-theme.ts';
import { hoveredIndex, tooltipElement, type TooltipContent } from './tooltip.ts';

export interface TimeChartFrame {
  readonly theme: ChartTheme;
  readonly tz: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly formatValue: (value: number) => string;
  readonly tooltip: (index: number) => TooltipContent | null;
  readonly compact?: boolean; // little height: few value labels
  readonly wholeValues?: boolean; // counts: no label between 0 and 1
  readonly room?: number; // px to the right of the last time, for what is written there
}

/** Option without series. Times are instants in ms; `useUTC` makes ECharts place its ticks at the shown zone's round hours. */
export function timeChartFrame(frame: TimeChartFrame): EChartsCoreOption {
  const { theme, tz, fromMs, toMs, room = 12 } = frame;
  return {
    animation: false,
    useUTC: tz === 'UTC',
    textStyle: { fontFamily: theme.font, color: theme.muted },
    grid: { left: 4, right: room, top: 10, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: timeTooltip(frame),
    xAxis: {
      type: 'time',
      min: fromMs,
      max: toMs,
      axisLine: { lineStyle: { color: theme.axis } },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        color: theme.muted,
        fontSize: 11,
        hideOverlap: true,
        margin: 8,
        formatter: (value: number) => formatAxisTime(value, tz, toMs - fromMs),
      },
    },
    yAxis: valueAxis(frame),
  };
}

function valueAxis({ theme, formatValue, compact = false, wholeValues = false }: TimeChartFrame): object {
  return {
    type: 'value',
    min: 0,
    ...(wholeValues ? { minInterval: 1 } : {}),
    splitNumber: compact ? 2 : 4,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: theme.grid } },
    axisLabel: { color: theme.muted, fontSize: 11, margin: 8, formatter: formatValue },
  };
}

function timeTooltip({ theme, tooltip }: TimeChartFrame): object {
  return {
    trigger: 'axis',
    confine: true,
    transitionDuration: 0,
    padding: 0,
    borderWidth: 0,
    backgroundColor: 'transparent',
    extraCssText: 'box-shadow:none',
    axisPointer: { type: 'line', snap: true, lineStyle: { color: theme.muted, width: 1, type: [3, 3] } },
    formatter: (params: unknown) => {
      const index = hoveredIndex(params);
      const content = index === null ? null : tooltip(index);
      return content === null ? '' : tooltipElement(content);
    },
  };
}
