/** Usage points as a matrix: bucket starts × groups, for one measure. Pure. */
import type { Usage, UsagePoint } from '../../contract/analytics.ts';
import { otherGroup } from './series-colours.ts';

export type Measure = 'cost' | 'calls' | 'tokens';

export interface UsageMatrix {
  readonly atMs: readonly number[];
  readonly groups: readonly string[];
  /** `values[group][bucket]`; null = unknown (no call in it has a price). */
  readonly values: readonly (readonly (number | null)[])[];
}

const measures: Readonly<Record<Measure, (point: UsagePoint) => number | null>> = {
  cost: (point) => point.costUsd,
  calls: (point) => point.calls,
  tokens: (point) => point.inputTokens + point.outputTokens,
};

/** The name of the group of calls that have none, for example calls whose model is not known. */
export const unnamedGroup = 'unknown';

export function usageMatrix(usage: Usage, measure: Measure): UsageMatrix {
  const starts = [...new Set(usage.points.map((point) => Date.parse(point.at)))].toSorted((a, b) => a - b);
  const column = new Map(starts.map((atMs, index) => [atMs, index]));
  const rows = new Map(groupsOf(usage).map((group) => [group, starts.map((): number | null => 0)]));
  for (const point of usage.points) {
    const row = rows.get(groupOf(point));
    const index = column.get(Date.parse(point.at));
    if (row !== undefined && index !== undefined) row[index] = measures[measure](point);
  }
  return { atMs: starts, groups: [...rows.keys()], values: [...rows.values()] };
}

function groupOf(point: UsagePoint): string {
  return point.group === undefined || point.group === null || point.group === '' ? unnamedGroup : point.group;
}

/** In the order of the answer (by weight), `other` last whatever its weight. */
function groupsOf(usage: Usage): readonly string[] {
  const named = new Set(
    [...(usage.groups ?? []), ...usage.points.map(groupOf)].map((name) => (name === '' ? unnamedGroup : name)),
  );
  const hasOther = named.delete(otherGroup);
  return hasOther ? [...named, otherGroup] : [...named];
}

/** Sum of one group; null when every bucket is unknown. */
export function sumOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
