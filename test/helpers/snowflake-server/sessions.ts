/** Sessions and their two tokens: a short one for statements, a long one that renews it. Times are the server's (its clock can be set). */
import { randomBytes } from 'node:crypto';
import { masterTokenExpired, sessionExpired, sessionGone, sessionTokenInvalid } from './errors.ts';
import { Parameters } from './parameters.ts';
import type { Transaction } from './transactions.ts';

/**
 * Where a statement runs: the session itself, or a stored procedure that was called in it. Each may open a transaction of its own; a procedure
 * without one works in its caller's.
 */
export interface Scope {
  readonly outer: Scope | null;
  transaction: Transaction | null;
  role: string;
  database: string | null;
  schema: string | null;
}

export interface Session {
  readonly id: number;
  readonly user: string;
  readonly parameters: Parameters;
  readonly scope: Scope;
  token: string;
  masterToken: string;
  tokenExpiresAt: number;
  masterExpiresAt: number;
  warehouse: string | null;
  closed: boolean;
}

/** The scope's own, else its caller's; one that was aborted is none. */
export function activeTransaction(scope: Scope): Transaction | null {
  if (scope.transaction?.open === true) return scope.transaction;
  return scope.outer === null ? null : activeTransaction(scope.outer);
}

export interface TokenLifetimes {
  readonly sessionSeconds: number;
  readonly masterSeconds: number;
}

interface Start extends Pick<Session, 'user' | 'warehouse'>, Pick<Scope, 'role' | 'database' | 'schema'> {
  /** Of account and user; what the session sets itself goes before them. */
  readonly defaults: Parameters | null;
}

export class Sessions {
  readonly #byToken = new Map<string, Session>();
  readonly #byMaster = new Map<string, Session>();
  readonly #byId = new Map<number, Session>();
  readonly #now: () => number;
  lifetimes: TokenLifetimes;
  #nextId = 1_125_899_906_842_600;

  constructor(now: () => number, lifetimes: TokenLifetimes) {
    this.#now = now;
    this.lifetimes = lifetimes;
  }

  open(start: Start): Session {
    this.#nextId += 1;
    const session: Session = {
      id: this.#nextId,
      user: start.user,
      warehouse: start.warehouse,
      parameters: new Parameters(start.defaults),
      scope: {
        outer: null,
        transaction: null,
        role: start.role,
        database: start.database,
        schema: start.schema,
      },
      token: '',
      masterToken: '',
      tokenExpiresAt: 0,
      masterExpiresAt: 0,
      closed: false,
    };
    this.#byId.set(session.id, session);
    this.#issue(session);
    return session;
  }

  /** @throws SqlError 390104, 390111, 390112 */
  byToken(authorization: string | undefined): Session {
    const session = this.#byToken.get(tokenIn(authorization));
    if (session === undefined) throw sessionTokenInvalid();
    if (session.closed) throw sessionGone();
    if (session.tokenExpiresAt <= this.#now() || tokenIn(authorization) !== session.token) throw sessionExpired();
    return session;
  }

  /** @throws SqlError 390104, 390111, 390114 */
  renew(authorization: string | undefined): Session {
    const session = this.#byMaster.get(tokenIn(authorization));
    if (session === undefined) throw sessionTokenInvalid();
    if (session.closed) throw sessionGone();
    if (session.masterExpiresAt <= this.#now() || tokenIn(authorization) !== session.masterToken) {
      throw masterTokenExpired();
    }
    this.#issue(session);
    return session;
  }

  /** The session of a token whether it is still good or not. */
  peek(authorization: string | undefined): Session | null {
    const session = this.#byToken.get(tokenIn(authorization)) ?? null;
    return session?.closed === true ? null : session;
  }

  expire(session: Session, which: 'session' | 'both'): void {
    session.tokenExpiresAt = 0;
    if (which === 'both') session.masterExpiresAt = 0;
  }

  find(id: number): Session | null {
    return this.#byId.get(id) ?? null;
  }

  all(): readonly Session[] {
    return [...this.#byId.values()].filter((session) => !session.closed);
  }

  /** As after a restart: no token is known any more. */
  forgetAll(): void {
    for (const session of this.#byId.values()) session.closed = true;
    this.#byToken.clear();
    this.#byMaster.clear();
    this.#byId.clear();
  }

  #issue(session: Session): void {
    session.token = `ver:3-hint:${session.id}-${randomBytes(24).toString('base64url')}`;
    session.masterToken = `ver:3-hint:${session.id}-${randomBytes(24).toString('base64url')}`;
    session.tokenExpiresAt = this.#now() + this.lifetimes.sessionSeconds * 1_000;
    session.masterExpiresAt = this.#now() + this.lifetimes.masterSeconds * 1_000;
    this.#byToken.set(session.token, session);
    this.#byMaster.set(session.masterToken, session);
  }
}

const tokenIn = (authorization: string | undefined): string =>
  /^Snowflake Token="([^"]*)"$/.exec(authorization ?? '')?.[1] ?? '';
