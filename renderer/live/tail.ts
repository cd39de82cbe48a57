/**
 * The live tail. Invariants: rows are ordered by start (then call id, which is time-ordered too), each call has one row, an ended row is
 * never overtaken by late news of its running state, and at most `tailLimit` rows are kept, the oldest leaving first. So the tail depends
 * on which frames arrived, not on their order.
 */
import type { InFlightCall } from '../../contract/gateway-api.ts';
import type { UsageRecord } from '../../contract/usage-record.ts';

export type TailRow =
  | { readonly kind: 'running'; readonly call: InFlightCall }
  | { readonly kind: 'ended'; readonly call: UsageRecord };

export const tailLimit = 10_000;

export interface TailChange {
  readonly rows: readonly TailRow[];
  readonly added: number; // rows that were not there before
}

export function endedRow(call: UsageRecord): TailRow {
  return { kind: 'ended', call };
}

export function runningRow(call: InFlightCall): TailRow {
  return { kind: 'running', call };
}

/** Puts rows into the tail. Cost: one copy of the tail a batch and a binary search a row. */
export function putRows(tail: readonly TailRow[], batch: readonly TailRow[], limit = tailLimit): TailChange {
  if (batch.length === 0) return { rows: tail, added: 0 };
  const rows = [...tail];
  let added = 0;
  for (const row of batch) added += putRow(rows, row) ? 1 : 0;
  return { rows: rows.length > limit ? rows.slice(rows.length - limit) : rows, added };
}

/** Removes running rows that the gateway no longer knows: it restarted, or their end was missed while the connection was lost. */
export function dropForgotten(tail: readonly TailRow[], inFlight: readonly InFlightCall[]): readonly TailRow[] {
  const known = new Set(inFlight.map((call) => call.callId));
  return tail.filter((row) => row.kind === 'ended' || known.has(row.call.callId));
}

/** Two ordered tails as one, in linear time; where both have a call, the ended row wins. */
export function mergeTails(a: readonly TailRow[], b: readonly TailRow[]): readonly TailRow[] {
  const merged: TailRow[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [left, right] = [a[i], b[j]];
    if (left === undefined) return merged.concat(b.slice(j));
    if (right === undefined) return merged.concat(a.slice(i));
    const order = compareRows(left, right);
    merged.push(order < 0 || (order === 0 && left.kind === 'ended') ? left : right);
    if (order <= 0) i += 1;
    if (order >= 0) j += 1;
  }
}

/** Calls in any order as an ordered tail. */
export function tailOf(calls: readonly UsageRecord[]): readonly TailRow[] {
  return calls.map(endedRow).toSorted(compareRows);
}

function putRow(rows: TailRow[], row: TailRow): boolean {
  const index = placeOf(rows, row);
  const there = rows[index];
  if (there === undefined || there.call.callId !== row.call.callId) {
    rows.splice(index, 0, row);
    return true;
  }
  if (there.kind === 'running' || row.kind === 'ended') rows[index] = row;
  return false;
}

/** Index of the first row that does not come before `row`. */
function placeOf(rows: readonly TailRow[], row: TailRow): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = rows[middle];
    if (there !== undefined && compareRows(there, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function compareRows(a: TailRow, b: TailRow): number {
  return compareText(a.call.startedAt, b.call.startedAt) || compareText(a.call.callId, b.call.callId);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
