import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../contract/errors.ts';
import { loadConfig, type GatewayConfig } from '../../gateway/config.ts';
import type { ConfigSources } from '../../gateway/config-layers.ts';

const pem = '-----BEGIN PRIVATE KEY-----\nkey-canary\n-----END PRIVATE KEY-----\n';
let directory: string;
let keyPath: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'aism-snowflake-'));
  keyPath = join(directory, 'key.p8');
  writeFileSync(keyPath, pem, { mode: 0o600 });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const place = {
  SNOWFLAKE_ACCOUNT: 'org-acc',
  SNOWFLAKE_WAREHOUSE: 'WH',
  SNOWFLAKE_DATABASE: 'DB',
  SNOWFLAKE_SCHEMA: 'PUBLIC',
};
const person = { ...place, SNOWFLAKE_USER: 'ann' };
const load = (env: Record<string, string>, more: Partial<ConfigSources> = {}): GatewayConfig =>
  loadConfig({ flags: {}, env, ...more });
const snowflake = (env: Record<string, string>) => {
  const config = load(env).snowflake;
  if (config === null) throw new Error('Snowflake is off');
  return config;
};
const refusal = (env: Record<string, string>): AppError => {
  try {
    load(env);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('The configuration was accepted');
};

describe('Snowflake', () => {
  it('is off without an account, whatever else is set', () => {
    expect(load({}).snowflake).toBeNull();
    expect(
      load({ SNOWFLAKE_USER: 'ann', SNOWFLAKE_HOME: '/x', SNOWFLAKE_WAREHOUSE: 'not an identifier' }).snowflake,
    ).toBeNull();
  });

  it('takes the .env file of the seed document as it is written there', () => {
    const envFile = join(directory, '.env');
    writeFileSync(
      envFile,
      `SNOWFLAKE_USER=your_user
SNOWFLAKE_PASSWORD=your_password
SNOWFLAKE_ACCOUNT=your_account
SNOWFLAKE_WAREHOUSE=your_warehouse
SNOWFLAKE_DATABASE=your_database
SNOWFLAKE_SCHEMA=your_schema
SNOWFLAKE_ROLE=your_role  # Optional
`,
    );
    const config = load({}, { envFile }).snowflake;
    expect(config?.settings.profile).toEqual({
      account: 'your_account',
      user: 'your_user',
      authenticator: 'SNOWFLAKE',
      warehouse: 'your_warehouse',
      database: 'your_database',
      schema: 'your_schema',
      role: 'your_role',
      accessUrl: null,
      oauth: null,
      disableOcspChecks: false,
    });
    expect(config?.secrets().password).toBe('your_password');
    expect(config?.warnings.join()).toContain('password alone');
  });

  it('delivers every 15 minutes unless told otherwise', () => {
    const login = { ...person, SNOWFLAKE_PASSWORD: 'x' };
    expect(snowflake(login).settings.delivery).toEqual({ enabled: true, intervalMinutes: 15, maxRows: 5_000 });
    expect(snowflake({ ...login, AISM_SNOWFLAKE_INTERVAL_MINUTES: '1' }).settings.delivery.intervalMinutes).toBe(1);
    const flags = { 'snowflake-interval-minutes': '60', 'local-days': '30', 'snowflake-days': '400' };
    const config = loadConfig({ flags, env: { ...login, AISM_LOCAL_DAYS: '7' } });
    expect(config.snowflake?.settings.delivery.intervalMinutes).toBe(60);
    expect(config.retention).toEqual({ localDays: 30, snowflakeDays: 400 });
    expect(load({}).retention).toEqual({ localDays: null, snowflakeDays: null });
  });

  it.each([
    ['a key pair', { ...person, KEY: '', SNOWFLAKE_TOKEN: 't', SNOWFLAKE_PASSWORD: 'p' }, 'SNOWFLAKE_JWT'],
    ['an access token', { ...place, SNOWFLAKE_TOKEN: 't', SNOWFLAKE_PASSWORD: 'p' }, 'PROGRAMMATIC_ACCESS_TOKEN'],
    [
      'an OAuth client',
      {
        ...place,
        SNOWFLAKE_OAUTH_CLIENT_ID: 'id',
        SNOWFLAKE_OAUTH_CLIENT_SECRET: 's',
        SNOWFLAKE_OAUTH_TOKEN_URL: 'https://idp.example/token',
      },
      'OAUTH_CLIENT_CREDENTIALS',
    ],
    ['a password, last', { ...person, SNOWFLAKE_PASSWORD: 'p' }, 'SNOWFLAKE'],
    ['the browser, when it is named', { ...person, SNOWFLAKE_AUTHENTICATOR: 'externalbrowser' }, 'EXTERNALBROWSER'],
    [
      'what is named',
      { ...person, KEY: '', SNOWFLAKE_PASSWORD: 'p', SNOWFLAKE_AUTHENTICATOR: 'snowflake' },
      'SNOWFLAKE',
    ],
  ])('logs in with %s', (_name, { KEY, ...env }: Record<string, string>, authenticator) => {
    const config = snowflake(KEY === undefined ? env : { ...env, SNOWFLAKE_PRIVATE_KEY_PATH: keyPath });
    expect(config.settings.profile.authenticator).toBe(authenticator);
    expect(config.warnings.length).toBe(authenticator === 'SNOWFLAKE' ? 1 : 0);
  });

  it('reads the key from its file and warns when others could', () => {
    const env = { ...person, SNOWFLAKE_PRIVATE_KEY_PATH: keyPath, SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: 'phrase' };
    const own = snowflake(env);
    expect(own.secrets()).toMatchObject({ privateKey: pem, privateKeyPassphrase: 'phrase' });
    expect(own.warnings).toEqual([]);
    chmodSync(keyPath, 0o644);
    expect(snowflake(env).warnings.join()).toContain(`${keyPath} can be read by other users`);
  });

  it.each([
    [{ ...person, SNOWFLAKE_ACCOUNT: 'https://x.y' }, 'SNOWFLAKE_ACCOUNT', 'account identifier'],
    [
      { ...person, SNOWFLAKE_ACCOUNT: 'a.snowflakecomputing.com' },
      'SNOWFLAKE_ACCOUNT',
      'without .snowflakecomputing.com',
    ],
    [{ ...place }, 'SNOWFLAKE_USER', 'is missing'],
    [{ ...person, SNOWFLAKE_WAREHOUSE: '' }, 'SNOWFLAKE_WAREHOUSE', 'is missing'],
    [{ ...person, SNOWFLAKE_DATABASE: '' }, 'SNOWFLAKE_DATABASE', 'is missing'],
    [{ ...person, SNOWFLAKE_SCHEMA: 'a b' }, 'SNOWFLAKE_SCHEMA', 'a Snowflake identifier'],
    [{ ...person, SNOWFLAKE_ROLE: '1x' }, 'SNOWFLAKE_ROLE', 'a Snowflake identifier'],
    [{ ...person, SNOWFLAKE_ACCESS_URL: 'ftp://x' }, 'SNOWFLAKE_ACCESS_URL', 'an http(s) URL'],
    [{ ...person, SNOWFLAKE_AUTHENTICATOR: 'KERBEROS' }, 'SNOWFLAKE_AUTHENTICATOR', 'SNOWFLAKE_JWT, PROGRAMMATIC'],
    [{ ...person, SNOWFLAKE_AUTHENTICATOR: 'SNOWFLAKE_JWT' }, 'SNOWFLAKE_PRIVATE_KEY_PATH', 'authenticator needs'],
    [{ ...person, SNOWFLAKE_PRIVATE_KEY_PATH: '/nowhere/key.p8' }, 'SNOWFLAKE_PRIVATE_KEY_PATH', 'ENOENT'],
    [{ ...person, SNOWFLAKE_DISABLE_OCSP_CHECKS: 'maybe' }, 'SNOWFLAKE_DISABLE_OCSP_CHECKS', 'true, false'],
    [{ ...person, AISM_SNOWFLAKE_INTERVAL_MINUTES: '0' }, 'AISM_SNOWFLAKE_INTERVAL_MINUTES', 'from 1 to 60'],
    [{ AISM_LOCAL_DAYS: '0' }, 'AISM_LOCAL_DAYS', 'from 1 to 3650'],
    [
      { ...place, SNOWFLAKE_OAUTH_CLIENT_SECRET: 's', SNOWFLAKE_OAUTH_CLIENT_ID: 'id' },
      'SNOWFLAKE_OAUTH_TOKEN_URL',
      'is missing',
    ],
  ])('names what is wrong in %j', (env: Record<string, string>, field, words) => {
    const secretful = { SNOWFLAKE_PASSWORD: 'pa55-canary', ...env };
    const error = refusal(secretful);
    expect(error).toMatchObject({ code: 'bad_config', field });
    expect(error.message).toContain(field);
    expect(error.message).toContain(words);
    expect(error.message).toContain('the environment');
    expect(error.message).not.toContain('canary');
  });

  it('says that there is no way to log in', () => {
    const error = refusal(person);
    expect(error).toMatchObject({ field: 'SNOWFLAKE_PRIVATE_KEY_PATH' });
    expect(error.message).toContain('SNOWFLAKE_TOKEN');
  });

  it('never shows the content of a file that is not a key', () => {
    const path = join(directory, 'not-a-key');
    writeFileSync(path, 'pa55-canary', { mode: 0o600 });
    const error = refusal({ ...person, SNOWFLAKE_PRIVATE_KEY_PATH: path });
    expect(error.message).toContain('holds none');
    expect(error.message).not.toContain('canary');
  });

  it('keeps secrets out of anything that prints the configuration', () => {
    const config = load({ ...person, SNOWFLAKE_PASSWORD: 'pa55-canary', SNOWFLAKE_TOKEN: 'token-canary' });
    expect(JSON.stringify(config)).not.toContain('canary');
    expect(config.snowflake?.secrets().password).toBe('pa55-canary');
  });
});
