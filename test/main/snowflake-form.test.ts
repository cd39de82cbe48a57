import { describe, expect, test } from 'vitest';
import { SnowflakeSecrets } from '../../contract/snowflake.ts';
import { accountOf, type SnowflakeAccount } from '../../main/snowflake-form.ts';
import { snowflakeForm } from './snowflake-form-example.ts';

const none = SnowflakeSecrets.parse({});
const oauth = { clientId: 'aism', tokenUrl: 'https://login.example.com/token', scope: null };
const stored = (...[secrets, profile]: Parameters<typeof snowflakeForm>): SnowflakeAccount =>
  accountOf(snowflakeForm(secrets, profile), null);

describe('the secrets of a form', () => {
  test('are its own where it has them, and the stored ones where it has none', () => {
    const before = stored({ password: 'old' });
    expect(accountOf(snowflakeForm({ password: 'new' }), before).secrets.password).toBe('new');
    expect(accountOf(snowflakeForm({}, { warehouse: 'OTHER_WH' }), before).secrets.password).toBe('old');
  });

  test('that the chosen way to log in does not use are dropped', () => {
    const all = { password: 'p', token: 't', privateKey: 'k', privateKeyPassphrase: 'pp', oauthClientSecret: 'o' };
    expect(stored(all, { authenticator: 'SNOWFLAKE' }).secrets).toEqual({ ...none, password: 'p' });
    expect(stored(all, { authenticator: 'PROGRAMMATIC_ACCESS_TOKEN' }).secrets).toEqual({ ...none, token: 't' });
    expect(stored(all, { authenticator: 'EXTERNALBROWSER' }).secrets).toEqual(none);
    expect(stored(all, { authenticator: 'SNOWFLAKE_JWT' }).secrets).toEqual({
      ...none,
      privateKey: 'k',
      privateKeyPassphrase: 'pp',
    });
    expect(stored(all, { authenticator: 'OAUTH_CLIENT_CREDENTIALS', oauth }).secrets).toEqual({
      ...none,
      oauthClientSecret: 'o',
    });
  });

  test('never lend the passphrase of an older key to a new one', () => {
    const jwt = { authenticator: 'SNOWFLAKE_JWT' } as const;
    const before = stored({ privateKey: 'key-1', privateKeyPassphrase: 'pass-1' }, jwt);
    expect(accountOf(snowflakeForm({}, jwt), before).secrets).toMatchObject({ privateKeyPassphrase: 'pass-1' });
    expect(accountOf(snowflakeForm({ privateKey: 'key-2' }, jwt), before).secrets).toMatchObject({
      privateKey: 'key-2',
      privateKeyPassphrase: null,
    });
  });

  test.each([
    ['another account', { account: 'evil-account' }],
    ['another address', { accessUrl: 'https://evil.example.com' }],
  ])('are asked for again when they would be sent to %s', (_what, profile) => {
    const before = stored({ password: 'CANARY' });
    expect(() => accountOf(snowflakeForm({}, profile), before)).toThrow(
      expect.objectContaining({ code: 'bad_request', field: 'secrets.password' }),
    );
    expect(accountOf(snowflakeForm({ password: 'typed' }, profile), before).secrets.password).toBe('typed');
  });

  test('are asked for again when a client secret would go to another token URL', () => {
    const how = { authenticator: 'OAUTH_CLIENT_CREDENTIALS', user: null, oauth } as const;
    const before = stored({ oauthClientSecret: 'CANARY' }, how);
    const elsewhere = { ...how, oauth: { ...oauth, tokenUrl: 'https://evil.example.com/token' } };
    expect(() => accountOf(snowflakeForm({}, elsewhere), before)).toThrow('Enter the OAuth client secret again');
  });

  test('keep a private key for any address, because it is never sent', () => {
    const jwt = { authenticator: 'SNOWFLAKE_JWT' } as const;
    const before = stored({ privateKey: 'key' }, jwt);
    const moved = accountOf(snowflakeForm({}, { ...jwt, accessUrl: 'https://private.link' }), before);
    expect(moved.secrets.privateKey).toBe('key');
  });
});

describe('a form that is not complete is refused and the field is named', () => {
  test.each([
    ['secrets.password', {}, {}],
    ['secrets.privateKey', {}, { authenticator: 'SNOWFLAKE_JWT' }],
    ['secrets.token', {}, { authenticator: 'PROGRAMMATIC_ACCESS_TOKEN', user: null }],
    ['secrets.oauthClientSecret', {}, { authenticator: 'OAUTH_CLIENT_CREDENTIALS', oauth }],
    ['settings.profile.oauth', { oauthClientSecret: 'o' }, { authenticator: 'OAUTH_CLIENT_CREDENTIALS' }],
    ['settings.profile.user', { password: 'p' }, { user: null }],
    ['settings.profile.user', {}, { authenticator: 'EXTERNALBROWSER', user: null }],
  ] as const)('%s', (field, secrets, profile) => {
    expect(() => accountOf(snowflakeForm(secrets, profile), null)).toThrow(
      expect.objectContaining({ code: 'bad_request', field }),
    );
  });
});
