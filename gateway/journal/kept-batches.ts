/**
 * Batches from the moment they are sent until they are durable, oldest first. A connection that failed may have lost what it committed and did
 * not sync, so every batch says under which connection (`generation`) it was committed; what is not under the current one is written again,
 * in order, before anything new. Pure bookkeeping: no timers, no messages.
 */
import type { CloseResult } from './journal.ts';
import type { InFlight, PendingBatch } from './write-queue.ts';

export interface KeptBatch extends PendingBatch {
  readonly id: number;
  /** One per close, of the last commit; null before the first. */
  results: readonly CloseResult[] | null;
  /** When it was sent last, on the clock of `performance.now()`. */
  sentMs: number;
}

export class KeptBatches implements InFlight {
  #kept: KeptBatch[] = [];
  #written = 0; // so many of the oldest are committed under #generation
  #generation: number | null = null;
  #lastId = 0;
  #rows = 0;
  #bytes = 0;
  #closes = 0;

  get isEmpty(): boolean {
    return this.#kept.length === 0;
  }

  get rows(): number {
    return this.#rows;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get closedRows(): number {
    return this.#closes;
  }

  get oldest(): KeptBatch | null {
    return this.#kept[0] ?? null;
  }

  all(): readonly KeptBatch[] {
    return this.#kept;
  }

  add(pending: PendingBatch): void {
    this.#lastId += 1;
    this.#kept.push({ ...pending, id: this.#lastId, results: null, sentMs: 0 });
    this.#count(pending, 1);
  }

  /** The next one to (re)write; null when all are committed under the current connection. */
  unwritten(): KeptBatch | null {
    return this.#kept[this.#written] ?? null;
  }

  /** Notes a commit; null for a batch that is kept no longer. One committed out of turn will be written again in its turn. */
  committed(id: number, generation: number): KeptBatch | null {
    if (generation !== this.#generation) this.forgetConnection();
    this.#generation = generation;
    if (this.#kept[this.#written]?.id === id) this.#written += 1;
    return this.#kept.findLast((batch) => batch.id === id) ?? null;
  }

  /** Takes out what became durable, as far as it was committed under that connection in its turn. */
  synced(ids: readonly number[], generation: number): readonly KeptBatch[] {
    if (generation !== this.#generation) return [];
    const told = new Set(ids);
    const isDurable = (batch: KeptBatch, index: number): boolean => index < this.#written && told.has(batch.id);
    const durable = this.#kept.filter(isDurable);
    this.#kept = this.#kept.filter((batch, index) => !isDurable(batch, index));
    this.#written -= durable.length;
    for (const batch of durable) this.#count(batch, -1);
    return durable;
  }

  /** The connection is gone, and with it the belief in what it committed. */
  forgetConnection(): void {
    this.#generation = null;
    this.#written = 0;
  }

  clear(): void {
    this.#kept = [];
    this.#written = 0;
    this.#rows = 0;
    this.#bytes = 0;
    this.#closes = 0;
  }

  #count({ batch, bytes }: PendingBatch, sign: 1 | -1): void {
    this.#rows += sign * (batch.closes.length + batch.opens.length + batch.progress.length);
    this.#bytes += sign * bytes;
    this.#closes += sign * batch.closes.length;
  }
}
