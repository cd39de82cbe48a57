/**
 * Keeps the warehouse process alive and is its only door in the gateway. DuckDB can end or block its process, and so can the Snowflake
 * driver; neither may touch the proxy.
 *
 * Invariants:
 * - A dead process is started again after 0.25 s … 30 s; a minute of health resets the wait.
 * - A stopped or hung process is left alone for a minute (it may be SIGSTOP, a debugger or a slow disk), then killed. Meanwhile health is
 *   degraded and questions fail after 5 s; when it wakes, nothing has to be restarted.
 * - Nothing is lost by any of this: rows wait in the journal, the cursor is in the database.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../contract/errors.ts';
import { createBackOff, type BackOff } from '../delivery/back-off.ts';
import { describeEnd, isNativeCrash, startChild, type ChildEnd, type ChildLink } from './child-link.ts';
import { PendingRequests, type NewRequest, type OnProgress } from './pending-requests.ts';
import type { SetAside, Suspect } from './duckdb-file.ts';
import type { ToChild, ToParent } from './protocol.ts';
import type { ProcessState } from './warehouse-health.ts';

export interface SupervisorLog {
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  error(fields: object, event: string): void;
}

export interface Timing {
  readonly tickMs: number;
  readonly silentMs: number; // questions fail when the process says nothing for this long
  readonly degradedMs: number; // health is degraded
  readonly hungMs: number; // the process is killed
  readonly questionMs: number;
  readonly longRequestMs: number;
  readonly firstRestartMs: number;
  readonly lastRestartMs: number;
  readonly healthyMs: number; // resets the restart wait
  readonly stopMs: number; // beside the time that a flush was given
}

const defaultTiming: Timing = {
  tickMs: 500,
  silentMs: 5_000,
  degradedMs: 10_000,
  hungMs: 60_000,
  questionMs: 60_000,
  longRequestMs: 600_000,
  firstRestartMs: 250,
  lastRestartMs: 30_000,
  healthyMs: 60_000,
  stopMs: 5_000,
};
const crashesBeforeSuspicion = 3;
const longestText = 4000;

/** What the process says beside answers and signs of life. */
export type ProcessNews = Extract<
  ToParent,
  { readonly kind: 'opened' | 'missing' | 'state' | 'snowflake' | 'protocol' }
>;

export interface SupervisorOptions {
  /** Module of the warehouse process. */
  readonly entry: URL;
  readonly log: SupervisorLog;
  readonly timing?: Partial<Timing> | undefined;
  /** What every process is told first. */
  readonly firstWords: (suspect: Suspect | null) => readonly ToChild[];
  readonly onNews: (news: ProcessNews) => void;
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #timing: Timing;
  readonly #requests = new PendingRequests();
  readonly #backOff: BackOff;
  readonly #stopping = new AbortController();
  #child: ChildLink | null = null;
  #process: ProcessState = { phase: 'starting', detail: '', restarts: 0, rebuilt: null };
  #lastWords: Extract<ToParent, { kind: 'failed' }> | null = null;
  #nativeCrashes = 0;
  #suspicions = 0;
  #silentMs = 0;
  #openMs = 0;
  #awaitingPong = false;
  #phaseBeforeSilence: 'open' | 'starting' = 'starting';
  #running: Promise<void> = Promise.resolve();

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#backOff = createBackOff(this.#timing.firstRestartMs, this.#timing.lastRestartMs);
  }

  get process(): ProcessState {
    return this.#process;
  }

  start(): void {
    this.#running = Promise.all([this.#superviseLives(), this.#watch()]).then(() => undefined);
  }

  /** Waits for a process that is starting. @param unavailable why it cannot be asked, when it cannot */
  request(
    request: NewRequest,
    unavailable: () => string,
    signal?: AbortSignal,
    onProgress?: OnProgress,
  ): Promise<unknown> {
    if (this.#stopping.signal.aborted || this.#process.phase === 'silent') {
      return Promise.reject(new AppError('warehouse_unavailable', unavailable()));
    }
    const answered = this.#requests.add(request, signal, (id) => this.send({ kind: 'cancel', id }), onProgress);
    if (this.#process.phase === 'open') this.#sendWaiting();
    return answered;
  }

  /** To the process that lives now, if any. */
  send(message: ToChild): void {
    this.#child?.send(message);
  }

  /** @param flushMs how long rows that wait for their time may take to leave */
  async stop(flushMs: number): Promise<void> {
    this.#stopping.abort();
    this.#process = { ...this.#process, phase: 'stopped' };
    this.#requests.failAll('The gateway is stopping');
    this.send({ kind: 'stop', flushMs });
    const kill = setTimeout(() => this.#child?.kill(), this.#timing.stopMs + flushMs);
    await this.#running;
    clearTimeout(kill);
  }

  #sendWaiting(): void {
    for (const request of this.#requests.takeUnsent()) this.send(request);
  }

  async #superviseLives(): Promise<void> {
    let suspect: Suspect | null = null;
    while (!this.#stopping.signal.aborted) {
      const end = await this.#live(suspect);
      if (this.#stopping.signal.aborted) return;
      suspect = this.#judge(end);
      await this.#pause(this.#backOff.next());
      this.#process = { ...this.#process, phase: 'starting', restarts: this.#process.restarts + 1 };
    }
  }

  async #live(suspect: Suspect | null): Promise<ChildEnd> {
    this.#lastWords = null;
    this.#silentMs = 0;
    this.#openMs = 0;
    this.#awaitingPong = false;
    const child = startChild(this.#options.entry, {
      onMessage: (message) => this.#receive(message),
      onText: (text) => this.#options.log.warn({ text: text.slice(0, longestText) }, 'WarehouseProcessSaid'),
    });
    this.#child = child;
    for (const message of this.#options.firstWords(suspect)) child.send(message);
    const end = await child.ended;
    this.#child = null;
    return end;
  }

  /** Books an unasked end of the process; returns why the next one must not trust the database file, or null. */
  #judge(end: ChildEnd): Suspect | null {
    const detail = `The warehouse process ${describeEnd(end)}`;
    const words = this.#lastWords;
    this.#options.log.error({ ...end, detail: words?.detail }, 'WarehouseProcessEnded');
    this.#process = { ...this.#process, phase: 'waiting', detail: words === null ? detail : words.detail };
    this.#requests.failSent(detail);
    this.#nativeCrashes = isNativeCrash(end) ? this.#nativeCrashes + 1 : 0;
    if (words?.mistrust === true) return { kind: 'damage', reason: words.detail };
    return this.#nativeCrashes < crashesBeforeSuspicion
      ? null
      : this.#suspect(`${detail} ${this.#nativeCrashes} times in a row`);
  }

  /** First the file is read to see whether it is whole, then it is copied; a copy that crashes as well shows that the cause is another one. */
  #suspect(reason: string): Suspect | null {
    this.#nativeCrashes = 0;
    const kind = (['crashes', 'crashes_again'] as const)[this.#suspicions];
    this.#suspicions += 1;
    return kind === undefined ? null : { kind, reason };
  }

  #receive(message: ToParent): void {
    this.#silentMs = 0;
    if (this.#process.phase === 'silent') this.#process = { ...this.#process, phase: this.#phaseBeforeSilence };
    switch (message.kind) {
      case 'failed':
        this.#lastWords = message;
        return;
      case 'answer':
        return this.#requests.answer(message.id, message.answer);
      case 'progress':
        return this.#requests.progress(message.id, message.progress);
      case 'log':
        return this.#options.log[message.level](message.fields, message.event);
      case 'pong':
        this.#awaitingPong = false;
        return;
      case 'opened':
        this.#opened(message.setAside);
        return this.#options.onNews(message);
      default:
        return this.#options.onNews(message);
    }
  }

  #opened(setAside: SetAside | null): void {
    this.#process = { ...this.#process, phase: 'open', rebuilt: setAside?.name ?? this.#process.rebuilt };
    if (setAside !== null) {
      this.#nativeCrashes = 0;
      this.#options.log.error(setAside, 'WarehouseFileSetAside');
    }
    this.#sendWaiting();
  }

  /** The heartbeat. Time is counted tick by tick, so a machine that slept or a stopped gateway does not accuse its child. */
  async #watch(): Promise<void> {
    const { tickMs, silentMs, questionMs, longRequestMs } = this.#timing;
    const deadlines = { silentMs, totalMs: questionMs, longMs: longRequestMs };
    while (!this.#stopping.signal.aborted) {
      await this.#pause(tickMs);
      for (const id of this.#requests.tick(tickMs, this.#silentMs, deadlines)) this.send({ kind: 'cancel', id });
      if (this.#child !== null) this.#watchChild(this.#child, tickMs);
    }
  }

  #watchChild(child: ChildLink, tickMs: number): void {
    this.#silentMs += tickMs;
    if (this.#process.phase === 'open') this.#openMs += tickMs;
    if (this.#openMs >= this.#timing.healthyMs) {
      this.#backOff.reset();
      this.#nativeCrashes = 0;
      this.#suspicions = 0;
    }
    if (!this.#awaitingPong) {
      this.#awaitingPong = true;
      child.send({ kind: 'ping' });
    }
    const { phase } = this.#process;
    if (this.#silentMs >= this.#timing.degradedMs && (phase === 'open' || phase === 'starting')) {
      this.#phaseBeforeSilence = phase;
      this.#process = { ...this.#process, phase: 'silent' };
    }
    if (this.#silentMs >= this.#timing.hungMs) {
      this.#options.log.error({ pid: child.pid, silentMs: this.#silentMs }, 'WarehouseProcessHung');
      child.kill();
    }
  }

  async #pause(ms: number): Promise<void> {
    // Aborted by stop(): an expected end of the wait, whose only meaning is that the wait is over.
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}
