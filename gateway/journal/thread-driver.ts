/**
 * Drives the journal's thread from the event loop: one batch at a time, each kept until it is durable and written again when its connection
 * fails before (which is harmless, see store.ts), back-off between attempts, a dead thread started anew where it ended.
 */
import type { Log } from '../log.ts';
import { assertNever } from '../../contract/errors.ts';
import type { DriverEvents } from './driver-events.ts';
import { standing, type Fault, type StandingFault } from './faults.ts';
import { KeptBatches } from './kept-batches.ts';
import type { LockId } from './lock.ts';
import type { Behind, FromThread, KeepRule, Quarantine, StoreStats, ThreadStart } from './protocol.ts';
import { noStats } from './protocol.ts';
import { settled, startThread, type ThreadLink } from './thread-link.ts';
import type { PendingBatch } from './write-queue.ts';

type Opened = Extract<FromThread, { readonly kind: 'opened' }>;

/** `waiting`: pausing after a fault. `asked`: the thread is opening. `ready`: it takes a batch. `writing`: it has one. */
type Phase = 'asked' | 'ready' | 'writing' | 'waiting' | 'stopped';

const retryMs = { first: 250, longest: 5000 };

export class ThreadDriver {
  readonly #entry: URL;
  readonly #log: Log;
  readonly #events: DriverEvents;
  readonly #kept = new KeptBatches();
  #start: ThreadStart;
  #link: ThreadLink | null = null;
  #phase: Phase = 'asked';
  #opened: Opened | null = null;
  #retryTimer: NodeJS.Timeout | null = null;
  #retryDelayMs = retryMs.first;
  #stats = noStats;
  #fault: StandingFault | null = null;
  #quarantine: Quarantine | null = null;
  #sampleWaiters: ((removed: number) => void)[] = [];
  #answered: (() => void)[] = [];
  #ended: (() => void)[] = [];

  constructor(entry: URL, start: ThreadStart, log: Log, events: DriverEvents) {
    this.#entry = entry;
    this.#start = start;
    this.#log = log;
    this.#events = events;
    this.#spawn();
  }

  get phase(): 'starting' | 'working' | 'stopped' {
    if (this.#phase === 'stopped') return 'stopped';
    return this.#opened === null ? 'starting' : 'working';
  }

  /** Identity of the journal's rows; until it is open, the one it would get. */
  get installId(): string {
    return this.#opened?.installId ?? this.#start.installId;
  }

  get behind(): Behind | null {
    return this.#opened?.behind ?? null;
  }

  get epoch(): string {
    return this.#start.epoch;
  }

  get stats(): StoreStats {
    return this.#stats;
  }

  /** Of the last attempt to write; null once one succeeded. */
  get fault(): StandingFault | null {
    return this.#fault;
  }

  get quarantine(): Quarantine | null {
    return this.#quarantine;
  }

  get isReady(): boolean {
    return this.#phase === 'ready';
  }

  /** What was sent and is not durable. */
  get kept(): KeptBatches {
    return this.#kept;
  }

  /** How long the oldest batch has not become durable. */
  unansweredMs(): number {
    const oldest = this.#kept.oldest;
    return oldest === null ? 0 : performance.now() - oldest.sentMs;
  }

  /** Resolves with the first answer of the thread, good or bad, or after `withinMs`. */
  async firstAnswer(withinMs: number): Promise<void> {
    await settled(withinMs, (done) => this.#answered.push(done));
  }

  write(batch: PendingBatch): void {
    this.#kept.add(batch);
    this.#sendNext();
  }

  noteDelivered(destination: string, seq: number): void {
    const others = this.#start.delivered.filter((told) => told.destination !== destination);
    this.#start = { ...this.#start, delivered: [...others, { destination, seq }] };
  }

  keep(change: Partial<KeepRule>): void {
    this.#start = { ...this.#start, ...change };
    const { destinations, keepDays, clock } = this.#start;
    this.#link?.post({ kind: 'keep', destinations, keepDays, clock });
  }

  /** The data directory is another one, and it is ours. */
  claimed(lock: LockId): void {
    this.#start = { ...this.#start, lock };
    this.#link?.post({ kind: 'claimed', lock });
    this.retryNow();
  }

  removeSample(): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    this.#sampleWaiters.push(resolve);
    this.#link?.post({ kind: 'removeSample' });
    return promise;
  }

  /** Cuts a pause short. */
  retryNow(): void {
    if (this.#phase === 'waiting') this.#retry();
  }

  /** The thread checkpoints and closes; after `withinMs` it is ended whatever it does. */
  async stop(withinMs: number): Promise<void> {
    this.#phase = 'stopped';
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    const link = this.#link;
    if (link === null) return;
    const ended = settled(withinMs, (done) => this.#ended.push(done));
    link.post({ kind: 'stop' });
    await ended;
    if (this.#link !== null) await settled(withinMs, (done) => void link.terminate().finally(done));
  }

  #spawn(): void {
    this.#phase = 'asked';
    this.#link = startThread(this.#entry, this.#start, {
      onMessage: (message) => this.#receive(message),
      onEnd: (reason) => this.#onEnd(reason),
    });
  }

  /** What an earlier connection may have lost goes before anything new. */
  #sendNext(): void {
    if (this.#phase === 'stopped') return;
    const next = this.#kept.unwritten();
    if (next === null) return this.#free();
    this.#phase = 'writing';
    next.sentMs = performance.now();
    this.#link?.post({ kind: 'batch', id: next.id, batch: next.batch });
  }

  #free(): void {
    this.#phase = 'ready';
    this.#events.onFree();
  }

  #receive(message: FromThread): void {
    switch (message.kind) {
      case 'opened':
        return this.#onOpened(message);
      case 'committed':
        return this.#onCommitted(message);
      case 'synced':
        return this.#onDurable(message.ids, message.generation);
      case 'failed':
        if (message.closed) this.#kept.forgetConnection();
        return this.#onFailed(message.fault);
      case 'stats':
        this.#stats = message.stats;
        return this.#events.onChange();
      case 'sampleRemoved':
        for (const resolve of this.#sampleWaiters.splice(0)) resolve(message.rows);
        return undefined;
      case 'trouble':
        return this.#onTrouble(message.fault, message.closed);
      case 'stopped':
        return undefined; // the thread ends by itself now
      default:
        return assertNever(message);
    }
  }

  #onOpened(message: Opened): void {
    this.#noteOpened(message);
    this.#note(message);
    const { interrupted, forgotten } = message.recovery;
    if (interrupted + forgotten > 0) this.#log.info({ interrupted, forgotten }, 'JournalCallsRecovered');
    if (this.#sampleWaiters.length > 0) this.#link?.post({ kind: 'removeSample' });
    this.#answer();
    if (this.#phase === 'stopped') return;
    if (this.#kept.unwritten() === null) this.#recovered();
    this.#sendNext();
  }

  #noteOpened(message: Opened): void {
    const { installId, behind } = message;
    if (installId !== this.installId)
      this.#log.error({ journal: installId, gateway: this.#start.installId }, 'JournalOfAnotherInstallation');
    if (behind !== null && this.#opened?.behind !== behind) this.#log.error({ behind }, 'JournalBehind');
    this.#opened = message;
  }

  #onCommitted(message: Extract<FromThread, { kind: 'committed' }>): void {
    this.#note(message);
    const batch = this.#kept.committed(message.id, message.generation);
    this.#recovered();
    if (batch !== null) this.#events.onPlaced(batch, message.placed);
    if (this.#start.synchronous === 'NORMAL') this.#onDurable([message.id], message.generation);
    this.#sendNext();
  }

  #onDurable(ids: readonly number[], generation: number): void {
    for (const batch of this.#kept.synced(ids, generation)) this.#events.onDurable(batch);
  }

  #onTrouble(fault: Fault, closed: boolean): void {
    this.#log.warn({ fault }, 'JournalHousekeepingFailed');
    if (closed) this.#kept.forgetConnection();
    // Nobody waits for an answer, so nobody else would have the journal opened again.
    if (this.#phase === 'ready') return this.#onFailed(fault);
    // The batch on its way has the journal opened; whoever waits for a sync that cannot come is let go now.
    if (closed && this.#phase === 'writing') this.#noteFault(fault);
  }

  #recovered(): void {
    this.#retryDelayMs = retryMs.first;
    if (this.#fault === null) return this.#events.onChange();
    this.#log.info({ fault: this.#fault.kind }, 'JournalWriteRecovered');
    this.#fault = null;
    return this.#events.onChange();
  }

  #noteFault(fault: Fault): void {
    if (this.#fault?.kind !== fault.kind) this.#log.error({ fault }, 'JournalWriteFailed');
    this.#fault = standing(fault, this.#fault);
    this.#events.onFault();
    this.#events.onChange();
  }

  #onFailed(fault: Fault): void {
    this.#answer();
    this.#noteFault(fault);
    if (this.#phase === 'stopped') return;
    this.#phase = 'waiting';
    this.#retryTimer = setTimeout(() => this.#retry(), this.#retryDelayMs);
    this.#retryDelayMs = Math.min(this.#retryDelayMs * 2, retryMs.longest);
  }

  #retry(): void {
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    if (this.#link === null) return this.#spawn();
    this.#phase = 'asked';
    return this.#link.post({ kind: 'probe' });
  }

  #onEnd(reason: string): void {
    this.#link = null;
    this.#kept.forgetConnection();
    for (const done of this.#ended.splice(0)) done();
    if (this.#phase === 'stopped') return;
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    this.#onFailed({ kind: 'unknown', message: reason });
  }

  #note({
    epoch,
    stats,
    quarantine,
  }: {
    readonly epoch: string;
    readonly stats: StoreStats;
    readonly quarantine: Quarantine | null;
  }): void {
    this.#stats = stats;
    this.#start = { ...this.#start, epoch, minSeq: Math.max(this.#start.minSeq, stats.lastSeq) };
    if (quarantine !== null && quarantine.file !== this.#quarantine?.file)
      this.#log.error({ quarantine }, 'JournalFileQuarantined');
    this.#quarantine = quarantine ?? this.#quarantine;
  }

  #answer(): void {
    for (const done of this.#answered.splice(0)) done();
  }
}
