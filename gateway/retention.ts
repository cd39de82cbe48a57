/**
 * Removes calls that are older than their owner wants to keep: soon after the start, every day, and again when the embedded database was
 * rebuilt from the journal, which may have brought some back.
 */
import type { Retention, RetentionResult, RetentionState, RetentionTarget } from '../contract/snowflake.ts';
import type { RetentionApi } from './api/snowflake-routes.ts';
import type { ClockGuard } from './clock-guard.ts';
import type { RunningJournal } from './journal/client.ts';
import type { Log } from './log.ts';
import type { RetentionOrder } from './warehouse/protocol.ts';
import type { WarehouseClient } from './warehouse/warehouse-client.ts';

export interface RetentionControl extends RetentionApi {
  /** What the app says now; where it keeps for ever, the environment's value holds. */
  configure(fromApp: Retention): void;
  stop(): void;
}

export interface RetentionOptions {
  readonly fromEnvironment: Retention;
  /** How long the journal keeps rows otherwise (its rebuild window). */
  readonly journalKeepDays: number;
  readonly warehouse: Pick<WarehouseClient, 'carryOut' | 'health'>;
  readonly journal: Pick<RunningJournal, 'setKeepDays' | 'lastSeq'>;
  readonly snowflakeConfigured: () => boolean;
  /** Runs by themselves delete by this time; a person's order goes by the clock of the machine, whose date its preview shows. */
  readonly clock: Pick<ClockGuard, 'trustedMs' | 'doubt' | 'confirm' | 'onBelieved'>;
  readonly log: Log;
  readonly times?: Partial<RetentionTimes>;
}

export interface RetentionTimes {
  readonly firstMs: number; // after the start, and after a change: time to think again
  readonly everyMs: number;
  readonly againMs: number; // after a run that failed
  readonly lookMs: number;
}

const minuteMs = 60_000;
const defaultTimes: RetentionTimes = {
  firstMs: 5 * minuteMs,
  everyMs: 24 * 60 * minuteMs,
  againMs: 60 * minuteMs,
  lookMs: minuteMs,
};

const targets: readonly RetentionTarget[] = ['local', 'snowflake'];

export function createRetention(options: RetentionOptions): RetentionControl {
  const control = new Control(options);
  control.start();
  return control;
}

class Control implements RetentionControl {
  readonly #options: RetentionOptions;
  readonly #times: RetentionTimes;
  readonly #dueMs: Record<RetentionTarget, number>;
  readonly #stopping = new AbortController();
  #retention: Retention;
  #rebuild: { readonly name: string; readonly upToSeq: number; readonly done: boolean } | null = null;
  #last: { readonly at: string; readonly deletedRows: number } | null = null;
  #looking = false;
  /** What the journal was told, and when by the monotonic clock. */
  #told: { readonly days: number; readonly trustedMs: number; readonly atMs: number } | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#times = { ...defaultTimes, ...options.times };
    this.#retention = options.fromEnvironment;
    const firstMs = performance.now() + this.#times.firstMs;
    this.#dueMs = { local: firstMs, snowflake: firstMs };
  }

  start(): void {
    this.#tellJournal();
    this.#options.clock.onBelieved(() => this.#dueAll(performance.now()));
    this.#timer = setInterval(() => void this.#look(), this.#times.lookMs).unref();
  }

  configure(fromApp: Retention): void {
    const { fromEnvironment } = this.#options;
    const next: Retention = {
      localDays: fromApp.localDays ?? fromEnvironment.localDays,
      snowflakeDays: fromApp.snowflakeDays ?? fromEnvironment.snowflakeDays,
    };
    for (const target of targets) {
      if (daysOf(next, target) !== daysOf(this.#retention, target))
        this.#dueMs[target] = performance.now() + this.#times.firstMs;
    }
    this.#retention = next;
    this.#tellJournal();
  }

  state(): RetentionState {
    return {
      retention: this.#retention,
      editable: false,
      lastRunAt: this.#last?.at ?? null,
      lastDeletedRows: this.#last?.deletedRows ?? null,
      held: this.#options.clock.doubt(),
    };
  }

  preview: RetentionApi['preview'] = (input, signal) =>
    this.#options.warehouse.carryOut('previewRetention', input, signal);

  apply: RetentionApi['apply'] = (input, signal) => this.#apply(input, signal);

  async confirmClock(): Promise<RetentionState> {
    await this.#options.clock.confirm();
    return this.state();
  }

  async #apply(order: RetentionOrder, signal: AbortSignal): Promise<RetentionResult> {
    const result = await this.#options.warehouse.carryOut('applyRetention', order, signal);
    this.#last = { at: new Date().toISOString(), deletedRows: result.deletedRows };
    this.#options.log.info(result, 'RetentionApplied');
    return result;
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#stopping.abort();
  }

  /** Rows in the journal are calls too: a rebuild must not bring back what was to go. */
  #tellJournal(): void {
    const { journal, journalKeepDays, clock } = this.#options;
    const trustedMs = clock.trustedMs();
    if (trustedMs === null) return; // until then it keeps every row
    const days = Math.min(journalKeepDays, this.#retention.localDays ?? journalKeepDays);
    const told = this.#told;
    const expectedMs = told === null ? -Infinity : told.trustedMs + performance.now() - told.atMs;
    if (told?.days === days && Math.abs(trustedMs - expectedMs) < minuteMs) return;
    this.#told = { days, trustedMs, atMs: performance.now() };
    journal.setKeepDays(days, trustedMs);
  }

  #dueAll(atMs: number): void {
    for (const target of targets) this.#dueMs[target] = Math.min(this.#dueMs[target], atMs);
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      this.#tellJournal();
      this.#noticeRebuild();
      for (const target of targets) await this.#runWhenDue(target);
    } finally {
      this.#looking = false;
    }
  }

  async #runWhenDue(target: RetentionTarget): Promise<void> {
    const days = daysOf(this.#retention, target);
    const nowMs = this.#options.clock.trustedMs();
    if (days === null || nowMs === null || performance.now() < this.#dueMs[target]) return;
    if (target === 'local' || this.#options.snowflakeConfigured()) await this.#run({ target, days, nowMs });
  }

  async #run({ target, days, nowMs }: Required<RetentionOrder>): Promise<void> {
    try {
      await this.#apply({ target, days, nowMs }, this.#stopping.signal);
      this.#dueMs[target] = performance.now() + this.#times.everyMs;
    } catch (error) {
      this.#dueMs[target] = performance.now() + this.#times.againMs;
      this.#options.log.warn({ err: error, target, days }, 'RetentionFailed');
    }
  }

  #noticeRebuild(): void {
    const { warehouse, journal } = this.#options;
    const { rebuilt, deliveredSeq } = warehouse.health();
    if (rebuilt === null) return;
    if (this.#rebuild?.name !== rebuilt) this.#rebuild = { name: rebuilt, upToSeq: journal.lastSeq(), done: false };
    if (this.#rebuild.done || deliveredSeq < this.#rebuild.upToSeq) return;
    this.#rebuild = { ...this.#rebuild, done: true };
    this.#dueMs.local = performance.now();
  }
}

const daysOf = ({ localDays, snowflakeDays }: Retention, target: RetentionTarget): number | null =>
  target === 'local' ? localDays : snowflakeDays;
