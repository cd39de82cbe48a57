/**
 * The scheduled report. Invariants: a run is made once, also when its hour passed while the app was closed; one that fails is told once and
 * tried again every hour; two never write at the same time.
 */
import { AppError } from '../../contract/errors.ts';
import type { ReportSchedule, ReportState } from '../../contract/reports.ts';
import { type Zone, zoneOf } from '../../gateway/analytics/zone.ts';
import type { GatewayRest } from '../gateway-rest.ts';
import { writeReport } from './report-files.ts';
import { dueRun, mayTry, reportState, withSchedule, type ReportMemory } from './report-memory.ts';
import { lastPeriod, type Period } from './schedule.ts';

export interface ScheduledReportParts {
  readonly rest: GatewayRest;
  readonly memory: () => ReportMemory;
  readonly remember: (memory: ReportMemory) => Promise<unknown>;
  /** The IANA name of the zone the user looks at. */
  readonly zone: () => string;
  /** A run that is due waits for the gateway, whose absence has an alarm of its own. */
  readonly ready: () => boolean;
  readonly failed: (reason: string) => void;
  readonly now?: () => Date;
}

export class ScheduledReport {
  readonly #parts: ScheduledReportParts;
  readonly #stopped = new AbortController();
  #writing: Promise<unknown> | null = null;

  constructor(parts: ScheduledReportParts) {
    this.#parts = parts;
  }

  state(): ReportState {
    return reportState(this.#parts.memory(), this.#now().getTime(), this.#zone());
  }

  async save(schedule: ReportSchedule): Promise<ReportState> {
    assertComplete(schedule);
    const { memory, remember } = this.#parts;
    await remember(withSchedule(memory(), schedule, this.#now()));
    return this.state();
  }

  /** Makes the report of the last whole period, whether reports are on or off. @throws AppError */
  async runNow(): Promise<ReportState> {
    await this.#make(this.#now().getTime());
    return this.state();
  }

  /** Makes the run that is due, if one is. @throws what `remember` throws, nothing else */
  async check(): Promise<void> {
    const { memory, remember, ready, failed } = this.#parts;
    const at = this.#now();
    const run = dueRun(memory(), at.getTime(), this.#zone());
    if (run === null || this.#writing !== null || !ready() || !mayTry(memory(), at.getTime())) return;
    const firstTry = memory().failedAt === null;
    try {
      await this.#make(run);
    } catch (error) {
      if (this.#stopped.signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      await remember({ ...memory(), lastError: reason, failedAt: at.toISOString() });
      if (firstTry) failed(reason);
    }
  }

  /** Resolves when nothing is written any more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#writing;
  }

  /** The report as seen at `atMs`: of the last period that had ended then. */
  async #make(atMs: number): Promise<void> {
    if (this.#writing !== null) throw new AppError('busy', 'A report is being written. Try again in a moment.');
    const { rest, memory, remember } = this.#parts;
    const { schedule } = memory();
    const zone = this.#zone();
    const period = lastPeriod(schedule, atMs, zone);
    const write = writeReport(rest, { schedule, period, zone }, this.#stopped.signal);
    this.#writing = write.catch(() => undefined);
    try {
      const lastFiles = await write;
      await remember(made({ ...memory(), lastFiles }, period, this.#now(), zone));
    } finally {
      this.#writing = null;
    }
  }

  #zone(): Zone {
    return zoneOf(this.#parts.zone());
  }

  #now(): Date {
    return this.#parts.now?.() ?? new Date();
  }
}

/** What was made stands for the run that is due when it is of the same period, whoever asked for it. */
function made(memory: ReportMemory, period: Period, now: Date, zone: Zone): ReportMemory {
  const report = { ...memory, lastAt: now.toISOString(), lastError: null };
  const due = dueRun(memory, now.getTime(), zone);
  if (due === null || lastPeriod(memory.schedule, due, zone).toMs !== period.toMs) return report;
  return { ...report, failedAt: null, doneUntil: new Date(due).toISOString() };
}

function assertComplete({ every, folder }: ReportSchedule): void {
  if (every !== 'off' && folder === null)
    throw new AppError('bad_request', 'Choose the folder that reports are written to.', { field: 'folder' });
}
