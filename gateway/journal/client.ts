/**
 * The journal on the gateway's event loop: serialises a record once, queues it, and has the queue written as one transaction whenever the
 * thread is free (one batch in flight: while it commits, the next gathers). Nothing here throws or waits for a disk.
 */
import { randomUUID } from 'node:crypto';
import type { JournalHealth } from '../../contract/gateway-api.ts';
import { AppError } from '../../contract/errors.ts';
import type { GatewayConfig } from '../config.ts';
import type { Log } from '../log.ts';
import { describeJournal } from './health.ts';
import type { CloseResult, Journal, JournalRecord } from './journal.ts';
import { PendingClose } from './pending-close.ts';
import type { Placed, ThreadStart } from './protocol.ts';
import { ThreadDriver } from './thread-driver.ts';
import { toClosedRow, toOpenedRow } from './rows.ts';
import { WriteQueue, type PendingBatch, type QueueLimits } from './write-queue.ts';

export interface JournalOptions {
  readonly dataDir: string;
  readonly installId: string;
  readonly threadEntry: URL; // thread.ts, or its bundle
  readonly config: GatewayConfig['journal'];
  readonly log: Log;
  /** Every destination that must have a row before it may be pruned. Default: the embedded warehouse alone. */
  readonly destinations?: readonly string[];
  readonly onHealthChange?: (health: JournalHealth) => void;
  readonly limits?: Partial<QueueLimits>;
}

export interface RunningJournal extends Journal {
  /** Changes which destinations a row must have reached before it may be pruned. */
  setDestinations(names: readonly string[]): void;
}

const defaultLimits: QueueLimits = {
  rows: 50_000,
  bytes: 64 * 1024 * 1024,
  batchRows: 4000,
  batchBytes: 4 * 1024 * 1024,
};
const firstAnswerMs = 2000;
const lingerMs = 10; // opens and progress wait for company, a close does not
const undurableLingerMs = 100; // config.durable = false: long enough for the proof to show what is lost
const flushMs = 5000;

/** Resolves when the journal is open, or could not be opened, or is still being checked after 2 s: it never keeps the gateway from starting. */
export async function startJournal(options: JournalOptions): Promise<RunningJournal> {
  const client = new JournalClient(options);
  await client.firstAnswer(firstAnswerMs);
  return client;
}

function firstStart(options: JournalOptions): ThreadStart {
  const { dataDir, installId, config, destinations = ['duckdb'] } = options;
  const { synchronous, capBytes, keepDays } = config;
  // A fresh epoch at every start is what makes a copied or restored journal harmless (ARCHITECTURE §4).
  return {
    dataDir,
    installId,
    run: randomUUID(),
    epoch: randomUUID(),
    minSeq: 0,
    synchronous,
    capBytes,
    keepDays,
    destinations,
    delivered: [],
  };
}

class JournalClient implements RunningJournal {
  readonly #options: JournalOptions;
  readonly #queue: WriteQueue;
  readonly #driver: ThreadDriver;
  readonly #committed = new Set<(lastSeq: number) => void>();
  readonly #flushWaiters = new Set<FlushWaiter>();
  #inFlight: PendingBatch | null = null;
  #timer: NodeJS.Timeout | null = null;
  #immediate: NodeJS.Immediate | null = null;
  #closesQueued = 0;
  #closesSettled = 0;
  #lateCommits = 0;
  #lostRows = 0;
  #refusing = false;
  #accepting = true;
  #toldHealth = '';

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#queue = new WriteQueue({ ...defaultLimits, ...options.limits });
    this.#driver = new ThreadDriver(options.threadEntry, firstStart(options), options.log, {
      onFree: () => this.#pump(),
      onPlaced: (placed) => this.#settle(placed),
      onFault: () => this.#releaseAll(),
      onChange: () => this.#tellHealth(),
    });
  }

  firstAnswer(withinMs: number): Promise<void> {
    return this.#driver.firstAnswer(withinMs);
  }

  get streamId(): string {
    return this.#streamOf(this.#driver.epoch);
  }

  open(record: JournalRecord): void {
    if (!this.#accepting) return;
    this.#queue.open(toOpenedRow(record), this.#inFlightRows());
    this.#pumpSoon(lingerMs);
  }

  progress(record: JournalRecord): void {
    if (!this.#accepting) return;
    this.#queue.progress({ callId: record.callId, record: JSON.stringify(record) }, this.#inFlightRows());
    this.#pumpSoon(lingerMs);
  }

  close(record: JournalRecord, deadlineMs: number): Promise<CloseResult> {
    const pending = new PendingClose(deadlineMs, (waiter) => this.#release(waiter));
    const queued = this.#accepting && this.#queue.close(toClosedRow(record), this.#inFlightRows(), pending);
    if (!queued) return this.#lost(pending);
    this.#closesQueued += 1;
    const { durable } = this.#options.config;
    if (!durable) pending.tell({ durable: false, streamId: this.streamId });
    else if (this.#driver.fault !== null) this.#release(pending); // waiting cannot help the caller
    this.#pumpSoon(durable ? 0 : undurableLingerMs);
    return pending.result;
  }

  health(): JournalHealth {
    return describeJournal({
      phase: this.#driver.phase,
      stats: this.#driver.stats,
      capBytes: this.#options.config.capBytes,
      fault: this.#driver.fault,
      refusing: this.#refusing,
      unansweredMs: this.#driver.unansweredMs(),
      lateCommits: this.#lateCommits,
      lostRows: this.#lostRows,
      waitingRows: this.#waitingRows(),
      quarantine: this.#driver.quarantine,
    });
  }

  onCommitted(listener: (lastSeq: number) => void): () => void {
    this.#committed.add(listener);
    return () => void this.#committed.delete(listener);
  }

  delivered(destination: string, seq: number): void {
    if (!this.#accepting) return;
    this.#driver.noteDelivered(destination, seq);
    this.#queue.delivered(destination, seq);
    this.#pumpSoon(lingerMs);
  }

  setDestinations(names: readonly string[]): void {
    this.#driver.setDestinations(names);
  }

  async removeSample(): Promise<number> {
    // Rows still in memory may be sample rows.
    if (!(await this.#flush(flushMs)))
      throw new AppError('journal_unavailable', `Sample rows cannot be removed now. ${this.health().detail}`);
    return this.#driver.removeSample();
  }

  async stop(): Promise<void> {
    this.#accepting = false;
    this.#driver.retryNow();
    this.#pump();
    await this.#flush(flushMs);
    await this.#driver.stop(flushMs);
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#loseWhatIsLeft();
  }

  #streamOf(epoch: string): string {
    return `${this.#options.installId}:${epoch}`;
  }

  #inFlightRows(): number {
    const batch = this.#inFlight?.batch;
    return batch === undefined ? 0 : batch.closes.length + batch.opens.length + batch.progress.length;
  }

  #waitingRows(): number {
    return this.#queue.closedRows + (this.#inFlight?.waiters.length ?? 0);
  }

  /** Sends what waits after `delayMs`, or with the tick's other closes when 0. */
  #pumpSoon(delayMs: number): void {
    if (delayMs === 0) {
      this.#immediate ??= setImmediate(() => {
        this.#immediate = null;
        this.#pump();
      });
    } else {
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        this.#pump();
      }, delayMs);
    }
  }

  #pump(): void {
    if (!this.#driver.isReady) return;
    const next = this.#queue.take();
    if (next === null) return;
    this.#inFlight = next;
    this.#driver.write(next.batch);
  }

  #settle(placed: readonly Placed[]): void {
    const waiters = this.#inFlight?.waiters ?? [];
    this.#inFlight = null;
    this.#closesSettled += waiters.length;
    const refused = placed.filter(({ seq }) => seq === 0).length;
    if (placed.length > 0) this.#refusing = refused > 0;
    this.#lostRows += refused;
    for (const [index, { seq, epoch = this.#driver.epoch }] of placed.entries()) {
      waiters[index]?.tell(
        seq === 0
          ? { durable: false, streamId: this.streamId }
          : { durable: true, seq, streamId: this.#streamOf(epoch) },
      );
    }
    for (const waiter of this.#flushWaiters) if (this.#closesSettled >= waiter.upTo) waiter.done(true);
    if (placed.length > refused) for (const listener of this.#committed) listener(this.#driver.stats.lastSeq);
  }

  /** The response goes out before its row is durable. */
  #release(pending: PendingClose): void {
    if (pending.tell({ durable: false, streamId: this.streamId })) this.#lateCommits += 1;
  }

  #releaseAll(): void {
    for (const pending of [...(this.#inFlight?.waiters ?? []), ...this.#queue.waiters()]) this.#release(pending);
    for (const waiter of this.#flushWaiters) waiter.done(false);
  }

  #lost(pending: PendingClose): Promise<CloseResult> {
    this.#lostRows += 1;
    pending.tell({ durable: false, streamId: this.streamId });
    return pending.result;
  }

  #loseWhatIsLeft(): void {
    const left = this.#waitingRows();
    this.#lostRows += left;
    this.#inFlight = null;
    this.#queue.clear();
    if (left > 0) this.#options.log.error({ rows: left }, 'JournalRowsLostAtStop');
  }

  /** True when everything queued until now is durable; false after `withinMs` or a fault. */
  #flush(withinMs: number): Promise<boolean> {
    if (this.#closesSettled >= this.#closesQueued && this.#queue.isEmpty && this.#inFlight === null)
      return Promise.resolve(true);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiter: FlushWaiter = {
      upTo: this.#closesQueued,
      done: (flushed) => {
        clearTimeout(timer);
        this.#flushWaiters.delete(waiter);
        resolve(flushed);
      },
    };
    const timer = setTimeout(() => waiter.done(false), withinMs);
    this.#flushWaiters.add(waiter);
    this.#pump();
    return promise;
  }

  #tellHealth(): void {
    const health = this.health();
    const key = `${health.state} ${health.quarantined} ${this.#driver.fault?.kind}`;
    if (key === this.#toldHealth) return;
    this.#toldHealth = key;
    this.#options.onHealthChange?.(health);
  }
}

interface FlushWaiter {
  readonly upTo: number;
  readonly done: (flushed: boolean) => void;
}
