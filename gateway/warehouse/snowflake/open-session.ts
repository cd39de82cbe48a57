/**
 * A session over the driver. Its timing is ours: every wait has a deadline, and a request that is given up is ended, not left to the driver.
 *
 * Invariants:
 * - A fault after which the session's state is unknown (network, time-out, cancellation, busy server, lost session) ends it: `isUp()` is false
 *   and no further statement is sent. A statement that Snowflake refused leaves it as it was.
 * - A statement that is given up is cancelled in Snowflake too, by a request of its own.
 * - Nothing is asked of a warehouse but the statements themselves: logging in, setting parameters and heartbeats need none.
 */
import type { Connection, RowStatement } from 'snowflake-sdk';
import { classify, type FaultScene } from './classify.ts';
import { baseUrl, connectionOptions, defaultLoginTimeoutMs, sessionParametersSql } from './connection-options.ts';
import { within, type StopReason } from './deadline.ts';
import { withRequests } from './driver-requests.ts';
import { loadDriver } from './driver.ts';
import { SnowflakeFault, type FaultKind } from './fault.ts';
import { queryTag } from './query-tag.ts';
import { runStatement } from './run-statement.ts';
import type {
  OpenSession,
  SessionOptions,
  SnowflakeAccess,
  SnowflakeSession,
  Statement,
  StatementResult,
} from './session.ts';

const defaultStatementTimeoutMs = 120_000;
const heartbeatTimeoutMs = 5_000;
const cancelTimeoutMs = 5_000;
const logoutTimeoutMs = 3_000;

/** A session that can be asked whether it still lives, without a statement and so without a warehouse. */
export interface DriverSession extends SnowflakeSession {
  isAlive(): Promise<boolean>;
}

/** @throws SnowflakeFault; missing or unreadable secrets are told before any network */
export async function openSession(access: SnowflakeAccess, options: SessionOptions = {}): Promise<DriverSession> {
  const started = performance.now();
  const scene = sceneOf(access);
  const timeoutMs = options.loginTimeoutMs ?? defaultLoginTimeoutMs(access.profile.authenticator);
  const connection = createConnection(access, options, scene);
  try {
    await logIn(connection, scene, timeoutMs, options.signal);
    const session = new ConnectedSession(connection, scene);
    await session.execute({
      sql: sessionParametersSql(options.parameters),
      tag: queryTag('session'),
      timeoutMs: Math.max(1_000, timeoutMs - (performance.now() - started)),
      signal: options.signal,
    });
    return session;
  } catch (error) {
    void logOut(connection);
    throw error;
  }
}

openSession satisfies OpenSession;

function sceneOf({ profile, secrets }: SnowflakeAccess): FaultScene {
  const { host } = new URL(baseUrl(profile));
  const tokenHost = profile.oauth === null ? null : new URL(profile.oauth.tokenUrl).host;
  const usesOAuth = profile.authenticator === 'OAUTH_CLIENT_CREDENTIALS' && tokenHost !== null;
  return { doing: 'login', host: usesOAuth ? `${host} or the OAuth server ${tokenHost}` : host, secrets: secrets() };
}

function createConnection(access: SnowflakeAccess, options: SessionOptions, scene: FaultScene): Connection {
  const driverOptions = connectionOptions(access, options);
  const driver = loadDriver();
  // The driver keeps this for the whole process; it is told again before each login, and one process serves one profile at a time.
  driver.configure({ disableOCSPChecks: access.profile.disableOcspChecks });
  try {
    return driver.createConnection(driverOptions);
  } catch (error) {
    throw classify(error, scene);
  }
}

async function logIn(
  connection: Connection,
  scene: FaultScene,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const clock: { skewMs: number | null } = { skewMs: null };
  // The header has whole seconds: half a second is the best guess of the rest.
  const onServerDate = (serverMs: number, ownMs: number) => {
    clock.skewMs = serverMs + 500 - ownMs;
  };
  const connect = (stop: AbortSignal) =>
    withRequests({ signal: stop, onServerDate }, () => callConnect(connection)).catch((error: unknown) => {
      throw classify(error, { ...scene, clockSkewMs: clock.skewMs });
    });
  await within({ timeoutMs, signals: [signal] }, connect, (why) => loginStopped(why, scene, timeoutMs));
}

/** The driver tells some failures of a login by its callback and throws others. */
function callConnect(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.connectAsync((error) => (error ? reject(error) : resolve())).catch(reject);
  });
}

function loginStopped(why: StopReason, { host }: FaultScene, timeoutMs: number): SnowflakeFault {
  if (why === 'cancelled') return new SnowflakeFault('cancelled', 'The login was cancelled');
  return new SnowflakeFault('network', `${host} did not answer the login within ${timeoutMs / 1_000} s`, {
    fix: 'A firewall may drop the connection: have HTTPS to this host opened, or set HTTPS_PROXY.',
  });
}

/** Ends the session on the server as far as the network lets it, and its sockets in any case. */
function logOut(connection: Connection): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort();
    resolve();
  }, logoutTimeoutMs);
  // Its error says that the session was over already, or that nobody can be reached: both are an end.
  withRequests({ signal: stop.signal }, () => connection.destroy(() => resolve()));
  return promise.finally(() => clearTimeout(timer));
}

/** After these nobody knows what the session is doing. */
const endsSession: ReadonlySet<FaultKind> = new Set([
  'network',
  'account',
  'session',
  'timeout',
  'cancelled',
  'throttled',
  'internal',
]);

class ConnectedSession implements DriverSession {
  readonly #connection: Connection;
  readonly #scene: FaultScene;
  readonly #closing = new AbortController();
  #lost = false;
  #cancelling: Promise<void> = Promise.resolve();
  #closed: Promise<void> | null = null;

  constructor(connection: Connection, scene: FaultScene) {
    this.#connection = connection;
    this.#scene = { ...scene, doing: 'statement' };
  }

  isUp(): boolean {
    return !this.#lost && this.#connection.isUp();
  }

  async execute(statement: Statement): Promise<StatementResult> {
    if (!this.isUp()) throw new SnowflakeFault('session', 'The Snowflake session has ended');
    try {
      return await this.#run(statement);
    } catch (error) {
      const fault = classify(error, this.#scene);
      if (endsSession.has(fault.kind)) this.#lost = true;
      throw fault;
    }
  }

  #run(statement: Statement): Promise<StatementResult> {
    const sent: { statement: RowStatement | null } = { statement: null };
    const timeoutMs = statement.timeoutMs ?? defaultStatementTimeoutMs;
    return within(
      { timeoutMs, signals: [statement.signal, this.#closing.signal] },
      (signal) =>
        withRequests({ signal }, () =>
          runStatement(this.#connection, statement, (running) => {
            sent.statement = running;
          }),
        ),
      (why) => {
        if (sent.statement !== null) this.#cancelling = cancel(sent.statement);
        return statementStopped(why, timeoutMs);
      },
    );
  }

  async isAlive(): Promise<boolean> {
    if (!this.isUp()) return false;
    const alive = await within(
      { timeoutMs: heartbeatTimeoutMs, signals: [this.#closing.signal] },
      (signal) => withRequests({ signal }, () => this.#connection.isValidAsync()),
      (why) => statementStopped(why, heartbeatTimeoutMs),
    ).catch(() => false);
    if (!alive) this.#lost = true;
    return alive;
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    this.#lost = true;
    this.#closing.abort();
    await this.#cancelling;
    await logOut(this.#connection);
  }
}

function statementStopped(why: StopReason, timeoutMs: number): SnowflakeFault {
  if (why === 'cancelled') return new SnowflakeFault('cancelled', 'The statement was cancelled');
  return new SnowflakeFault('timeout', `Snowflake did not finish the statement within ${timeoutMs / 1_000} s`, {
    fix: 'Choose a shorter range, or a larger warehouse.',
  });
}

/** Whether it was still running is for Snowflake to know: its answer changes nothing here. */
function cancel(statement: RowStatement): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort();
    resolve();
  }, cancelTimeoutMs);
  withRequests({ signal: stop.signal }, () => statement.cancel(() => resolve()));
  return promise.finally(() => clearTimeout(timer));
}
