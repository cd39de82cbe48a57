/** Usage points as a matrix: bucket starts × groups, for one measure. Pure. */
import { otherGroup, unattributedGroup, type Usage, type UsagePoint } from '../../contract/analytics.ts';

export const measures = ['cost', 'calls', 'tokens', 'errors'] as const;
export type Measure = (typeof measures)[number];

export interface UsageMatrix {
  readonly atMs: readonly number[];
  readonly groups: readonly string[];
  /** `values[group][bucket]`; null = unknown (no call in it has a price). */
  readonly values: readonly (readonly (number | null)[])[];
}

const readings: Readonly<Record<Measure, (point: UsagePoint) => number | null>> = {
  cost: (point) => point.costUsd,
  calls: (point) => point.calls,
  tokens: (point) => point.inputTokens + point.outputTokens,
  errors: (point) => point.failed,
};

/** One measure of one bucket. */
export function measureOf(point: UsagePoint, measure: Measure): number | null {
  return readings[measure](point);
}

export function usageMatrix(usage: Usage, measure: Measure): UsageMatrix {
  const starts = [...new Set(usage.points.map((point) => Date.parse(point.at)))].toSorted((a, b) => a - b);
  const column = new Map(starts.map((atMs, index) => [atMs, index]));
  const rows = new Map(groupsOf(usage).map((group) => [group, starts.map((): number | null => 0)]));
  for (const point of usage.points) {
    const row = rows.get(groupOf(point));
    const index = column.get(Date.parse(point.at));
    if (row !== undefined && index !== undefined) row[index] = measureOf(point, measure);
  }
  return { atMs: starts, groups: [...rows.keys()], values: [...rows.values()] };
}

function groupOf(point: UsagePoint): string {
  return point.group ?? unattributedGroup;
}

/** In the order of the answer (by weight), `other` last whatever its weight. */
function groupsOf(usage: Usage): readonly string[] {
  const named = new Set([...(usage.groups ?? []), ...usage.points.map(groupOf)]);
  const hasOther = named.delete(otherGroup);
  return hasOther ? [...named, otherGroup] : [...named];
}

/** Sum of one group; null when every bucket is unknown. */
export function sumOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

/** What all groups have together, by bucket. */
export function totalsOf({ atMs, values }: UsageMatrix): readonly (number | null)[] {
  return atMs.map((_at, column) => sumOf(values.map((row) => row[column] ?? null)));
}
