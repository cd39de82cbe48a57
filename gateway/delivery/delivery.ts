/**
 * Moves rows from the journal to one destination, in order, exactly once (P4).
 *
 * Invariants:
 * - The cursor is read from the destination at the start and after every surprise; the copy in memory is only a cache.
 * - A failed attempt is never assumed to have failed: the next one reads the cursor first, so a lost answer cannot double rows.
 * - One batch is in flight; what waits stays in the journal, so memory does not grow with the backlog (P7).
 * - A stream whose cursor is ahead of the journal, or moves by another hand, is left alone and shown: two writers share its identity.
 */
import { crashPoint } from '../journal/crash-point.ts';
import { createBackOff, type BackOff } from './back-off.ts';
import type { BatchLimits, BatchSource, SourceStream } from './batch-source.ts';
import { deliverRange, type RangeProgress } from './deliver-range.ts';
import { DeliveryTally, type DeliveryState } from './delivery-state.ts';
import type { Destination } from './destination.ts';
import { Turn } from './turn.ts';
import { WakeUp } from './wake-up.ts';

export interface DeliveryLog {
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
}

export interface DeliveryOptions {
  readonly source: BatchSource;
  readonly destination: Destination;
  readonly log: DeliveryLog;
  readonly onState: (state: DeliveryState) => void;
  readonly limits?: BatchLimits;
  /** Longest wait between a wake-up and the batch it starts: lets a burst of commits become one transaction. */
  readonly coalesceMs?: number;
  /** Looks for rows on its own this often, so a lost wake-up costs seconds, not data. */
  readonly pollMs?: number;
  readonly backOff?: BackOff;
}

export interface Delivery {
  /** New rows may be there. Cheap; does not shorten a back-off. */
  wake(): void;
  state(): DeliveryState;
  /** Runs `task` between two batches, never beside one. */
  betweenBatches<T>(task: () => Promise<T>): Promise<T>;
  /** Resolves when the batch in flight has ended. */
  stop(): Promise<void>;
}

const defaultLimits: BatchLimits = { maxRows: 5_000, maxBytes: 8 * 1024 * 1024 };

export function createDelivery(options: DeliveryOptions): Delivery {
  const loop = new DeliveryLoop(options);
  loop.start();
  return loop;
}

type Pass = 'caught_up' | 'fenced';

class DeliveryLoop implements Delivery {
  readonly #options: DeliveryOptions;
  readonly #limits: BatchLimits;
  readonly #backOff: BackOff;
  readonly #tally: DeliveryTally;
  readonly #wake = new WakeUp();
  readonly #stopping = new WakeUp();
  readonly #turn = new Turn();
  readonly #cursors = new Map<string, number>();
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#limits = options.limits ?? defaultLimits;
    this.#backOff = options.backOff ?? createBackOff(250, 30_000);
    this.#tally = new DeliveryTally(options.onState);
  }

  start(): void {
    this.#running = this.#run();
  }

  wake(): void {
    this.#wake.call();
  }

  state(): DeliveryState {
    return this.#tally.state();
  }

  betweenBatches<T>(task: () => Promise<T>): Promise<T> {
    return this.#turn.take(task);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake.call();
    this.#stopping.call();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await this.#pass();
      if (this.#stopped) return;
      await this.#wake.sleep(this.#options.pollMs ?? 1_000);
      await this.#stopping.sleep(this.#options.coalesceMs ?? 80);
    }
  }

  async #pass(): Promise<void> {
    try {
      const pass = await this.#drain();
      if (pass === 'fenced') return await this.#stopping.sleep(this.#backOff.next());
      this.#backOff.reset();
      this.#tally.caughtUp();
    } catch (error) {
      this.#cursors.clear();
      const waitMs = this.#backOff.next();
      this.#options.log.warn(
        { destination: this.#options.destination.name, err: error, retryInMs: waitMs },
        'DeliveryBatchFailed',
      );
      this.#tally.failed(error, waitMs);
      await this.#stopping.sleep(waitMs);
    }
  }

  async #drain(): Promise<Pass> {
    let pass: Pass = 'caught_up';
    for (const stream of await this.#options.source.streams()) {
      while (!this.#stopped) {
        const step = await this.#turn.take(() => this.#step(stream));
        if (step === 'fenced') pass = 'fenced';
        if (step !== 'more') break;
      }
    }
    return pass;
  }

  async #step(stream: SourceStream): Promise<Pass | 'more'> {
    const { destination, source } = this.#options;
    const cursor = this.#cursors.get(stream.streamId) ?? (await this.#readCursor(stream));
    if (cursor === null) return 'fenced';
    this.#tally.position(stream, cursor);
    const { rows, more } = await source.read(stream.streamId, cursor, this.#limits);
    if (rows.length === 0) {
      this.#tally.nothingLeft(stream);
      return 'caught_up';
    }
    this.#tally.sending();
    crashPoint('delivery.beforeDeliver');
    const result = await deliverRange(
      destination,
      { streamId: stream.streamId, from: cursor, rows },
      this.#progressOf(stream),
    );
    crashPoint('delivery.afterDeliver');
    this.#cursors.delete(stream.streamId);
    // A cursor at our own end is our own transaction whose answer was lost; anywhere else, somebody else moved it.
    if (result.kind === 'moved' && result.cursor !== rows.at(-1)?.seq) {
      return this.#fenced(stream, `expected cursor ${cursor}, found ${result.cursor}`);
    }
    this.#cursors.set(stream.streamId, result.cursor);
    this.#tally.position(stream, result.cursor);
    return more ? 'more' : 'caught_up';
  }

  /** Null when the destination is ahead of a stream that still grows: its next rows would be taken for delivered. */
  async #readCursor(stream: SourceStream): Promise<number | null> {
    const cursor = await this.#options.destination.readCursor(stream.streamId);
    if (stream.live && cursor > stream.lastSeq) {
      this.#fenced(stream, `it holds row ${cursor}, the journal ends at ${stream.lastSeq}`);
      return null;
    }
    this.#cursors.set(stream.streamId, cursor);
    return cursor;
  }

  #fenced(stream: SourceStream, detail: string): Pass {
    this.#cursors.delete(stream.streamId);
    const { destination, log } = this.#options;
    log.warn({ destination: destination.name, streamId: stream.streamId, detail }, 'DeliveryStreamFenced');
    this.#tally.fenced(`${destination.name}: another writer uses this journal's identity (${detail})`);
    return 'fenced';
  }

  #progressOf(stream: SourceStream): RangeProgress {
    const { destination, log } = this.#options;
    return {
      stored: (seq, rows) => this.#tally.stored(stream, seq, rows),
      parked: (row, reason) => {
        log.warn(
          { destination: destination.name, streamId: stream.streamId, seq: row.seq, callId: row.callId, reason },
          'DeliveryRowParked',
        );
        this.#tally.parked(reason);
      },
    };
  }
}
