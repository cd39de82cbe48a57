import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SnowflakeProfile, SnowflakeSecrets } from '../../../../contract/snowflake.ts';
import {
  baseUrl,
  connectionOptions,
  sessionParametersSql,
} from '../../../../gateway/warehouse/snowflake/connection-options.ts';
import { SnowflakeFault } from '../../../../gateway/warehouse/snowflake/fault.ts';

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ format: 'pem', type: 'pkcs8' })
  .toString();
const oauth = { clientId: 'monitor', tokenUrl: 'https://login.example.com/token', scope: 'session:role:LOADER' };

const profileOf = (more: object) =>
  SnowflakeProfile.parse({
    account: 'acme-main',
    user: 'monitor',
    warehouse: 'WH',
    database: 'DB',
    schema: '"My Schema"',
    ...more,
  });
const optionsOf = (profile: object, secrets: object) =>
  connectionOptions({ profile: profileOf(profile), secrets: () => SnowflakeSecrets.parse(secrets) });

const allSecrets = { privateKey: pem, token: 'pat', password: 'pw', oauthClientSecret: 'cs' };
const ofLogin = ['username', 'privateKey', 'token', 'password', 'oauthClientId', 'oauthClientSecret'] as const;

describe('options of the driver', () => {
  it.each([
    ['SNOWFLAKE_JWT', { username: 'monitor', privateKey: pem }],
    ['PROGRAMMATIC_ACCESS_TOKEN', { username: 'monitor', token: 'pat' }],
    ['OAUTH_CLIENT_CREDENTIALS', { username: 'monitor', oauthClientId: 'monitor', oauthClientSecret: 'cs' }],
    ['EXTERNALBROWSER', { username: 'monitor' }],
    ['SNOWFLAKE', { username: 'monitor', password: 'pw' }],
  ])('for %s carry its own secret and no other', (authenticator, expected) => {
    const options = optionsOf({ authenticator, oauth }, allSecrets);
    expect(options.authenticator).toBe(authenticator);
    const given = Object.fromEntries(ofLogin.filter((name) => name in options).map((name) => [name, options[name]]));
    expect(given).toEqual(expected);
  });

  it('leave timing to us, and stage nothing', () => {
    const options = optionsOf({}, allSecrets);
    expect(options).toMatchObject({ sfRetryMaxLoginRetries: 0, streamResult: true, clientSessionKeepAlive: false });
    expect(options.arrayBindingThreshold).toBeGreaterThan(100_000);
  });

  it.each([
    ['SNOWFLAKE_JWT', 'key', 'No private key was given'],
    ['PROGRAMMATIC_ACCESS_TOKEN', 'login', 'No programmatic access token was given'],
    ['OAUTH_CLIENT_CREDENTIALS', 'login', 'No OAuth client secret was given'],
    ['SNOWFLAKE', 'login', 'No password was given'],
  ])('for %s without its secret are a fault that names it', (authenticator, kind, message) => {
    const attempt = () => optionsOf({ authenticator, oauth }, {});
    expect(attempt).toThrow(SnowflakeFault);
    expect(attempt).toThrow(expect.objectContaining({ kind, message }));
  });

  it('need a user name where the login does', () => {
    expect(() => optionsOf({ user: null }, allSecrets)).toThrow('No user name was given');
    expect(optionsOf({ user: null, authenticator: 'PROGRAMMATIC_ACCESS_TOKEN' }, allSecrets).token).toBe('pat');
  });

  it('send an OAuth secret in clear text to this computer only', () => {
    const allowed = (tokenUrl: string) =>
      optionsOf({ authenticator: 'OAUTH_CLIENT_CREDENTIALS', oauth: { ...oauth, tokenUrl } }, allSecrets)
        .oauthHttpAllowed;
    expect(allowed('http://127.0.0.1:9/token')).toBe(true);
    expect(allowed('http://127.0.0.1.example.com/token')).toBe(false);
    expect(allowed('http://login.example.com/token')).toBe(false);
  });

  it('take the access URL without its last slash, else the account host', () => {
    expect(baseUrl(profileOf({ accessUrl: 'http://127.0.0.1:80/' }))).toBe('http://127.0.0.1:80');
    expect(baseUrl(profileOf({}))).toBe('https://acme-main.snowflakecomputing.com');
  });
});

describe('session parameters', () => {
  it('are one statement, with the extra ones last and quotes doubled', () => {
    const sql = sessionParametersSql({ AUTOCOMMIT: false, LOCK_TIMEOUT: 20, NOTE: "it's" });
    expect(sql).toMatch(/^ALTER SESSION SET AUTOCOMMIT = FALSE ROWS_PER_RESULTSET = 0 TIMEZONE = 'UTC' /);
    expect(sql).toContain('LOCK_TIMEOUT = 20 ');
    expect(sql.match(/LOCK_TIMEOUT/g)).toHaveLength(1);
    expect(sql).toMatch(/ NOTE = 'it''s'$/);
  });
});
