/** The two charts of a summary: the same options as on screen, in the light theme. */
import { assignSlots } from '../charts/series-colours.ts';
import type { ChartTheme } from '../charts/chart-theme.ts';
import { latencyOption } from '../charts/latency-option.ts';
import { usageMatrix, sumOf } from '../charts/usage-matrix.ts';
import { groupColour, usageOption } from '../charts/usage-option.ts';
import { stillChart } from './still-chart.ts';
import { chartGroups, type SummaryData } from './summary-data.ts';

/** As wide as the text on A4 (styles/summary.css). */
export const stillSize = { width: 688, height: 190 } as const;

export interface SummaryCharts {
  readonly cost: string;
  readonly latency: string;
  readonly legend: readonly LegendEntry[];
}

export interface LegendEntry {
  readonly group: string;
  readonly colour: string;
  readonly costUsd: number | null;
}

export function drawSummaryCharts(data: SummaryData, theme: ChartTheme): SummaryCharts {
  const { usage, usageByModel } = data;
  const { tz } = usage.range;
  const bounds = { fromMs: Date.parse(usage.range.from), toMs: Date.parse(usage.range.to) };
  const slots = assignSlots(new Map(), usageByModel.groups ?? [], chartGroups);
  const matrix = usageMatrix(usageByModel, 'cost');
  const { bucket } = usageByModel;
  return {
    cost: stillChart(usageOption({ matrix, measure: 'cost', bucket, ...bounds, tz, theme, slots }), stillSize),
    latency: stillChart(latencyOption({ points: usage.points, bucket: usage.bucket, ...bounds, tz, theme }), stillSize),
    legend: matrix.groups.map((group, row) => ({
      group,
      colour: groupColour(group, slots, theme),
      costUsd: sumOf(matrix.values[row] ?? []),
    })),
  };
}
