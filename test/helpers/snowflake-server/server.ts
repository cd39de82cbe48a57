/**
 * A Snowflake for tests: a stand-in for a service that cannot be reached from them. The real driver logs in to it over HTTP, and the SQL runs in
 * a real DuckDB.
 *
 * Built from: the source of snowflake-sdk 3.3.0 (what it sends and reads), Snowflake's documentation (transactions, locks, authentication,
 * parameters) and error texts that users of the real service published. The parts: http and router (requests, faults), login with key-pair,
 * oauth and single-sign-on, sessions, queries with query-routes and chunks, execute with its kinds of statements, transactions over
 * duck-transaction and locks, account with grants, objects; the dialect itself is in sql/.
 *
 * Only a real account can prove: how long and in which scope a request id is recognised again; the present limits of one bind and of VARIANT;
 * when exactly Snowflake gives up a detached transaction; that an UPDATE which waited for a lock re-reads the committed row; codes of refusals
 * that `errors.ts` marks as guessed; and the speed of anything.
 */
import { Account } from './account.ts';
import { Administrator, type PlainRow } from './administrator.ts';
import { Chunks } from './chunks.ts';
import { Turns, type Engine } from './engine.ts';
import type { FaultPolicy } from './faults.ts';
import { Listener, type BodyRules } from './http.ts';
import { Locks, type HeldLock } from './locks.ts';
import { Login, type LoginSeen } from './login.ts';
import { OAuthTokens } from './oauth.ts';
import { Objects } from './objects.ts';
import { Queries } from './queries.ts';
import { QueryRoutes, type QueryTiming, type StatementSeen } from './query-routes.ts';
import { Router } from './router.ts';
import { Sight } from './session-catalog.ts';
import { Sessions, type Session } from './sessions.ts';
import { SingleSignOn } from './single-sign-on.ts';
import { duckSetup } from './sql/duck-setup.ts';
import { Store } from './store.ts';
import { Transactions, type OpenTransaction } from './transactions.ts';

export interface ServerSettings extends QueryTiming, BodyRules {
  /** A transaction without activity for so long is aborted when it blocks another one. Snowflake: 5 minutes. */
  readonly detachedTransactionMs: number;
  readonly sessionSeconds: number;
  readonly masterSeconds: number;
  readonly oauthSeconds: number;
  /**
   * Does an UPDATE that waited for a lock evaluate its WHERE against what was committed meanwhile? Snowflake very probably does, and does not
   * say so in its documentation: false = by what it saw before the wait.
   */
  readonly looksAgain: boolean;
  /** Rows that come with the answer, and rows in a chunk. */
  readonly inlineRows: number;
  readonly rowsPerChunk: number;
}

const standardSettings: ServerSettings = {
  slowQueryMs: 45_000,
  detachedQueryMs: 300_000,
  deduplicate: false,
  detachedTransactionMs: 300_000,
  sessionSeconds: 3_600,
  masterSeconds: 14_400,
  oauthSeconds: 600,
  inlineRows: 1_000,
  rowsPerChunk: 5_000,
  looksAgain: true,
  wireLimitBytes: 1024 * 1024,
  takesGzip: true,
};

export interface ServerOptions extends Partial<ServerSettings> {
  /** 0 = any free one. */
  readonly port?: number;
  /** A DuckDB file that outlives the server; null = in memory. */
  readonly databaseFile?: string | null;
  readonly accountName?: string;
  readonly faults?: FaultPolicy;
}

export interface TransactionSeen extends OpenTransaction {
  /** No connection of its session stands any more: the client is gone, or between two requests without keep-alive. */
  readonly detached: boolean;
}

export interface SnowflakeServer {
  readonly url: string;
  readonly port: number;
  readonly account: Account;
  readonly administrator: Administrator;
  configure(settings: Partial<ServerSettings>): void;
  setFaults(policy: FaultPolicy | null): void;
  /** Positive: the server's clock is ahead of ours. Tokens, logins and the Date header go by it. */
  setClockSkewMs(ms: number): void;
  /** Connections are refused until `resume`, and those there are break; sessions and transactions stay. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** As a restart of the service: every session, statement and open transaction is gone; data and account stay. */
  restart(): Promise<void>;
  stop(): Promise<void>;

  // ── for oracles ──
  /** Committed rows by Snowflake SQL, as the administrator sees them; column names as in the result. */
  rows(sqlText: string): Promise<readonly PlainRow[]>;
  statementsSeen(): readonly StatementSeen[];
  logins(): readonly LoginSeen[];
  openTransactions(): readonly TransactionSeen[];
  lockHolders(): readonly HeldLock[];
  /** Statements that wait for a lock. */
  lockWaiters(): number;
  openSessions(): readonly { readonly id: number; readonly user: string; readonly role: string }[];
  bytesReceived(): number;
  /** Requests that were refused for their size or encoding. */
  refusedBodies(): number;
}

export async function startSnowflakeServer(options: ServerOptions = {}): Promise<SnowflakeServer> {
  const store = await Store.open(options.databaseFile ?? null);
  for (const statement of duckSetup) await store.own.run(statement);
  const account = new Account(options.accountName ?? 'LOCAL');
  const objects = await Objects.load(store, account.grants);
  const parts = assemble(options, store, account, objects);
  await parts.listener.listen(options.port ?? 0);
  return serverOf(parts);
}

type Parts = ReturnType<typeof assemble>;

function assemble(options: ServerOptions, store: Store, account: Account, objects: Objects) {
  const state = {
    settings: { ...standardSettings, ...options } satisfies ServerSettings,
    faults: options.faults ?? null,
    clockSkewMs: 0,
  };
  const now = (): number => Date.now() + state.clockSkewMs;
  const baseUrl = (): string => `http://127.0.0.1:${listener.port}`;
  const sessions = new Sessions(now, state.settings);
  const locks = new Locks(() => state.settings.detachedTransactionMs);
  const transactions = new Transactions(store, locks);
  const sight = new Sight(account, objects);
  const looksAgain = (): boolean => state.settings.looksAgain;
  const definitions = new Turns();
  const engine: Engine = { account, store, objects, sight, sessions, transactions, definitions, looksAgain };
  const chunks = new Chunks(state.settings);
  const queries = new Queries(engine, chunks, baseUrl);
  const oauth = new OAuthTokens(account, now);
  oauth.lifetimeSeconds = state.settings.oauthSeconds;
  const sso = new SingleSignOn(account, baseUrl);
  const login = new Login({ account, sessions, sight, oauth, sso, now });
  const queryRoutes = new QueryRoutes(queries, chunks, () => state.settings);
  const endSession = async (session: Session): Promise<void> => {
    session.closed = true;
    await queries.abortOf(session);
    await transactions.abortOf(session.id);
  };
  const router = new Router({
    login,
    sessions,
    queries: queryRoutes,
    oauth,
    sso,
    faults: () => state.faults,
    endSession,
  });
  const listener = new Listener(router.answer, now, () => state.settings);
  const administrator = new Administrator(engine);
  return { state, store, engine, locks, chunks, queries, oauth, login, queryRoutes, listener, administrator };
}

function serverOf(parts: Parts): SnowflakeServer {
  const { state, engine, listener, locks, queries, administrator } = parts;
  const { sessions, transactions, account } = engine;
  const port = listener.port;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    account,
    administrator,
    configure: (settings) => configure(parts, settings),
    setFaults: (policy) => {
      state.faults = policy;
    },
    setClockSkewMs: (ms) => {
      state.clockSkewMs = ms;
    },
    pause: () => listener.close(),
    resume: () => listener.listen(port),
    restart: async () => {
      await listener.close();
      await abandon(parts);
      await listener.listen(port);
    },
    stop: async () => {
      await listener.close();
      await abandon(parts);
      locks.close();
      parts.store.close();
    },
    rows: (sqlText) => administrator.run(sqlText),
    statementsSeen: () => parts.queryRoutes.seen,
    logins: () => parts.login.seen,
    openTransactions: () =>
      transactions.open().map((open) => ({ ...open, detached: !listener.isConnected(open.session) })),
    lockHolders: () => locks.holders(),
    lockWaiters: () => locks.waiting(),
    openSessions: () =>
      sessions.all().map((session) => ({ id: session.id, user: session.user, role: session.scope.role })),
    bytesReceived: () => listener.bytesReceived,
    refusedBodies: () => listener.refusedBodies,
  };

  async function abandon({ engine: { sessions: all } }: Parts): Promise<void> {
    all.forgetAll();
    await queries.abortOf(null);
    await transactions.abortOf(null);
  }
}

function configure({ state, engine, chunks, oauth }: Parts, settings: Partial<ServerSettings>): void {
  state.settings = { ...state.settings, ...settings };
  engine.sessions.lifetimes = state.settings;
  chunks.rules = state.settings;
  oauth.lifetimeSeconds = state.settings.oauthSeconds;
}
