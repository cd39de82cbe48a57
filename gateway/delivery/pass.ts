/**
 * One pass over the journal's streams, oldest first: where the destination stands, what waits, whether it is time, and then batch after
 * batch. The invariants are delivery's own ({@link file://./delivery.ts}).
 */
import { crashPoint } from '../journal/crash-point.ts';
import type { JournalBatch, JournalReader, JournalStream } from '../journal/journal.ts';
import { Backlog, type BacklogSize } from './backlog.ts';
import { deliverRange, parkRow, type RangeProgress, type RangeResult } from './deliver-range.ts';
import type { DeliveryTally } from './delivery-state.ts';
import { DestinationFault, type Destination } from './destination.ts';
import type { Pacer } from './pace.ts';
import { Suspicion } from './suspicion.ts';
import { Turn } from './turn.ts';

/** Where rows come from; the journal's reader is one. */
export type BatchSource = Pick<JournalReader, 'streams' | 'readBatch' | 'pending'>;

export interface BatchLimits {
  readonly maxRows: number;
  readonly maxBytes: number;
}

export interface DeliveryLog {
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
}

export interface PassParts {
  readonly source: BatchSource;
  readonly destination: Destination;
  readonly log: DeliveryLog;
  readonly limits: BatchLimits;
  /** Null: rows leave as soon as they are there, and are not looked at before. */
  readonly pacer: Pacer | null;
  readonly rememberedSeq: number;
  readonly tally: DeliveryTally;
  readonly isStopped: () => boolean;
}

export type PassEnd = 'caught_up' | 'waits' | 'fenced';
type Step = 'caught_up' | 'more' | 'fenced';

const copyAction =
  'Two gateways run on copies of one data directory. Stop one of them, or give it a data directory of its own.';

export class Passes {
  readonly turn = new Turn();
  readonly #parts: PassParts;
  readonly #backlog: Backlog;
  readonly #suspicion = new Suspicion();
  readonly #cursors = new Map<string, number>();
  readonly #skipped = new Map<string, number>(); // how far behind the cursor nothing is to be sent; the destination does not know
  readonly #lastSeen = new Map<string, number>(); // for counting alone: may be behind, where #cursors knows or does not

  constructor(parts: PassParts) {
    this.#parts = parts;
    this.#backlog = new Backlog(parts.source, parts.rememberedSeq);
  }

  /** Counts what waits, without asking the destination. Throws when the journal cannot be read. */
  count(): void {
    this.#parts.tally.backlog(this.#sizeOf(this.#parts.source.streams()));
  }

  /** @param flush send now, whatever the pace says */
  async run(flush: boolean): Promise<PassEnd> {
    const { source, tally, pacer } = this.#parts;
    const streams = source.streams();
    tally.backlog(this.#sizeOf(streams));
    for (const stream of streams) {
      if ((await this.#cursorOf(stream, stream === streams.at(-1))) === null) return 'fenced';
    }
    const size = this.#sizeOf(streams);
    tally.backlog(size);
    const dueInMs = flush || size.rows === 0 ? 0 : (pacer?.dueInMs(size) ?? 0);
    if (dueInMs === 0) return this.#send(streams);
    tally.waits(dueInMs);
    return 'waits';
  }

  #sizeOf(streams: readonly JournalStream[]): BacklogSize {
    if (this.#parts.pacer !== null) return this.#backlog.size(streams, this.#lastSeen);
    return { rows: this.#backlog.rows(streams, this.#lastSeen), bytes: null, oldestStartedMs: null };
  }

  async #send(streams: readonly JournalStream[]): Promise<PassEnd> {
    const { isStopped, pacer, tally } = this.#parts;
    for (const stream of streams) {
      for (let step: Step = 'more'; step === 'more' && !isStopped();) {
        step = await this.turn.take(() => this.#step(stream, streams));
        if (step === 'fenced') return 'fenced';
      }
    }
    if (isStopped()) return 'waits';
    pacer?.emptied();
    this.count();
    tally.caughtUp();
    return 'caught_up';
  }

  async #step(stream: JournalStream, streams: readonly JournalStream[]): Promise<Step> {
    const live = stream === streams.at(-1);
    const cursor = await this.#cursorOf(stream, live);
    if (cursor === null) return 'fenced';
    const passed = this.#passed(stream.streamId, cursor);
    if (!live && passed >= stream.lastSeq) return 'caught_up';
    const { source, limits, pacer } = this.#parts;
    const maxRows = this.#suspicion.maxRows(stream.streamId, limits.maxRows);
    const batch = source.readBatch(stream.streamId, passed, maxRows, limits.maxBytes);
    if (batch === null) return 'caught_up';
    // What has a pace costs money when it is woken: not for a range without rows. The next batch moves the cursor over it.
    if (pacer !== null && batch.rows.length === 0) return this.#skip(stream, batch);
    return this.#deliver(stream, { ...batch, from: cursor }, streams);
  }

  #skip({ streamId, lastSeq }: JournalStream, batch: JournalBatch): Step {
    this.#skipped.set(streamId, batch.to);
    this.#lastSeen.set(streamId, batch.to);
    this.#parts.tally.position(streamId, batch.to);
    this.#reportDamage(batch);
    return batch.to < lastSeq ? 'more' : 'caught_up';
  }

  #passed(streamId: string, cursor: number): number {
    return Math.max(cursor, this.#skipped.get(streamId) ?? 0);
  }

  async #deliver(stream: JournalStream, batch: JournalBatch, streams: readonly JournalStream[]): Promise<Step> {
    const { tally } = this.#parts;
    tally.sending();
    this.#cursors.delete(stream.streamId); // unknown until the answer is here
    crashPoint('delivery.beforeDeliver');
    const result = await this.#attempt(batch, this.#progressOf(stream, streams));
    crashPoint('delivery.afterDeliver');
    // A cursor at our own end is our own transaction whose answer was lost; anywhere else, somebody else moved it.
    if (result.kind === 'moved' && result.cursor !== batch.to) {
      return this.#fenced(stream, `expected row ${batch.from}, found ${result.cursor}`);
    }
    this.#suspicion.passed(batch);
    this.#know(stream.streamId, result.cursor);
    tally.position(stream.streamId, result.cursor);
    this.#reportDamage(batch);
    // Rows that came since the pass began wait for the next one, so that steady traffic makes few, larger transactions.
    return result.cursor < stream.lastSeq ? 'more' : 'caught_up';
  }

  async #attempt(batch: JournalBatch, progress: RangeProgress): Promise<RangeResult> {
    const { destination } = this.#parts;
    try {
      return await deliverRange(destination, batch, progress);
    } catch (error) {
      const isSuspect = error instanceof DestinationFault && error.maybeTheBatch && this.#suspicion.refused(batch);
      const [row] = batch.rows;
      if (!isSuspect || row === undefined) throw error;
      return parkRow(destination, batch, row, error.message, progress);
    }
  }

  /** Null when the destination is ahead of the stream that still grows: its next rows would be taken for delivered. */
  async #cursorOf(stream: JournalStream, live: boolean): Promise<number | null> {
    const known = this.#cursors.get(stream.streamId);
    if (known !== undefined) return known;
    const cursor = await this.#parts.destination.readCursor(stream.streamId);
    if (live && cursor > stream.lastSeq) {
      this.#fenced(stream, `it holds row ${cursor}, the journal ends at ${stream.lastSeq}`);
      return null;
    }
    this.#know(stream.streamId, cursor);
    // A journal put back from a backup may end a stream earlier than the destination: those seqs are other rows here.
    this.#parts.tally.position(stream.streamId, Math.min(cursor, stream.lastSeq));
    return cursor;
  }

  #know(streamId: string, cursor: number): void {
    this.#cursors.set(streamId, cursor);
    this.#lastSeen.set(streamId, this.#passed(streamId, cursor));
  }

  #reportDamage({ streamId, damaged }: JournalBatch): void {
    if (damaged.length === 0) return;
    const { log, tally } = this.#parts;
    log.warn({ streamId, seqs: damaged.slice(0, 20), rows: damaged.length }, 'DeliveryRowsDamaged');
    tally.damaged(damaged.length);
  }

  #fenced({ streamId }: JournalStream, detail: string): 'fenced' {
    this.#cursors.delete(streamId);
    const { destination, log, tally } = this.#parts;
    log.warn({ destination: destination.name, streamId, detail }, 'DeliveryStreamFenced');
    tally.fenced(`${destination.name}: another writer uses this journal's identity (${detail})`, copyAction);
    return 'fenced';
  }

  #progressOf({ streamId }: JournalStream, streams: readonly JournalStream[]): RangeProgress {
    const { destination, log, tally } = this.#parts;
    return {
      stored: (seq, rows) => {
        this.#lastSeen.set(streamId, seq);
        tally.stored(streamId, seq, rows, this.#backlog.rows(streams, this.#lastSeen));
      },
      known: (rows) => log.warn({ destination: destination.name, streamId, rows }, 'DeliveryCallsKnown'),
      parked: (row, reason) => {
        log.warn(
          { destination: destination.name, streamId, seq: row.seq, callId: row.callId, reason },
          'DeliveryRowParked',
        );
        tally.parked(reason);
      },
    };
  }
}
