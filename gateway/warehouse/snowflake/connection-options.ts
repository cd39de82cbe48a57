/** From a profile and its secrets to the driver's options: pure, and every missing part is a fault that names it, before any network. */
import type { ConnectionOptions } from 'snowflake-sdk';
import type { Authenticator, SnowflakeProfile, SnowflakeSecrets } from '../../../contract/snowflake.ts';
import { SnowflakeFault } from './fault.ts';
import { readPrivateKey } from './private-key.ts';
import type { SessionOptions, SnowflakeAccess } from './session.ts';

/** Longer than the 45 s after which Snowflake answers that a statement still runs; our own deadlines end everything else earlier. */
const requestTimeoutMs = 60_000;
const loginTimeoutMs = 10_000;
const browserLoginTimeoutMs = 120_000; // a person types and finds a telephone

export function defaultLoginTimeoutMs(authenticator: Authenticator): number {
  return authenticator === 'EXTERNALBROWSER' ? browserLoginTimeoutMs : loginTimeoutMs;
}

/** Where the account answers. */
export function baseUrl({ accessUrl, account }: Pick<SnowflakeProfile, 'accessUrl' | 'account'>): string {
  return accessUrl?.replace(/\/+$/, '') ?? `https://${account}.snowflakecomputing.com`;
}

/** @throws SnowflakeFault of kind `login` or `key` when a part of the login is missing or unreadable */
export function connectionOptions(
  { profile, secrets }: SnowflakeAccess,
  { openBrowser }: Pick<SessionOptions, 'openBrowser'> = {},
): ConnectionOptions {
  const { account, authenticator, warehouse, database, schema, role, accessUrl } = profile;
  return {
    ...fixedOptions,
    account,
    authenticator,
    warehouse,
    database,
    schema,
    ...(role === null ? {} : { role }),
    // The host too, because for browser logins the driver leaves the port out that it is reached at.
    ...(accessUrl === null ? {} : { accessUrl: baseUrl(profile), host: new URL(accessUrl).host }),
    ...(openBrowser === undefined ? {} : { openExternalBrowserCallback: openBrowser }),
    ...logins[authenticator](profile, secrets()),
  };
}

const fixedOptions: ConnectionOptions = {
  application: 'AIStudioMonitor',
  timeout: requestTimeoutMs,
  sfRetryMaxLoginRetries: 0,
  // Without it the driver sends a refused statement a second time (SNOWFLAKE.md, driver behaviour 2).
  streamResult: true,
  rowMode: 'array',
  representNullAsStringNull: false,
  // One bind is one value here; far above it, so that nothing is ever staged in cloud storage (behaviour 8).
  arrayBindingThreshold: 1_000_000,
  // Neither a session nor a warehouse is kept awake for an idle dashboard.
  clientSessionKeepAlive: false,
  crlOnDiskCache: false,
};

type Login = (profile: SnowflakeProfile, secrets: SnowflakeSecrets) => ConnectionOptions;

const logins: Readonly<Record<Authenticator, Login>> = {
  SNOWFLAKE_JWT: (profile, { privateKey, privateKeyPassphrase }) => ({
    username: userOf(profile),
    privateKey: readPrivateKey(privateKey, privateKeyPassphrase),
  }),
  PROGRAMMATIC_ACCESS_TOKEN: (profile, { token }) => ({
    ...optionalUser(profile),
    token: present(token, 'programmatic access token'),
  }),
  OAUTH_CLIENT_CREDENTIALS: (profile, secrets) => ({ ...optionalUser(profile), ...oauthOptions(profile, secrets) }),
  EXTERNALBROWSER: (profile) => ({
    ...optionalUser(profile),
    browserActionTimeout: browserLoginTimeoutMs,
    clientStoreTemporaryCredential: true, // in memory: driver.ts
  }),
  SNOWFLAKE: (profile, { password }) => ({ username: userOf(profile), password: present(password, 'password') }),
};

function present(value: string | null, what: string): string {
  if (value !== null && value !== '') return value;
  throw new SnowflakeFault('login', `No ${what} was given`, { fix: `Enter the ${what} in Settings → Snowflake.` });
}

const userOf = ({ user }: SnowflakeProfile): string => present(user, 'user name');
const optionalUser = ({ user }: SnowflakeProfile): ConnectionOptions => (user === null ? {} : { username: user });

function oauthOptions({ oauth }: SnowflakeProfile, { oauthClientSecret }: SnowflakeSecrets): ConnectionOptions {
  if (oauth === null) {
    throw new SnowflakeFault('login', 'OAuth is chosen without a client', {
      fix: 'Enter the client id and token URL of the OAuth integration in Settings → Snowflake.',
    });
  }
  return {
    oauthClientId: oauth.clientId,
    oauthClientSecret: present(oauthClientSecret, 'OAuth client secret'),
    oauthTokenRequestUrl: oauth.tokenUrl,
    ...(oauth.scope === null ? {} : { oauthScope: oauth.scope }),
    // The client secret never travels in clear text, except on this computer.
    oauthHttpAllowed: isLoopback(oauth.tokenUrl),
  };
}

function isLoopback(url: string): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname);
}

/**
 * Told to every session, because account and user may have defaults of their own: each statement commits (what needs a transaction begins one,
 * or switches this off for its own session), no result is cut off, times are UTC and without a zone, and what a lost client leaves behind
 * ends by itself.
 */
const fixedParameters = {
  AUTOCOMMIT: true,
  ROWS_PER_RESULTSET: 0,
  TIMEZONE: 'UTC',
  TIMESTAMP_TYPE_MAPPING: 'TIMESTAMP_NTZ',
  TIMESTAMP_INPUT_FORMAT: 'AUTO',
  TIMESTAMP_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF3',
  TIMESTAMP_NTZ_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF3',
  TIMESTAMP_LTZ_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM',
  TIMESTAMP_TZ_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM',
  DATE_OUTPUT_FORMAT: 'YYYY-MM-DD',
  LOCK_TIMEOUT: 60,
  STATEMENT_TIMEOUT_IN_SECONDS: 120,
  ABORT_DETACHED_QUERY: true,
  // VARIANT comes as JSON in one line, NaN and Infinity in it as null.
  JSON_INDENT: 0,
  STRICT_JSON_OUTPUT: true,
} as const;

/** `ALTER SESSION SET …`, because the driver passes only few parameters on at login. Needs no warehouse. */
export function sessionParametersSql(parameters: SessionOptions['parameters'] = {}): string {
  const all = Object.entries({ ...fixedParameters, ...parameters });
  return `ALTER SESSION SET ${all.map(([name, value]) => `${name} = ${literal(value)}`).join(' ')}`;
}

function literal(value: string | number | boolean): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  return typeof value === 'boolean' ? String(value).toUpperCase() : String(value);
}
