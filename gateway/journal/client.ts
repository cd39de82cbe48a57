/**
 * The journal on the gateway's event loop: serialises a record once, queues it, and has the queue written as one transaction whenever the
 * thread is free (while it commits one batch, the next gathers; a sync holds up neither). Nothing here throws or waits for a disk.
 */
import type { JournalHealth } from '../../contract/gateway-api.ts';
import { AppError } from '../../contract/errors.ts';
import { FlushWaiters } from './flush-waiters.ts';
import { behindText, describeJournal } from './health.ts';
import { foreignJournal } from './identity.ts';
import type { CloseResult, Journal, JournalRecord } from './journal.ts';
import type { KeptBatch } from './kept-batches.ts';
import type { LockId } from './lock.ts';
import { defaultLimits, firstStart, type JournalOptions } from './options.ts';
import { Losses } from './losses.ts';
import { PendingClose } from './pending-close.ts';
import { monotonicMs, type Placed } from './protocol.ts';
import { ThreadDriver } from './thread-driver.ts';
import { toClosedRow, toOpenedRow } from './rows.ts';
import { WriteQueue } from './write-queue.ts';

export type { JournalOptions } from './options.ts';

export interface RunningJournal extends Journal {
  /** Changes which destinations a row must have reached before it may be pruned. */
  setDestinations(names: readonly string[]): void;
  /** Changes how long rows that every destination has are kept, by a time that is trusted now. */
  setKeepDays(days: number, trustedMs: number): void;
  /** The data directory is another one since a moment, and it is ours. @param notice what people have to know about it */
  claimedAgain(lock: LockId, notice: string): void;
  /** Told of rows that could not be kept, and, with a negative number, of those that were kept after all. */
  onLost(listener: (rows: number) => void): void;
  /** Highest seq given out so far, rows removed since included; 0 = none, or not open yet. */
  lastSeq(): number;
}

const firstAnswerMs = 2000;
const lingerMs = 10; // opens and progress wait for company, a close does not
const undurableLingerMs = 1000; // config.durable = false, for every row: a kill within it shows what is lost
const flushMs = 5000;

/** Resolves when the journal is open, or could not be opened, or is still being checked after 2 s: it never keeps the gateway from starting. */
export async function startJournal(options: JournalOptions): Promise<RunningJournal> {
  const client = new JournalClient(options);
  await client.firstAnswer(firstAnswerMs);
  return client;
}

class JournalClient implements RunningJournal {
  readonly #options: JournalOptions;
  readonly #queue: WriteQueue;
  readonly #driver: ThreadDriver;
  readonly #committed = new Set<(lastSeq: number) => void>();
  readonly #flushes = new FlushWaiters();
  readonly #losses: Losses;
  #timer: NodeJS.Timeout | null = null;
  #immediate: NodeJS.Immediate | null = null;
  #closesQueued = 0;
  #closesCommitted = 0;
  #lateCommits = 0;
  #refusing = false;
  #accepting = true;
  #toldHealth = '';
  #moved: string | null = null;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#losses = new Losses(options.log);
    this.#queue = new WriteQueue({ ...defaultLimits, ...options.limits });
    this.#driver = new ThreadDriver(options.threadEntry, firstStart(options), options.log, {
      onFree: () => this.#pump(),
      onPlaced: (batch, placed) => this.#placed(batch, placed),
      onDurable: (batch) => this.#durable(batch),
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
    this.#queue.open(toOpenedRow(record), this.#driver.kept);
    this.#pumpSoon(this.#lingerMs());
  }

  progress(record: JournalRecord): void {
    if (!this.#accepting) return;
    this.#queue.progress({ callId: record.callId, record: JSON.stringify(record) }, this.#driver.kept);
    this.#pumpSoon(this.#lingerMs());
  }

  close(record: JournalRecord, deadlineMs: number, answerWaits = false): Promise<CloseResult> {
    const pending = new PendingClose(deadlineMs, (waiter) => this.#release(waiter), answerWaits);
    const queued = this.#accepting && this.#queue.close(toClosedRow(record), this.#driver.kept, pending);
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
      lostRows: this.#losses.rows,
      waitingRows: this.#waitingRows(),
      quarantine: this.#driver.quarantine,
      notice:
        [this.#identityNotice(), this.#driver.quarantine === null ? behindText(this.#driver.behind) : null, this.#moved]
          .filter((text) => text !== null)
          .join(' ') || null,
    });
  }

  onCommitted(listener: (lastSeq: number) => void): () => void {
    this.#committed.add(listener);
    return () => void this.#committed.delete(listener);
  }

  onLost(listener: (rows: number) => void): void {
    this.#losses.onChange(listener);
  }

  delivered(destination: string, seq: number): void {
    if (!this.#accepting) return;
    this.#driver.noteDelivered(destination, seq);
    this.#queue.delivered(destination, seq);
    this.#pumpSoon(this.#lingerMs());
  }

  claimedAgain(lock: LockId, notice: string): void {
    this.#moved = notice;
    this.#driver.claimed(lock);
  }

  lastSeq(): number {
    return this.#driver.stats.lastSeq;
  }

  setDestinations(names: readonly string[]): void {
    this.#driver.keep({ destinations: names });
  }

  setKeepDays(keepDays: number, trustedMs: number): void {
    this.#driver.keep({ keepDays, clock: { trustedMs, monotonicMs: monotonicMs() } });
  }

  async removeSample(): Promise<number> {
    // Rows still in memory may be sample rows.
    const queued = this.#closesQueued;
    if (!(await this.#flush(() => this.#closesCommitted >= queued)))
      throw new AppError('journal_unavailable', `Sample rows cannot be removed now. ${this.health().detail}`);
    return this.#driver.removeSample();
  }

  async stop(): Promise<void> {
    this.#accepting = false;
    this.#driver.retryNow();
    this.#pump();
    await this.#flush(() => this.#queue.isEmpty && this.#driver.kept.isEmpty);
    await this.#driver.stop(flushMs);
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#loseWhatIsLeft();
  }

  #streamOf(epoch: string): string {
    return `${this.#driver.installId}:${epoch}`;
  }

  #identityNotice(): string | null {
    const { installId, identityNotice = null } = this.#options;
    const own = this.#driver.installId;
    return own === installId ? identityNotice : foreignJournal(own, installId);
  }

  #lingerMs(): number {
    return this.#options.config.durable ? lingerMs : undurableLingerMs;
  }

  #waitingRows(): number {
    return this.#queue.closedRows + this.#driver.kept.closedRows;
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
    this.#driver.write(next);
  }

  #placed(batch: KeptBatch, placed: readonly Placed[]): void {
    const before = batch.results;
    const results = placed.map((place) => this.#resultOf(place));
    const refused = countUnplaced(results);
    batch.results = results;
    if (placed.length > 0) this.#refusing = refused > 0;
    this.#losses.add(refused - countUnplaced(before ?? []), () => this.health().detail);
    if (placed.length > 0 && refused === 0) this.#losses.none();
    if (before === null) this.#closesCommitted += results.length;
    for (const [index, result] of results.entries()) if (!result.durable) batch.waiters[index]?.tell(result);
    this.#flushes.check();
    if (placed.length > refused) for (const listener of this.#committed) listener(this.#driver.stats.lastSeq);
  }

  #durable({ waiters, results }: KeptBatch): void {
    for (const [index, result] of (results ?? []).entries()) waiters[index]?.tell(result);
    this.#flushes.check();
  }

  #resultOf({ seq, epoch = this.#driver.epoch }: Placed): CloseResult {
    return seq === 0
      ? { durable: false, streamId: this.streamId }
      : { durable: true, seq, streamId: this.#streamOf(epoch) };
  }

  /** The response goes out before its row is durable. */
  #release(pending: PendingClose): void {
    if (pending.tell({ durable: false, streamId: this.streamId })) this.#lateCommits += 1;
  }

  #releaseAll(): void {
    const sent = this.#driver.kept.all().flatMap(({ waiters }) => waiters);
    for (const pending of [...sent, ...this.#queue.waiters()]) this.#release(pending);
    this.#flushes.giveUp();
  }

  #lost(pending: PendingClose): Promise<CloseResult> {
    this.#losses.add(1, () => this.health().detail);
    pending.tell({ durable: false, streamId: this.streamId });
    return pending.result;
  }

  /** A row that was committed and not synced is on disk unless the power fails; one that never was committed is lost. */
  #loseWhatIsLeft(): void {
    const { kept } = this.#driver;
    const unwritten = kept.all().filter(({ results }) => results === null);
    const lost = this.#queue.closedRows + unwritten.reduce((sum, { waiters }) => sum + waiters.length, 0);
    const unsynced = this.#waitingRows() - lost;
    this.#losses.add(lost, () => 'The journal stopped before they were written.');
    this.#losses.end();
    kept.clear();
    this.#queue.clear();
    if (unsynced > 0) this.#options.log.warn({ rows: unsynced }, 'JournalRowsNotSyncedAtStop');
  }

  /** True once `isDone`; false after a while or a fault. */
  #flush(isDone: () => boolean): Promise<boolean> {
    const flushed = this.#flushes.wait(isDone, flushMs);
    this.#pump();
    return flushed;
  }

  #tellHealth(): void {
    const health = this.health();
    const key = `${health.state} ${health.quarantined} ${this.#driver.fault?.kind}`;
    if (key === this.#toldHealth) return;
    this.#toldHealth = key;
    this.#options.onHealthChange?.(health);
  }
}

/** Rows refused at the cap. */
const countUnplaced = (results: readonly CloseResult[]): number => results.filter(({ durable }) => !durable).length;
