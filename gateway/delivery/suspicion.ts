/**
 * Is it the destination that is broken, or what we send it? A destination that falls over while it takes a batch says neither. So the same
 * batch is tried a few times; if it falls each time, less is sent, by halves, until it goes through or one row stands alone.
 *
 * Invariants:
 * - One request an attempt: the back-off between attempts holds as in any outage.
 * - A row is accused only after it was refused alone twice, because the trouble may end while the batch is being halved, and parked only by a
 *   destination that takes the parking: in an outage neither happens.
 */
import type { DeliveryBatch } from './destination.ts';

/** Attempts at the same place before less is sent: about half a minute of back-off. */
const patience = 5;
const accusingRefusals = 2;

interface Suspects {
  readonly streamId: string;
  readonly from: number;
  readonly refusals: number;
  /** How often its first row was refused alone. */
  readonly alone: number;
  /** Rows behind `from` among which the cause is looked for; null until patience ran out. */
  readonly rows: number | null;
}

export class Suspicion {
  #suspects: Suspects | null = null;

  /** How many rows the next batch of this stream may have. */
  maxRows(streamId: string, usual: number): number {
    const suspects = this.#suspects;
    if (suspects?.streamId !== streamId || suspects.rows === null) return usual;
    return Math.min(usual, Math.max(1, Math.ceil(suspects.rows / 2)));
  }

  /** The destination fell over while it took this batch. Whether its only row is accused now. */
  refused({ streamId, from, rows }: DeliveryBatch): boolean {
    const before = this.#suspects;
    const isSamePlace = before?.streamId === streamId && before.from === from;
    const refusals = isSamePlace ? before.refusals + 1 : 1;
    const isSuspect = refusals >= patience || (isSamePlace && before.rows !== null);
    const alone = rows.length === 1 ? (isSamePlace ? before.alone : 0) + 1 : 0;
    this.#suspects = { streamId, from, refusals, alone, rows: isSuspect ? rows.length : null };
    return isSuspect && alone >= accusingRefusals;
  }

  /** This batch is behind us. What is left of the suspects is searched on, at half its size. */
  passed({ streamId, to, rows }: DeliveryBatch): void {
    const before = this.#suspects;
    if (before?.streamId !== streamId) return;
    const left = (before.rows ?? 0) - rows.length;
    this.#suspects = left > 0 ? { ...before, from: to, rows: left, alone: 0 } : null;
  }
}
