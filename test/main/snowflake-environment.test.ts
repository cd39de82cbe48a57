import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readEnvironmentAccount, takeSnowflakeNames } from '../../main/snowflake-environment.ts';

const seed = {
  SNOWFLAKE_ACCOUNT: 'myorg-myaccount',
  SNOWFLAKE_USER: 'AISM_WRITER',
  SNOWFLAKE_WAREHOUSE: 'AISM_WH',
  SNOWFLAKE_DATABASE: 'AISM',
  SNOWFLAKE_SCHEMA: 'USAGE',
};
const read = (env: Record<string, string | undefined>) => readEnvironmentAccount(takeSnowflakeNames({ ...env }));

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aism-env-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the environment', () => {
  test('loses every Snowflake name it had, so that no process started later inherits a secret', () => {
    const env: Record<string, string | undefined> = {
      ...seed,
      SNOWFLAKE_PASSWORD: 'CANARY',
      SNOWFLAKE_TOKEN: '',
      PATH: '/bin',
    };
    expect(takeSnowflakeNames(env)).toMatchObject({ 'secrets.password': 'CANARY' });
    expect(env).toEqual({ PATH: '/bin' });
  });

  test('configures nothing without an account', async () => {
    expect(await read({ SNOWFLAKE_USER: 'u', SNOWFLAKE_PASSWORD: 'p' })).toEqual({
      account: null,
      retention: { localDays: null, snowflakeDays: null },
      problem: null,
    });
  });

  test('with the seven seed names logs in by password', async () => {
    const { account, problem } = await read({ ...seed, SNOWFLAKE_PASSWORD: 'CANARY', SNOWFLAKE_ROLE: 'WRITER' });
    expect(problem).toBeNull();
    expect(account).toMatchObject({
      settings: {
        profile: { authenticator: 'SNOWFLAKE', role: 'WRITER' },
        delivery: { enabled: true, intervalMinutes: 15 },
      },
      secrets: { password: 'CANARY', token: null },
    });
  });

  test('sets pace, retention and revocation checks, and leaves names that are no secrets to the gateway', async () => {
    const env: Record<string, string | undefined> = {
      ...seed,
      SNOWFLAKE_PASSWORD: 'p',
      SNOWFLAKE_DISABLE_OCSP_CHECKS: 'TRUE',
      AISM_SNOWFLAKE_INTERVAL_MINUTES: '5',
      AISM_LOCAL_DAYS: '30',
    };
    const { account, retention } = await readEnvironmentAccount(takeSnowflakeNames(env));
    expect(account?.settings).toMatchObject({
      profile: { disableOcspChecks: true },
      delivery: { intervalMinutes: 5 },
    });
    expect(retention).toEqual({ localDays: 30, snowflakeDays: null });
    expect(Object.keys(env)).toEqual(['AISM_SNOWFLAKE_INTERVAL_MINUTES', 'AISM_LOCAL_DAYS']);
  });

  test('brings a private key from the file it names, with its passphrase', async () => {
    const path = join(folder, 'key.p8');
    await writeFile(path, '-----BEGIN ENCRYPTED PRIVATE KEY-----');
    const { account } = await read({
      ...seed,
      SNOWFLAKE_PRIVATE_KEY_PATH: path,
      SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: 'pp',
    });
    expect(account).toMatchObject({
      settings: { profile: { authenticator: 'SNOWFLAKE_JWT' } },
      secrets: { privateKey: '-----BEGIN ENCRYPTED PRIVATE KEY-----', privateKeyPassphrase: 'pp' },
    });
  });

  test('can log in by token without a user, or as an OAuth client', async () => {
    const { SNOWFLAKE_USER: _none, ...noUser } = seed;
    expect((await read({ ...noUser, SNOWFLAKE_TOKEN: 't' })).account?.settings.profile).toMatchObject({
      authenticator: 'PROGRAMMATIC_ACCESS_TOKEN',
      user: null,
    });
    const oauth = {
      SNOWFLAKE_AUTHENTICATOR: 'oauth_client_credentials',
      SNOWFLAKE_OAUTH_CLIENT_ID: 'id',
      SNOWFLAKE_OAUTH_CLIENT_SECRET: 's',
      SNOWFLAKE_OAUTH_TOKEN_URL: 'https://login.example.com/token',
    };
    expect((await read({ ...noUser, ...oauth })).account).toMatchObject({
      settings: { profile: { oauth: { clientId: 'id', scope: null } } },
      secrets: { oauthClientSecret: 's' },
    });
  });

  test.each([
    ['SNOWFLAKE_WAREHOUSE', { SNOWFLAKE_WAREHOUSE: '' }],
    ['SNOWFLAKE_ACCOUNT', { SNOWFLAKE_ACCOUNT: 'a.snowflakecomputing.com' }],
    ['SNOWFLAKE_AUTHENTICATOR', { SNOWFLAKE_AUTHENTICATOR: 'KERBEROS' }],
    ['SNOWFLAKE_USER', { SNOWFLAKE_USER: '' }],
    ['SNOWFLAKE_DISABLE_OCSP_CHECKS', { SNOWFLAKE_DISABLE_OCSP_CHECKS: 'maybe' }],
    ['AISM_SNOWFLAKE_INTERVAL_MINUTES', { AISM_SNOWFLAKE_INTERVAL_MINUTES: 'often' }],
    ['SNOWFLAKE_PRIVATE_KEY_PATH', { SNOWFLAKE_PRIVATE_KEY_PATH: '/no/such/CANARY.p8' }],
    ['SNOWFLAKE_PRIVATE_KEY_PATH', { SNOWFLAKE_PASSWORD: undefined }],
    ['SNOWFLAKE_OAUTH_TOKEN_URL', { SNOWFLAKE_OAUTH_CLIENT_ID: 'id', SNOWFLAKE_OAUTH_TOKEN_URL: 'CANARY' }],
  ])('that cannot be used names %s and no value', async (name, change) => {
    const { account, problem } = await read({ ...seed, SNOWFLAKE_PASSWORD: 'CANARY', ...change });
    expect(account).toBeNull();
    expect(problem).toContain(`${name} in the environment:`);
    expect(problem).not.toContain('CANARY');
  });
});
