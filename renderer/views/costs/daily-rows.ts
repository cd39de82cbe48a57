/** Usage by day as rows of a table. Pure. */
import type { Usage, UsagePoint } from '../../../contract/analytics.ts';
import { formatDate } from '../../format/time.ts';

export interface DayRow {
  readonly day: string; // "23 Nov 2026", in the zone of the answer
  readonly atMs: number;
  readonly calls: number;
  readonly tokens: number;
  readonly costUsd: number | null;
  readonly unpricedCalls: number;
}

/** Newest first. */
export function dayRows({ points, range }: Usage): readonly DayRow[] {
  return points.map((point) => dayRow(point, range.tz)).toSorted((a, b) => b.atMs - a.atMs);
}

function dayRow({ at, calls, inputTokens, outputTokens, costUsd, unpricedCalls }: UsagePoint, tz: string): DayRow {
  const day = formatDate(at, tz);
  return { day, atMs: Date.parse(at), calls, tokens: inputTokens + outputTokens, costUsd, unpricedCalls };
}

export type DayTotal = Omit<DayRow, 'day' | 'atMs'>;

export function dayTotal(rows: readonly DayRow[]): DayTotal {
  const costs = rows.flatMap(({ costUsd }) => (costUsd === null ? [] : [costUsd]));
  const sum = (field: 'calls' | 'tokens' | 'unpricedCalls'): number => rows.reduce((all, row) => all + row[field], 0);
  return {
    calls: sum('calls'),
    tokens: sum('tokens'),
    unpricedCalls: sum('unpricedCalls'),
    costUsd: costs.length === 0 ? null : costs.reduce((all, cost) => all + cost, 0),
  };
}
