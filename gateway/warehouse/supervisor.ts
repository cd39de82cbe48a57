/**
 * Keeps the warehouse process alive and is its only door in the gateway. DuckDB can end or block its process; neither may touch the proxy.
 *
 * Invariants:
 * - A dead process is started again after 0.25 s … 30 s; a minute of health resets the wait.
 * - A stopped or hung process is left alone for a minute (it may be SIGSTOP, a debugger or a slow disk), then killed. Meanwhile health is
 *   degraded and questions fail after 5 s; when it wakes, nothing has to be restarted.
 * - Nothing is lost by any of this: rows wait in the journal, the cursor is in the database.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { QuestionAnswer, QuestionName } from '../../contract/analytics.ts';
import { AppError } from '../../contract/errors.ts';
import type { WarehouseHealth } from '../../contract/gateway-api.ts';
import { createBackOff } from '../delivery/back-off.ts';
import type { DeliveryState } from '../delivery/delivery-state.ts';
import { describeEnd, isNativeCrash, startChild, type ChildEnd, type ChildLink } from './child-link.ts';
import { PendingRequests, type NewRequest } from './pending-requests.ts';
import type { ToChild, ToParent } from './protocol.ts';
import { describeHealth, type ProcessState } from './warehouse-health.ts';

export interface WarehouseClient {
  /**
   * The answer of one question. @throws AppError `bad_request` (field named), `cancelled`, `timeout`, or `warehouse_unavailable` when the
   * process is down, dies meanwhile or does not react.
   */
  ask<K extends QuestionName>(name: K, query: unknown, signal?: AbortSignal): Promise<QuestionAnswer<K>>;
  /** New rows are in the journal. */
  wake(): void;
  /** Removes sample rows from the warehouse; how many. Remove them from the journal first. */
  removeSample(): Promise<number>;
  health(): WarehouseHealth;
  /** Told when the warehouse durably holds everything up to `seq`. */
  onDelivered(listener: (streamId: string, seq: number) => void): () => void;
  stop(): Promise<void>;
}

export interface SupervisorLog {
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  error(fields: object, event: string): void;
}

export interface WarehouseOptions {
  readonly dataDir: string;
  /** Module of the warehouse process. */
  readonly entry: URL;
  readonly log: SupervisorLog;
  readonly timing?: Partial<Timing>;
}

export interface Timing {
  readonly tickMs: number;
  readonly silentMs: number; // questions fail when the process says nothing for this long
  readonly degradedMs: number; // health is degraded
  readonly hungMs: number; // the process is killed
  readonly questionMs: number;
  readonly firstRestartMs: number;
  readonly lastRestartMs: number;
  readonly healthyMs: number; // resets the restart wait
  readonly stopMs: number;
}

const defaultTiming: Timing = {
  tickMs: 500,
  silentMs: 5_000,
  degradedMs: 10_000,
  hungMs: 60_000,
  questionMs: 60_000,
  firstRestartMs: 250,
  lastRestartMs: 30_000,
  healthyMs: 60_000,
  stopMs: 5_000,
};
const crashesBeforeMistrust = 3;

export function startWarehouse(options: WarehouseOptions): WarehouseClient {
  const supervisor = new Supervisor(options);
  supervisor.start();
  return supervisor;
}

class Supervisor implements WarehouseClient {
  readonly #options: WarehouseOptions;
  readonly #timing: Timing;
  readonly #requests = new PendingRequests();
  readonly #backOff;
  readonly #listeners = new Set<(streamId: string, seq: number) => void>();
  readonly #stopping = new AbortController();
  #child: ChildLink | null = null;
  #process: ProcessState = { phase: 'starting', detail: '', restarts: 0, rebuilt: null };
  #delivery: DeliveryState | null = null;
  #lastWords: Extract<ToParent, { kind: 'failed' }> | null = null;
  #nativeCrashes = 0;
  #silentMs = 0;
  #openMs = 0;
  #awaitingPong = false;
  #wakeSent = false;
  #phaseBeforeSilence: 'open' | 'starting' = 'starting';
  #running: Promise<void> = Promise.resolve();

  constructor(options: WarehouseOptions) {
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#backOff = createBackOff(this.#timing.firstRestartMs, this.#timing.lastRestartMs);
  }

  start(): void {
    this.#running = Promise.all([this.#superviseLives(), this.#watch()]).then(() => undefined);
  }

  async ask<K extends QuestionName>(name: K, query: unknown, signal?: AbortSignal): Promise<QuestionAnswer<K>> {
    return (await this.#request({ kind: 'ask', name, query }, signal)) as QuestionAnswer<K>; // shaped by analytics/ in our own child
  }

  async removeSample(): Promise<number> {
    return Number(await this.#request({ kind: 'removeSample' }));
  }

  /** At most one wake-up in 10 ms reaches the child, and none while it is silent: its own timer finds the rows. */
  wake(): void {
    if (this.#wakeSent || this.#process.phase !== 'open') return;
    this.#wakeSent = true;
    setTimeout(() => {
      this.#wakeSent = false;
      this.#send({ kind: 'wake' });
    }, 10).unref();
  }

  health(): WarehouseHealth {
    return describeHealth(this.#process, this.#delivery);
  }

  onDelivered(listener: (streamId: string, seq: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#process = { ...this.#process, phase: 'stopped' };
    this.#requests.failAll('The gateway is stopping');
    this.#send({ kind: 'stop' });
    const kill = setTimeout(() => this.#child?.kill(), this.#timing.stopMs);
    await this.#running;
    clearTimeout(kill);
  }

  #request(request: NewRequest, signal?: AbortSignal): Promise<unknown> {
    if (this.#stopping.signal.aborted || this.#process.phase === 'silent') {
      return Promise.reject(new AppError('warehouse_unavailable', this.health().detail));
    }
    const answered = this.#requests.add(request, signal, (id) => this.#send({ kind: 'cancel', id }));
    if (this.#process.phase === 'open') this.#sendWaiting();
    return answered;
  }

  #sendWaiting(): void {
    for (const request of this.#requests.takeUnsent()) this.#send(request);
  }

  #send(message: ToChild): void {
    this.#child?.send(message);
  }

  async #superviseLives(): Promise<void> {
    let mistrust: string | null = null;
    while (!this.#stopping.signal.aborted) {
      const end = await this.#live(mistrust);
      if (this.#stopping.signal.aborted) return;
      mistrust = this.#judge(end);
      await this.#pause(this.#backOff.next());
      this.#process = { ...this.#process, phase: 'starting', restarts: this.#process.restarts + 1 };
    }
  }

  async #live(mistrust: string | null): Promise<ChildEnd> {
    this.#lastWords = null;
    this.#silentMs = 0;
    this.#openMs = 0;
    this.#awaitingPong = false;
    const child = startChild(this.#options.entry, (message) => this.#receive(message));
    this.#child = child;
    child.send({ kind: 'start', dataDir: this.#options.dataDir, mistrust });
    const end = await child.ended;
    this.#child = null;
    return end;
  }

  /** Books an unasked end of the process; returns why the next one must not trust the database file, or null. */
  #judge(end: ChildEnd): string | null {
    const detail = `The warehouse process ${describeEnd(end)}`;
    const words = this.#lastWords;
    this.#options.log.error({ ...end, detail: words?.detail }, 'WarehouseProcessEnded');
    this.#process = { ...this.#process, phase: 'waiting', detail: words === null ? detail : words.detail };
    this.#requests.failSent(detail);
    this.#nativeCrashes = isNativeCrash(end) ? this.#nativeCrashes + 1 : 0;
    if (words?.mistrust === true) return words.detail;
    return this.#nativeCrashes >= crashesBeforeMistrust ? `${detail} ${this.#nativeCrashes} times in a row` : null;
  }

  #receive(message: ToParent): void {
    this.#silentMs = 0;
    if (this.#process.phase === 'silent') this.#process = { ...this.#process, phase: this.#phaseBeforeSilence };
    switch (message.kind) {
      case 'opened':
        return this.#opened(message.setAside);
      case 'failed':
        this.#lastWords = message;
        return;
      case 'answer':
        return this.#requests.answer(message.id, message.answer);
      case 'state':
        return this.#delivered(message.state);
      case 'log':
        return this.#options.log[message.level](message.fields, message.event);
      case 'pong':
        this.#awaitingPong = false;
        return;
    }
  }

  #opened(setAside: { readonly name: string; readonly reason: string } | null): void {
    this.#process = { ...this.#process, phase: 'open', rebuilt: setAside?.name ?? this.#process.rebuilt };
    if (setAside !== null) {
      this.#nativeCrashes = 0;
      this.#options.log.error(setAside, 'WarehouseFileSetAside');
    }
    this.#sendWaiting();
  }

  #delivered(state: DeliveryState): void {
    const moved = state.deliveredSeq !== this.#delivery?.deliveredSeq || state.streamId !== this.#delivery.streamId;
    this.#delivery = state;
    if (!moved || state.streamId === null) return;
    for (const listener of this.#listeners) listener(state.streamId, state.deliveredSeq);
  }

  /** The heartbeat. Time is counted tick by tick, so a machine that slept or a stopped gateway does not accuse its child. */
  async #watch(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const { tickMs } = this.#timing;
      await this.#pause(tickMs);
      for (const id of this.#requests.tick(tickMs, this.#silentMs, {
        silentMs: this.#timing.silentMs,
        totalMs: this.#timing.questionMs,
      })) {
        this.#send({ kind: 'cancel', id });
      }
      if (this.#child !== null) this.#watchChild(this.#child, tickMs);
    }
  }

  #watchChild(child: ChildLink, tickMs: number): void {
    this.#silentMs += tickMs;
    if (this.#process.phase === 'open') this.#openMs += tickMs;
    if (this.#openMs >= this.#timing.healthyMs) {
      this.#backOff.reset();
      this.#nativeCrashes = 0;
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
