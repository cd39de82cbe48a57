/**
 * Keeps one gateway serving a data directory for as long as the app runs.
 *
 * Invariants
 * - One attempt at a time: the loop in {@link GatewaySupervisor.start} is the only place that starts a process.
 * - It never gives up: a crash is retried after 0.5 s, doubling to 30 s; so is a state someone else has to change (port taken …), but that
 *   stays `failed` on the screen meanwhile.
 * - A gateway somebody else runs on the data directory is used, never stopped or restarted.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../contract/errors.ts';
import type { ReadyLine } from '../contract/gateway-api.ts';
import type { GatewayPhase } from '../contract/ipc.ts';
import type { ParentMessage } from '../contract/snowflake.ts';
import { type BackOff, backOffMs } from './back-off.ts';
import { type ChildTimes, type GatewayChild, startGatewayChild } from './gateway-child.ts';
import type { GatewayCommand } from './gateway-command.ts';
import { explainExit, findFreePort } from './gateway-exit.ts';
import { answersHealth, gatewayFileOf, readGatewayFile } from './gateway-file.ts';
import type { Log } from './log.ts';

export interface GatewayEndpoint {
  readonly url: string; // for clients
  readonly toolsUrl: string; // for this app
  readonly token: string;
  readonly pid: number;
}

export interface GatewayState {
  readonly phase: Exclude<GatewayPhase, 'degraded'>; // degraded is what a running gateway says of itself
  readonly detail: string;
  readonly endpoint: GatewayEndpoint | null;
  readonly suggestedPort: number | null;
  readonly attached: boolean; // the gateway belongs to another program
}

export interface SupervisorTimes extends ChildTimes {
  readonly backOff: BackOff;
  readonly steadyMs: number; // a run this long makes the next crash count as the first
  readonly probeMs: number; // between two looks at a gateway of another program
}

export interface SupervisorOptions {
  readonly command: GatewayCommand;
  readonly dataDir: string;
  readonly port: () => number; // asked at each attempt
  readonly extraArgs: () => readonly string[]; // asked at each attempt
  /** What each of our gateways is told first, and again on {@link GatewaySupervisor.handOver}; null = nothing yet. */
  readonly message?: () => ParentMessage | null;
  readonly log: Log;
  readonly times?: Partial<SupervisorTimes>;
}

const defaultTimes: SupervisorTimes = {
  readyMs: 30_000,
  askAgainMs: 2000,
  killMs: 40_000, // running calls may take 10 s, the journal 12 s, rows that wait for Snowflake 18 s; each ends at once when there is nothing
  backOff: { firstMs: 500, longestMs: 30_000 },
  steadyMs: 30_000,
  probeMs: 1000,
};

/** How an attempt ended, as the loop needs it. */
interface Ending {
  readonly phase: 'restarting' | 'failed';
  readonly detail: string;
  readonly suggestedPort: number | null;
  readonly wasSteady: boolean;
}

/** The gateway keeps its own log file. Ours gets what may be missing there: trouble, and text from below it (a native abort, Node itself). */
function noteGatewayLine(log: Log, line: string): void {
  if (!/"level":"(?:trace|debug|info)"/.test(line)) log.warn(`[gateway] ${line}`);
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 1000 ? 1 : 0)} s`;

export class GatewaySupervisor {
  readonly #options: SupervisorOptions;
  readonly #times: SupervisorTimes;
  readonly #listeners = new Set<(state: GatewayState) => void>();
  #state: GatewayState = {
    phase: 'stopped',
    detail: 'The gateway is stopped.',
    endpoint: null,
    suggestedPort: null,
    attached: false,
  };
  #child: GatewayChild | null = null;
  #loop: Promise<void> | null = null;
  #stopping = false;
  #failures = 0;
  #wake = new AbortController(); // ends the present wait: a restart or a stop was asked for

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#times = { ...defaultTimes, ...options.times };
  }

  state(): GatewayState {
    return this.#state;
  }

  onChange(listener: (state: GatewayState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    this.#loop ??= this.#keepServing();
  }

  /** Stops our gateway and starts it again at once, past any waiting time. @throws AppError when it is another program's. */
  async restart(): Promise<void> {
    if (this.#state.attached) {
      const pid = this.#state.endpoint?.pid ?? '?';
      throw new AppError(
        'already_running',
        `This gateway was started by another program (process ${pid}). Restart it there.`,
      );
    }
    this.#failures = 0;
    this.#set({ phase: 'restarting', detail: 'Restarting the gateway.', endpoint: null });
    this.#interrupt();
    await this.#child?.stop();
  }

  /** Tells our gateway what holds now. One that is not there yet hears it when it starts; another program's is not ours to tell. */
  handOver(): void {
    const message = this.#options.message?.() ?? null;
    if (message !== null) this.#child?.tell(message);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#interrupt();
    await this.#child?.stop();
    await this.#loop;
    this.#set({ phase: 'stopped', detail: 'The gateway is stopped.', endpoint: null, attached: false });
  }

  /** Ends a stop that takes too long for the user. The journal survives that: it is what a power cut would be. */
  hasten(): void {
    if (this.#stopping) this.#child?.hasten();
  }

  async #keepServing(): Promise<void> {
    this.#set({ phase: 'starting', detail: 'Starting the gateway.' });
    while (!this.#stopping) {
      const asked = this.#wake.signal;
      const ending = await this.#serveOnce(asked);
      if (asked.aborted) continue; // ended because we wanted it to
      this.#failures = ending.wasSteady ? 0 : this.#failures;
      const delayMs = backOffMs(this.#times.backOff, this.#failures++);
      const detail = `${ending.detail} Trying again in ${seconds(delayMs)}.`;
      this.#options.log.warn(`GatewayEnded ${detail}`);
      this.#set({ phase: ending.phase, detail, endpoint: null, suggestedPort: ending.suggestedPort, attached: false });
      await this.#pause(delayMs);
    }
  }

  /** From one start to the end of that gateway. */
  async #serveOnce(asked: AbortSignal): Promise<Ending> {
    const { command, dataDir, port, extraArgs, log } = this.#options;
    const args = ['--port', String(port()), '--data-dir', dataDir, '--parent-pipe', ...extraArgs()];
    const child = startGatewayChild({
      command,
      args,
      times: this.#times,
      onLine: (line) => noteGatewayLine(log, line),
    });
    this.#child = child;
    this.handOver();
    const startedAt = performance.now();
    const ready = await child.ready;
    if (ready !== null) await this.#announce(ready, child, asked);
    const exit = await child.exited;
    this.#child = null;
    const reason = explainExit(exit);
    if (ready === null && reason.kind === 'already_running') return this.#attach(reason.message);
    if (ready === null && reason.kind !== 'crash') return this.#blocked(reason.kind, reason.message);
    const what = ready === null ? 'did not start' : 'ended';
    const detail = `The gateway ${what} (${reason.message}).`;
    const wasSteady = ready !== null && performance.now() - startedAt >= this.#times.steadyMs;
    return { phase: 'restarting', detail, suggestedPort: null, wasSteady };
  }

  async #announce({ url, pid }: ReadyLine, child: GatewayChild, asked: AbortSignal): Promise<void> {
    const file = await gatewayFileOf(pid, this.#options.dataDir);
    if (file === null) {
      this.#options.log.error('GatewayTokenMissing gateway.json names another process; starting again');
      await child.stop();
      return;
    }
    if (asked.aborted) return;
    this.#set({
      phase: 'running',
      detail: `Running at ${url}`,
      endpoint: { url, toolsUrl: file.toolsUrl ?? url, token: file.token, pid },
      suggestedPort: null,
    });
  }

  /** Uses the gateway that holds the data directory until it is gone, looking at it now and then. */
  async #attach(message: string): Promise<Ending> {
    const file = await readGatewayFile(this.#options.dataDir);
    const toolsUrl = file?.toolsUrl ?? file?.url ?? '';
    if (file === null || !(await answersHealth(toolsUrl))) {
      return { phase: 'failed', detail: message, suggestedPort: null, wasSteady: false };
    }
    this.#set({
      phase: 'running',
      detail: `Using the gateway that already runs at ${file.url} (process ${file.pid}). It keeps running when this app quits.`,
      endpoint: { url: file.url, toolsUrl, token: file.token, pid: file.pid },
      suggestedPort: null,
      attached: true,
    });
    await this.#untilGone(toolsUrl);
    return {
      phase: 'restarting',
      detail: `The gateway of process ${file.pid} is gone.`,
      suggestedPort: null,
      wasSteady: true,
    };
  }

  async #untilGone(url: string): Promise<void> {
    const { signal } = this.#wake;
    for (let misses = 0; misses < 2 && !signal.aborted;) {
      await this.#pause(this.#times.probeMs);
      misses = (await answersHealth(url)) ? 0 : misses + 1;
    }
  }

  async #blocked(kind: string, message: string): Promise<Ending> {
    const suggestedPort = kind === 'port_in_use' ? await findFreePort(this.#options.port()) : null;
    return { phase: 'failed', detail: message, suggestedPort, wasSteady: false };
  }

  #interrupt(): void {
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#wake.signal }).catch(() => undefined); // rejects only when interrupted
  }

  #set(change: Partial<GatewayState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener(this.#state);
  }
}
