/**
 * Removes calls that are older than their owner wants to keep: soon after the start, every day, and again when the embedded database was
 * rebuilt from the journal, which may have brought some back.
 */
import type { Retention, RetentionState, RetentionTarget } from '../contract/snowflake.ts';
import type { RetentionApi } from './api/snowflake-routes.ts';
import type { RunningJournal } from './journal/client.ts';
import type { Log } from './log.ts';
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
    };
  }

  preview: RetentionApi['preview'] = (input, signal) =>
    this.#options.warehouse.carryOut('previewRetention', input, signal);

  apply: RetentionApi['apply'] = async (input, signal) => {
    const result = await this.#options.warehouse.carryOut('applyRetention', input, signal);
    this.#last = { at: new Date().toISOString(), deletedRows: result.deletedRows };
    this.#options.log.info(result, 'RetentionApplied');
    return result;
  };

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#stopping.abort();
  }

  /** Rows in the journal are calls too: a rebuild must not bring back what was to go. */
  #tellJournal(): void {
    const { journal, journalKeepDays } = this.#options;
    journal.setKeepDays(Math.min(journalKeepDays, this.#retention.localDays ?? journalKeepDays));
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    this.#noticeRebuild();
    for (const target of targets) {
      const days = daysOf(this.#retention, target);
      const isDue = days !== null && performance.now() >= this.#dueMs[target];
      if (isDue && (target === 'local' || this.#options.snowflakeConfigured())) await this.#run(target, days);
    }
    this.#looking = false;
  }

  async #run(target: RetentionTarget, days: number): Promise<void> {
    try {
      await this.apply({ target, days }, this.#stopping.signal);
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
