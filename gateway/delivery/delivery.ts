/**
 * Moves rows from the journal to one destination, in order, exactly once (P4).
 *
 * Invariants:
 * - The cursor is read from the destination at the start and after every surprise; the copy in memory is only a cache.
 * - A failed attempt is never assumed to have failed: the next one reads the cursor first, so a lost answer cannot double rows.
 * - One batch is in flight; what waits stays in the journal, so memory does not grow with the backlog (P7).
 * - Streams are delivered oldest first, so the newest delivered seq says that everything before it is delivered (pruning relies on it).
 * - A stream whose cursor is ahead of the journal, or moves by another hand, stops delivery and is shown: two writers share its identity.
 */
import { crashPoint } from '../journal/crash-point.ts';
import type { JournalBatch, JournalReader, JournalStream } from '../journal/journal.ts';
import { createBackOff, type BackOff } from './back-off.ts';
import { deliverRange, type RangeProgress } from './deliver-range.ts';
import { DeliveryTally, type DeliveryState } from './delivery-state.ts';
import type { Destination } from './destination.ts';
import { Turn } from './turn.ts';
import { WakeUp } from './wake-up.ts';

/** Where rows come from; the journal's reader is one. */
export type BatchSource = Pick<JournalReader, 'streams' | 'readBatch'>;

export interface BatchLimits {
  readonly maxRows: number;
  readonly maxBytes: number;
}

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
type Step = Pass | 'more';

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
    const streams = this.#options.source.streams();
    for (const stream of streams) {
      if ((await this.#cursorOf(stream, stream === streams.at(-1))) === null) return 'fenced';
    }
    for (const stream of streams) {
      for (let step: Step = 'more'; step === 'more' && !this.#stopped;) {
        step = await this.#turn.take(() => this.#step(stream, stream === streams.at(-1)));
        if (step === 'fenced') return 'fenced';
      }
    }
    return 'caught_up';
  }

  async #step(stream: JournalStream, live: boolean): Promise<Step> {
    const cursor = await this.#cursorOf(stream, live);
    if (cursor === null) return 'fenced';
    if (!live && cursor >= stream.lastSeq) return 'caught_up';
    const { maxRows, maxBytes } = this.#limits;
    const batch = this.#options.source.readBatch(stream.streamId, cursor, maxRows, maxBytes);
    if (batch === null) return 'caught_up';
    return this.#send(stream, batch);
  }

  async #send(stream: JournalStream, batch: JournalBatch): Promise<Step> {
    this.#tally.sending();
    this.#cursors.delete(stream.streamId); // unknown until the answer is here
    crashPoint('delivery.beforeDeliver');
    const result = await deliverRange(this.#options.destination, batch, this.#progressOf(stream));
    crashPoint('delivery.afterDeliver');
    // A cursor at our own end is our own transaction whose answer was lost; anywhere else, somebody else moved it.
    if (result.kind === 'moved' && result.cursor !== batch.to) {
      return this.#fenced(stream, `expected cursor ${batch.from}, found ${result.cursor}`);
    }
    this.#cursors.set(stream.streamId, result.cursor);
    this.#tally.position(stream, result.cursor);
    this.#reportDamage(batch);
    // Rows that came since the pass began wait for the next one, so that steady traffic makes few, larger transactions.
    return result.cursor < stream.lastSeq ? 'more' : 'caught_up';
  }

  /** Null when the destination is ahead of the stream that still grows: its next rows would be taken for delivered. */
  async #cursorOf(stream: JournalStream, live: boolean): Promise<number | null> {
    const known = this.#cursors.get(stream.streamId);
    if (known !== undefined) {
      this.#tally.position(stream, known);
      return known;
    }
    const cursor = await this.#options.destination.readCursor(stream.streamId);
    if (live && cursor > stream.lastSeq) {
      this.#fenced(stream, `it holds row ${cursor}, the journal ends at ${stream.lastSeq}`);
      return null;
    }
    this.#cursors.set(stream.streamId, cursor);
    this.#tally.position(stream, cursor);
    return cursor;
  }

  #reportDamage({ streamId, damaged }: JournalBatch): void {
    if (damaged.length === 0) return;
    this.#options.log.warn({ streamId, seqs: damaged.slice(0, 20), rows: damaged.length }, 'DeliveryRowsDamaged');
    this.#tally.damaged(damaged.length);
  }

  #fenced(stream: JournalStream, detail: string): 'fenced' {
    this.#cursors.delete(stream.streamId);
    const { destination, log } = this.#options;
    log.warn({ destination: destination.name, streamId: stream.streamId, detail }, 'DeliveryStreamFenced');
    this.#tally.fenced(`${destination.name}: another writer uses this journal's identity (${detail})`);
    return 'fenced';
  }

  #progressOf(stream: JournalStream): RangeProgress {
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
