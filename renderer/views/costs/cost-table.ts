/** Usage by group as rows of a table: calls, tokens, cost and its share. Pure. */
import { otherGroup, unattributedGroup, type Usage } from '../../../contract/analytics.ts';
import { formatCost } from '../../format/cost.ts';

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
