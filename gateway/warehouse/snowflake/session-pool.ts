/**
 * A few sessions for questions, each used by one at a time.
 *
 * Invariants:
 * - Nothing connects before the first question, and a rested pool holds no session: an idle dashboard costs nothing.
 * - A session that is down is never handed out: `isUp` is asked always, Snowflake itself by a heartbeat after a minute's rest. One that
 *   failed its borrower is not used again.
 * - Logins go one by one, and a refused one is not repeated for a while: a wrong password must not lock the user out of Snowflake.
 * - Waiting is bounded in number and ends with the question's own signal.
 */
import { SnowflakeFault, type FaultKind } from './fault.ts';
import type { DriverSession } from './open-session.ts';

export interface PoolOptions {
  readonly open: () => Promise<DriverSession>;
  readonly maxSessions?: number;
  readonly maxWaiting?: number;
  /** A session that rested this long is asked whether it lives. */
  readonly checkAfterMs?: number;
  /** A session that rested this long is closed. */
  readonly closeAfterMs?: number;
  readonly refusedLoginPauseMs?: number;
  readonly failedLoginPauseMs?: number;
}

const defaults = {
  maxSessions: 4,
  maxWaiting: 64,
  checkAfterMs: 60_000,
  closeAfterMs: 5 * 60_000,
  refusedLoginPauseMs: 30_000,
  failedLoginPauseMs: 2_000,
} as const;

/** Asking again at once cannot help, and may harm. */
const refusedLogin: ReadonlySet<FaultKind> = new Set(['login', 'key', 'clock', 'role', 'account', 'privileges']);

interface Resting {
  readonly session: DriverSession;
  readonly sinceMs: number;
}

interface Waiter {
  readonly resume: () => void;
  readonly refuse: (fault: SnowflakeFault) => void;
}

export class SessionPool {
  readonly #options: Required<PoolOptions>;
  readonly #resting: Resting[] = [];
  readonly #inUse = new Set<DriverSession>();
  readonly #waiting: Waiter[] = [];
  readonly #goodbyes = new Set<Promise<void>>();
  readonly #sweeper: NodeJS.Timeout;
  #taken = 0; // places of `maxSessions` that somebody uses, with a session or on the way to one
  #lastLogin: Promise<unknown> = Promise.resolve();
  #refusal: { readonly fault: SnowflakeFault; readonly untilMs: number } | null = null;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = { ...defaults, ...options };
    this.#sweeper = setInterval(() => this.#sweep(), Math.min(this.#options.closeAfterMs, 30_000)).unref();
  }

  /** Sessions that exist now. */
  get size(): number {
    return this.#resting.length + this.#inUse.size;
  }

  /** @throws SnowflakeFault of the login, of `work`, or `throttled` when too many wait */
  async use<T>(work: (session: DriverSession) => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#takePlace(signal);
    try {
      return await this.#lend(await this.#session(), work);
    } finally {
      this.#leavePlace();
    }
  }

  /** Ends all sessions, running questions included. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeper);
    for (const waiter of this.#waiting.splice(0)) waiter.refuse(poolClosed());
    for (const { session } of this.#resting.splice(0)) this.#dismiss(session);
    for (const session of this.#inUse) this.#dismiss(session);
    await this.#lastLogin;
    while (this.#goodbyes.size > 0) await Promise.all(this.#goodbyes);
  }

  async #lend<T>(session: DriverSession, work: (session: DriverSession) => Promise<T>): Promise<T> {
    this.#inUse.add(session);
    try {
      if (this.#closed) throw poolClosed();
      const result = await work(session);
      if (session.isUp() && !this.#closed) this.#resting.push({ session, sinceMs: performance.now() });
      else this.#dismiss(session);
      return result;
    } catch (error) {
      this.#dismiss(session);
      throw error;
    } finally {
      this.#inUse.delete(session);
    }
  }

  #takePlace(signal: AbortSignal | undefined): Promise<void> {
    if (this.#closed) return Promise.reject(poolClosed());
    if (this.#taken < this.#options.maxSessions) {
      this.#taken += 1;
      return Promise.resolve();
    }
    if (this.#waiting.length >= this.#options.maxWaiting) {
      return Promise.reject(new SnowflakeFault('throttled', 'Too many questions wait for Snowflake'));
    }
    return this.#wait(signal);
  }

  /** The place of the one who leaves passes on: `#taken` stays. */
  #wait(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { resume: resolve, refuse: reject };
    const giveUp = () => {
      const index = this.#waiting.indexOf(waiter);
      if (index >= 0) this.#waiting.splice(index, 1);
      reject(new SnowflakeFault('cancelled', 'The question was cancelled'));
    };
    if (signal?.aborted === true) giveUp();
    else this.#waiting.push(waiter);
    signal?.addEventListener('abort', giveUp, { once: true });
    return promise.finally(() => signal?.removeEventListener('abort', giveUp));
  }

  #leavePlace(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken -= 1;
    else next.resume();
  }

  /** The session that rested least, as long as one is alive; else a new one. */
  async #session(): Promise<DriverSession> {
    for (let rested = this.#resting.pop(); rested !== undefined; rested = this.#resting.pop()) {
      const { session, sinceMs } = rested;
      const longRest = performance.now() - sinceMs > this.#options.checkAfterMs;
      if (longRest ? await session.isAlive() : session.isUp()) return session;
      this.#dismiss(session);
    }
    return this.#logIn();
  }

  #logIn(): Promise<DriverSession> {
    const login = this.#lastLogin.then(() => this.#attemptLogin());
    this.#lastLogin = login.catch(() => undefined);
    return login;
  }

  async #attemptLogin(): Promise<DriverSession> {
    if (this.#closed) throw poolClosed();
    if (this.#refusal !== null && performance.now() < this.#refusal.untilMs) throw this.#refusal.fault;
    try {
      const session = await this.#options.open();
      this.#refusal = null;
      return session;
    } catch (error) {
      if (error instanceof SnowflakeFault) this.#remember(error);
      throw error;
    }
  }

  #remember(fault: SnowflakeFault): void {
    const { refusedLoginPauseMs, failedLoginPauseMs } = this.#options;
    const pauseMs = refusedLogin.has(fault.kind) ? refusedLoginPauseMs : failedLoginPauseMs;
    this.#refusal = { fault, untilMs: performance.now() + pauseMs };
  }

  #sweep(): void {
    const now = performance.now();
    const old = this.#resting.filter(({ sinceMs }) => now - sinceMs > this.#options.closeAfterMs);
    for (const rested of old) {
      this.#resting.splice(this.#resting.indexOf(rested), 1);
      this.#dismiss(rested.session);
    }
  }

  /** Not waited for by any question; {@link close} waits. */
  #dismiss(session: DriverSession): void {
    const goodbye = session.close().finally(() => this.#goodbyes.delete(goodbye));
    this.#goodbyes.add(goodbye);
  }
}

const poolClosed = () => new SnowflakeFault('session', 'The connection to Snowflake was closed');
