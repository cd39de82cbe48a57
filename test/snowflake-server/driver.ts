/** The real driver against the local server: quiet, its own probing off, every answer a value or a rejection. */
import type { Bind, Connection, ConnectionOptions, RowStatement } from 'snowflake-sdk';
import type { SnowflakeProfile, SnowflakeSecrets } from '../../contract/snowflake.ts';

process.env['SNOWFLAKE_DISABLE_PLATFORM_DETECTION'] = 'true';
process.env['SF_TELEMETRY_DISABLE_CONNECTION_SHAPE'] = '1';
process.env['SNOWFLAKE_DISABLE_MINICORE'] = 'true';
const { default: snowflake } = await import('snowflake-sdk');
snowflake.configure({ logLevel: 'OFF', additionalLogToConsole: false, useEnvProxy: false });

export type { Connection } from 'snowflake-sdk';

/** Options the driver reads and its types do not name. */
type Options = Omit<Partial<ConnectionOptions>, 'authenticator'> & {
  readonly oauthHttpAllowed?: boolean;
  readonly sfRetryMaxLoginRetries?: number;
  readonly openExternalBrowserCallback?: (url: string) => void;
};

export function connectionFor(profile: SnowflakeProfile, secrets: SnowflakeSecrets, more: Options = {}): Connection {
  const { user, role, accessUrl, oauth, authenticator } = profile;
  const options = {
    account: profile.account,
    accessUrl: accessUrl ?? '',
    authenticator,
    warehouse: profile.warehouse,
    database: profile.database,
    schema: profile.schema,
    sfRetryMaxLoginRetries: 0,
    timeout: 10_000,
    ...(user === null ? {} : { username: user }),
    ...(role === null ? {} : { role }),
    ...(secrets.privateKey === null ? {} : { privateKey: secrets.privateKey }),
    ...(secrets.privateKeyPassphrase === null ? {} : { privateKeyPass: secrets.privateKeyPassphrase }),
    ...(secrets.token === null ? {} : { token: secrets.token }),
    ...(secrets.password === null ? {} : { password: secrets.password }),
    ...(secrets.oauthClientSecret === null || oauth === null
      ? {}
      : {
          oauthClientId: oauth.clientId,
          oauthClientSecret: secrets.oauthClientSecret,
          oauthTokenRequestUrl: oauth.tokenUrl,
          oauthHttpAllowed: true,
        }),
    ...more,
  };
  return snowflake.createConnection(options);
}

export function connect(profile: SnowflakeProfile, secrets: SnowflakeSecrets, more: Options = {}): Promise<Connection> {
  const connection = connectionFor(profile, secrets, more);
  return new Promise((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve(connection)));
  });
}

export interface Ran {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly changedRows: number;
  readonly statement: RowStatement;
}

interface More {
  readonly binds?: readonly unknown[];
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly requestId?: string;
  readonly fetchAsString?: ('String' | 'Boolean' | 'Number' | 'Date' | 'JSON' | 'Buffer')[];
  /** Called as soon as the driver has taken the statement. */
  readonly started?: (statement: RowStatement) => void;
}

/** With `streamResult`, so that the driver sends a failed statement once (SNOWFLAKE.md, driver behaviour 2). */
export async function run(connection: Connection, sqlText: string, more: More = {}): Promise<Ran> {
  const statement = await executed(connection, sqlText, more);
  return { rows: await rowsOf(statement), changedRows: statement.getNumUpdatedRows() ?? -1, statement };
}

function executed(connection: Connection, sqlText: string, more: More): Promise<RowStatement> {
  const { binds, started, ...rest } = more;
  return new Promise((resolve, reject) => {
    const statement = connection.execute({
      sqlText,
      streamResult: true,
      ...(binds === undefined ? {} : { binds: asBinds(binds) }),
      ...rest,
      complete: (error, done) => (error ? reject(error) : resolve(done)),
    });
    started?.(statement);
  });
}

/** The driver's type for binds leaves out rows of values and objects, which it takes. */
const asBinds = (binds: readonly unknown[]): Bind[] => [...binds] as Bind[];

function rowsOf(statement: RowStatement): Promise<Record<string, unknown>[]> {
  return new Promise((resolve, reject) => {
    const rows: Record<string, unknown>[] = [];
    const stream = statement.streamRows();
    stream.on('data', (row: Record<string, unknown>) => rows.push(row));
    stream.on('end', () => resolve(rows));
    stream.on('error', reject);
  });
}

export interface Refusal {
  /** A number for the driver's own errors, text for Snowflake's. */
  readonly code: unknown;
  readonly sqlState: unknown;
  readonly message: string;
}

/** What a promise is rejected with; fails when it is not. */
export async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return {
      code: 'code' in error ? error.code : undefined,
      sqlState: 'sqlState' in error ? error.sqlState : undefined,
      message: error.message,
    };
  }
  throw new Error('Expected a refusal, and it succeeded');
}

export function disconnect(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    connection.destroy(() => resolve());
  });
}
