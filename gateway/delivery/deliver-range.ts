/**
 * Delivers one batch, whatever is in it. A batch that the destination rejects is halved until the offending row stands alone; that row is
 * parked with its reason and the rest is delivered, each part in its own transaction with its own cursor move.
 */
import type { UsageRecord } from '../../contract/usage-record.ts';
import type { DeliveryBatch, Destination } from './destination.ts';

export interface RangeProgress {
  /** Told after each part: the cursor now stands at `seq`. */
  stored(seq: number, rows: number): void;
  /** Calls that the destination held already; they are counted once. */
  known(rows: number): void;
  parked(row: UsageRecord, reason: string): void;
}

/** `moved` = the cursor was not where it should be: somebody else writes this stream, or an answer was lost. */
export type RangeResult =
  | { readonly kind: 'done'; readonly cursor: number }
  | { readonly kind: 'moved'; readonly cursor: number };

type Range = DeliveryBatch;

export async function deliverRange(
  destination: Destination,
  range: Range,
  progress: RangeProgress,
): Promise<RangeResult> {
  const result = await destination.deliver(range);
  if (result.kind === 'moved') return result;
  if (result.kind === 'rejected') return deliverParts(destination, range, result.reason, progress);
  const known = result.known ?? 0;
  if (known > 0) progress.known(known);
  progress.stored(range.to, range.rows.length - known);
  return { kind: 'done', cursor: range.to };
}

async function deliverParts(
  destination: Destination,
  range: Range,
  reason: string,
  progress: RangeProgress,
): Promise<RangeResult> {
  const [only, ...others] = range.rows;
  // There is nothing to halve and nothing to park: left to the next attempt, because a repeat here would have no end.
  if (only === undefined) throw new Error(`Rows ${range.from + 1} to ${range.to} hold nothing, and still: ${reason}`);
  if (others.length === 0) return parkRow(destination, range, only, reason, progress);
  const middle = Math.ceil(range.rows.length / 2);
  const rows = range.rows.slice(0, middle);
  const first = await deliverRange(destination, { ...range, to: rows.at(-1)?.seq ?? range.from, rows }, progress);
  if (first.kind === 'moved') return first;
  return deliverRange(destination, { ...range, from: first.cursor, rows: range.rows.slice(middle) }, progress);
}

/** Sets the only row of a batch aside. @throws when the destination does not take that either */
export async function parkRow(
  destination: Destination,
  { streamId, from, to }: Range,
  row: UsageRecord,
  reason: string,
  progress: RangeProgress,
): Promise<RangeResult> {
  const result = await destination.park({ streamId, from, to, row, reason });
  if (result.kind === 'moved') return result;
  if (result.kind === 'rejected')
    throw new Error(`Row ${row.seq} could be neither stored nor parked: ${result.reason}`);
  progress.parked(row, reason);
  progress.stored(to, 0);
  return { kind: 'done', cursor: to };
}
