/**
 * Moves rows from the journal to one destination, in order, exactly once (P4). Here is when; how is in pass.ts.
 *
 * Invariants:
 * - The cursor is read from the destination at the start and after every surprise; the copy in memory is only a cache.
 * - A failed attempt is never assumed to have failed: the next one reads the cursor first, so a lost answer cannot double rows.
 * - One batch is in flight; what waits stays in the journal, so memory does not grow with the backlog (P7).
 * - Streams are delivered oldest first, so the newest delivered seq says that everything before it is delivered (pruning relies on it).
 * - A stream whose cursor is ahead of the journal, or moves by another hand, stops delivery and is shown: two writers share its identity.
 * - Attempts follow one another no faster than the back-off says, unless somebody asks ({@link Delivery.flush}).
 */
import { createBackOff, type BackOff } from './back-off.ts';
import { DeliveryTally, type DeliveryState } from './delivery-state.ts';
import { DestinationFault, type Destination } from './destination.ts';
import { createPacer, type Pace } from './pace.ts';
import { Passes, type BatchLimits, type BatchSource, type DeliveryLog } from './pass.ts';
import { WakeUp } from './wake-up.ts';

export type { BatchLimits, BatchSource, DeliveryLog } from './pass.ts';

export interface DeliveryOptions {
  readonly source: BatchSource;
  readonly destination: Destination;
  readonly log: DeliveryLog;
  readonly onState: (state: DeliveryState) => void;
  readonly limits?: BatchLimits;
  /** Null, the default: rows leave as soon as they are there. */
  readonly pace?: Pace | null;
  /** How far an earlier run had come, for the backlog shown until the destination itself can be asked. */
  readonly rememberedSeq?: number;
  /** Longest wait between a wake-up and the batch it starts: lets a burst of commits become one transaction. */
  readonly coalesceMs?: number;
  /** Looks for rows on its own this often, so a lost wake-up costs seconds, not data. */
  readonly pollMs?: number;
  /** Done before the first pass, and again until it succeeds: what has to be seen before a position moves. */
  readonly prepare?: () => Promise<void>;
  readonly backOff?: BackOff;
}

export interface Delivery {
  /** New rows may be there. Cheap; shortens neither a back-off nor the pace. */
  wake(): void;
  /** Sends what waits now, whatever the pace and the back-off say; resolves when that was tried once. */
  flush(): Promise<void>;
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

class DeliveryLoop implements Delivery {
  readonly #options: DeliveryOptions;
  readonly #backOff: BackOff;
  readonly #tally: DeliveryTally;
  readonly #passes: Passes;
  readonly #wake = new WakeUp();
  readonly #urgent = new WakeUp(); // ends waits that a mere wake-up does not: stop and flush
  #flushes: (() => void)[] = [];
  #told = '';
  #prepared = false;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: DeliveryOptions) {
    const { source, destination, log, limits = defaultLimits, pace = null, rememberedSeq = 0 } = options;
    this.#options = options;
    this.#backOff = options.backOff ?? createBackOff(250, 30_000);
    this.#tally = new DeliveryTally(options.onState);
    const pacer = pace === null ? null : createPacer(pace);
    const isStopped = () => this.#stopped;
    this.#passes = new Passes({
      source,
      destination,
      log,
      limits,
      pacer,
      rememberedSeq,
      tally: this.#tally,
      isStopped,
    });
  }

  start(): void {
    this.#running = this.#run();
  }

  wake(): void {
    this.#wake.call();
  }

  flush(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#stopped) resolve();
    else this.#flushes.push(resolve);
    this.#wake.call();
    this.#urgent.call();
    return promise;
  }

  state(): DeliveryState {
    return this.#tally.state();
  }

  betweenBatches<T>(task: () => Promise<T>): Promise<T> {
    return this.#passes.turn.take(task);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake.call();
    this.#urgent.call();
    await this.#running;
    for (const resolve of this.#flushes.splice(0)) resolve();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const flushes = this.#flushes.splice(0);
      const retryInMs = await this.#attempt(flushes.length > 0);
      for (const resolve of flushes) resolve();
      await this.#waitOut(retryInMs);
      await this.#wake.sleep(this.#hurries ? 0 : (this.#options.pollMs ?? 1_000));
      await this.#urgent.sleep(this.#hurries ? 0 : (this.#options.coalesceMs ?? 80));
    }
  }

  get #hurries(): boolean {
    return this.#stopped || this.#flushes.length > 0;
  }

  /** Tries once; how long the next attempt has to wait. */
  async #attempt(flush: boolean): Promise<number> {
    try {
      if (!this.#prepared && this.#options.prepare !== undefined) await this.#options.prepare();
      this.#prepared = true;
      if ((await this.#passes.run(flush)) === 'fenced') return this.#backOff.longest();
      this.#backOff.reset();
      this.#told = '';
      return 0;
    } catch (error) {
      const waitMs = this.#waitAfter(error);
      this.#tell(error, waitMs);
      this.#tally.failed(error, waitMs);
      return waitMs;
    }
  }

  #waitAfter(error: unknown): number {
    const fault = error instanceof DestinationFault ? error : null;
    const usualMs = fault?.kind === 'attention' ? this.#backOff.longest() : this.#backOff.next();
    return Math.max(usualMs, fault?.restMs ?? 0);
  }

  /** An outage of days is one line, not one for each attempt. */
  #tell(error: unknown, retryInMs: number): void {
    const message = error instanceof Error ? error.message : String(error);
    if (message === this.#told) return;
    this.#told = message;
    const { destination, log } = this.#options;
    log.warn({ destination: destination.name, err: error, retryInMs }, 'DeliveryBatchFailed');
  }

  /** Waits, and meanwhile keeps counting what gathers. */
  async #waitOut(ms: number): Promise<void> {
    const endMs = performance.now() + ms;
    for (let leftMs = ms; leftMs > 0 && !this.#stopped; leftMs = endMs - performance.now()) {
      if (await this.#urgent.sleep(Math.min(leftMs, this.#options.pollMs ?? 1_000))) return;
      this.#count();
    }
  }

  #count(): void {
    try {
      this.#passes.count();
    } catch (error) {
      this.#tell(error, 0); // a journal that cannot be read; the last numbers stand until it can
    }
  }
}
