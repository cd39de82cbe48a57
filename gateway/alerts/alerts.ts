/**
 * The watch over budgets and alarms. Invariants: one check at a time; a check that fails changes nothing and is made again; what was told is on
 * disk before anybody hears of it, so that a kill in between loses a notice at worst and repeats none.
 */
import type { AlertsState, BudgetState } from '../../contract/thresholds.ts';
import type { ThresholdsStore } from '../thresholds/thresholds.ts';
import type { FileFaults } from '../file-faults.ts';
import { openAlertsFile, type AlertsFile, type AlertsLog } from './alerts-file.ts';
import { crossings, type Crossings, type Measured } from './crossings.ts';
import { measure, type AskMetrics } from './measure.ts';
import { noMemory, type AlertsMemory } from './memory.ts';
import { isDue, type LastCheck } from './pace.ts';

export interface AlertsOptions {
  readonly path: string;
  readonly faults: Pick<FileFaults, 'note'>;
  readonly thresholds: Pick<ThresholdsStore, 'state' | 'onChange'>;
  readonly ask: AskMetrics;
  /** Tells of rows that reached the warehouse. */
  readonly onRows: (listener: () => void) => () => void;
  /** All calls that began before this instant (epoch ms) are in the warehouse; null while that cannot be said. */
  readonly settledMs: () => number | null;
  /** The time to forget by; null while it is unknown. */
  readonly trustedMs: () => number | null;
  readonly log: AlertsLog;
  readonly now?: () => Date;
}

export interface Alerts {
  state(): AlertsState;
  /** No notices for so long; null: told again from now on. */
  snooze(minutes: number | null): Promise<AlertsState>;
  /** Called when an alert began or ended, a budget moved, or notices were snoozed. */
  onChange(listener: (state: AlertsState) => void): () => void;
  stop(): Promise<void>;
}

const lookMs = 1_000;
/** A warehouse that starts takes seconds; one that is away for longer is worth a line in the log. */
const delayWorthALineMs = 15_000;

export async function startAlerts(options: AlertsOptions): Promise<Alerts> {
  return new Watch(options, await openAlertsFile(options.path, options.faults, options.log));
}

class Watch implements Alerts {
  readonly #options: AlertsOptions;
  readonly #now: () => Date;
  readonly #file: AlertsFile;
  readonly #listeners = new Set<(state: AlertsState) => void>();
  readonly #stopping = new AbortController();
  readonly #ends: readonly (() => void)[];
  #memory: AlertsMemory;
  #budgets: readonly BudgetState[] = [];
  #checkedAt: string | null = null;
  #last: LastCheck | null = null;
  #running: Promise<void> | null = null;
  #rowsArrived = false;
  #rulesChanged = false;
  #failingSinceMs: number | null = null;
  #delayTold = false;
  #told = '';
  readonly #startedMs: number;
  #settledMs: number;

  constructor(options: AlertsOptions, file: AlertsFile) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    this.#file = file;
    this.#memory = file.isKnown() ? file.read() : noMemory;
    file.onRead(() => {
      this.#memory = file.read();
      this.#settledMs = settledOf(this.#memory, this.#startedMs);
      this.#look();
    });
    this.#told = this.#news();
    this.#startedMs = this.#now().getTime();
    this.#settledMs = settledOf(this.#memory, this.#startedMs);
    const timer = setInterval(() => this.#look(), lookMs);
    timer.unref();
    this.#ends = [
      () => clearInterval(timer),
      options.onRows(() => {
        this.#rowsArrived = true;
      }),
      options.thresholds.onChange(() => {
        this.#rulesChanged = true;
        this.#look();
      }),
    ];
  }

  state(): AlertsState {
    const { alerts, snoozedUntil } = this.#memory;
    const over = snoozedUntil !== null && Date.parse(snoozedUntil) <= this.#now().getTime();
    return {
      alerts,
      budgets: [...this.#budgets],
      snoozedUntil: over ? null : snoozedUntil,
      checkedAt: this.#checkedAt,
    };
  }

  async snooze(minutes: number | null): Promise<AlertsState> {
    this.#file.read(); // throws while nobody knows what was told: that must not be written over
    const until = minutes === null ? null : new Date(this.#now().getTime() + minutes * 60_000).toISOString();
    this.#memory = { ...this.#memory, snoozedUntil: until };
    await this.#file.keep(this.#memory);
    this.#announce();
    return this.state();
  }

  onChange(listener: (state: AlertsState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.#ends.forEach((end) => end());
    this.#stopping.abort();
    await this.#running;
    this.#file.stop();
    this.#listeners.clear();
  }

  #look(): void {
    if (this.#stopping.signal.aborted || this.#running !== null || !this.#knowsItsFiles()) return;
    this.#announce(); // a snooze may have run out
    const moment = {
      monotonicMs: performance.now(),
      epochMs: this.#now().getTime(),
      rowsArrived: this.#rowsArrived,
    };
    if (!this.#rulesChanged && !isDue(this.#last, moment)) return;
    this.#running = this.#check().finally(() => {
      this.#running = null;
      if (this.#rulesChanged) this.#look();
    });
  }

  /** Rules that were not read are not "no rules", and what was told is not "nothing". */
  #knowsItsFiles(): boolean {
    return this.#file.isKnown() && this.#options.thresholds.state().fault === null;
  }

  /** Never rejects. */
  async #check(): Promise<void> {
    const { thresholds } = this.#options.thresholds.state();
    const now = this.#now();
    const startedMs = performance.now();
    this.#rowsArrived = false;
    this.#rulesChanged = false;
    const settledMs = this.#options.settledMs(); // before the questions: what they count then includes it
    try {
      const times = { now, settledMs: this.#settledMs };
      const measured = await measure(thresholds, times, this.#options.ask, this.#stopping.signal);
      this.#settledMs = settledMs ?? this.#settledMs;
      await this.#take(
        crossings(this.#memory, measured, thresholds, { now, trustedMs: this.#options.trustedMs() }),
        measured,
        now,
      );
      this.#last = lastCheck(measured, startedMs);
      this.#recovered();
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.#last = failedCheck(startedMs);
      this.#failed(error);
    }
  }

  async #take({ memory, fired, ended }: Crossings, measured: Measured, now: Date): Promise<void> {
    const { log } = this.#options;
    this.#memory = { ...memory, settledUntil: new Date(wholeHour(this.#settledMs)).toISOString() };
    this.#budgets = measured.budgets
      .filter(({ isOver }) => !isOver)
      .map(({ period: _period, isOver: _isOver, ...budget }) => budget);
    this.#checkedAt = now.toISOString();
    for (const { id, level, title } of fired) log.warn({ id, level, title }, 'AlertFired');
    for (const { id } of ended) log.info({ id }, 'AlertEnded');
    await this.#file.keep(this.#memory);
    this.#announce();
  }

  #announce(): void {
    const news = this.#news();
    if (news === this.#told) return;
    this.#told = news;
    const state = this.state();
    this.#listeners.forEach((listener) => listener(state));
  }

  /** All of the state but the time of the check, which is no news by itself. */
  #news(): string {
    return JSON.stringify({ ...this.state(), checkedAt: null });
  }

  #failed(error: unknown): void {
    this.#failingSinceMs ??= performance.now();
    if (this.#delayTold || performance.now() - this.#failingSinceMs < delayWorthALineMs) return;
    this.#delayTold = true;
    this.#options.log.warn({ err: error }, 'AlertCheckDelayed');
  }

  #recovered(): void {
    if (this.#delayTold) this.#options.log.info({}, 'AlertCheckResumed');
    this.#delayTold = false;
    this.#failingSinceMs = null;
  }
}

const settledOf = ({ settledUntil }: AlertsMemory, startedMs: number): number =>
  settledUntil === null ? startedMs : Date.parse(settledUntil);

const hourMs = 3_600_000;
const wholeHour = (ms: number): number => Math.floor(ms / hourMs) * hourMs;

function lastCheck({ budgets, errorRate, latency }: Measured, startedMs: number): LastCheck {
  const ends = budgets.filter(({ isOver }) => !isOver).map(({ to }) => Date.parse(to));
  return {
    ...timesSince(startedMs),
    failed: false,
    windowMoves: (errorRate?.calls ?? 0) > 0 || (latency?.calls ?? 0) > 0,
    periodEndsAt: ends.length === 0 ? null : Math.min(...ends),
  };
}

const failedCheck = (startedMs: number): LastCheck => ({
  ...timesSince(startedMs),
  failed: true,
  windowMoves: false,
  periodEndsAt: null,
});

function timesSince(startedMs: number): Pick<LastCheck, 'endedMs' | 'tookMs'> {
  const endedMs = performance.now();
  return { endedMs, tookMs: endedMs - startedMs };
}
