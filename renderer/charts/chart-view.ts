/** How the charts are looked at, whatever the period: shared by Overview and Costs, so a choice made on one holds on the other. */
import type { GroupBy } from '../../contract/analytics.ts';
import type { Measure } from './usage-matrix.ts';

/** The palette slot of each group that has one. */
export type ColourSlots = ReadonlyMap<string, number>;

export interface ChartView {
  readonly compare: boolean; // the previous period is drawn too
  readonly groupBy: GroupBy;
  readonly measure: Measure;
  readonly slots: ReadonlyMap<GroupBy, ColourSlots>; // of every grouping that was looked at
}

export const initialChartView: ChartView = { compare: false, groupBy: 'model', measure: 'cost', slots: new Map() };
