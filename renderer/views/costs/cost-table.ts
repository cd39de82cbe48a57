/** Usage by group as rows of a table: calls, tokens, cost and its share. Pure. */
import { otherGroup, unattributedGroup, type Usage } from '../../../contract/analytics.ts';
import { formatCost } from '../../format/cost.ts';
import { describeDelta } from '../../format/delta.ts';

export interface CostRow {
  readonly group: string;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number | null; // null = no call of it has a price
  readonly share: number | null; // of the known cost
  readonly unpricedCalls: number;
}

/** Most expensive first; what is beyond the biggest groups comes last. */
export function costRows(usage: Usage): readonly CostRow[] {
  const groups = [...Map.groupBy(usage.points, ({ group }) => group ?? unattributedGroup)];
  const rows = groups.map(([group, points]) => {
    const sum = (field: 'calls' | 'inputTokens' | 'outputTokens' | 'unpricedCalls'): number =>
      points.reduce((total, point) => total + point[field], 0);
    const costs = points.flatMap(({ costUsd }) => (costUsd === null ? [] : [costUsd]));
    return {
      group,
      calls: sum('calls'),
      inputTokens: sum('inputTokens'),
      outputTokens: sum('outputTokens'),
      unpricedCalls: sum('unpricedCalls'),
      costUsd: costs.length === 0 ? null : costs.reduce((total, cost) => total + cost, 0),
    };
  });
  const total = rows.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
  return rows
    .filter(({ calls }) => calls > 0)
    .map((row) => ({ ...row, share: row.costUsd === null || total === 0 ? null : row.costUsd / total }))
    .toSorted(
      (a, b) =>
        Number(a.group === otherGroup) - Number(b.group === otherGroup) || (b.costUsd ?? -1) - (a.costUsd ?? -1),
    );
}

/** A sum that lacks some prices is marked. */
export function costCell({ costUsd, unpricedCalls }: Pick<CostRow, 'costUsd' | 'unpricedCalls'>): string {
  if (costUsd === null) return unpricedCalls > 0 ? 'no price' : formatCost(null);
  return unpricedCalls > 0 ? `at least ${formatCost(costUsd)}` : formatCost(costUsd);
}

/** A row with what it was in the previous period; undefined there = the group had no call. */
export interface ComparedRow extends CostRow {
  readonly before: CostRow | undefined;
}

/**
 * Groups of both periods: one that has no call any more is a row too, before "Other", which stands for different groups in each.
 */
export function comparedRows(now: readonly CostRow[], before: readonly CostRow[]): readonly ComparedRow[] {
  const earlier = new Map(before.map((row) => [row.group, row]));
  const present = new Set(now.map(({ group }) => group));
  const rows = now.map((row) => ({ ...row, before: earlier.get(row.group) }));
  const gone = before
    .filter(({ group }) => !present.has(group) && group !== otherGroup)
    .map((row) => ({ ...noCalls(row.group), before: row }));
  const last = rows.findIndex(({ group }) => group === otherGroup);
  return last === -1 ? [...rows, ...gone] : rows.toSpliced(last, 0, ...gone);
}

function noCalls(group: string): CostRow {
  return { group, calls: 0, inputTokens: 0, outputTokens: 0, costUsd: null, share: null, unpricedCalls: 0 };
}

/** What the cost rose or fell by; null where one of the two is not known. */
export function costDifference({ costUsd, calls, before }: ComparedRow): number | null {
  const now = calls === 0 ? 0 : costUsd;
  return now === null || before === undefined || before.costUsd === null ? null : now - before.costUsd;
}

/** The difference in words: "up 12%", "no calls now", "new". What "Other" stands for was other groups. */
export function differenceWords(row: ComparedRow): string {
  const { before, calls, costUsd } = row;
  if (row.group === otherGroup) return 'other groups';
  if (before === undefined) return 'new';
  if (calls === 0) return 'no calls now';
  if (costUsd === null || before.costUsd === null) return 'not known';
  if (before.costUsd === 0) return costUsd === 0 ? 'unchanged' : 'from nothing';
  const { text } = describeDelta({ current: costUsd, previous: before.costUsd, against: '', meaning: 'cost' });
  return text.replace(/ vs $/, ''); // the head of the column beside it says against what
}
