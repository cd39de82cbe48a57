import { describe, expect, it } from 'vitest';
import { SnowflakeForm } from '../../../../../contract/ipc.ts';
import { draftOf, type Draft } from '../../../../../renderer/views/settings/snowflake/draft.ts';
import { checkDraft } from '../../../../../renderer/views/settings/snowflake/validate.ts';
import { exampleSettings } from '../../../fixture/snowflake-answers.ts';

const plainKey = '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----';
const encryptedKey = plainKey.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE');
const draft = (change: Partial<Draft> = {}): Draft => ({ ...draftOf(exampleSettings), ...change });
const problems = (change: Partial<Draft>, known: readonly string[] = ['privateKey']): Record<string, string> =>
  Object.fromEntries(checkDraft(draft(change), known).problems);

describe('a draft', () => {
  it('that is whole becomes the form of the contract, and keeps stored secrets by sending none', () => {
    const { form } = checkDraft(draft(), ['privateKey']);
    expect(form?.settings).toEqual(exampleSettings);
    expect(Object.values(form?.secrets ?? {})).toEqual([null, null, null, null, null]);
    expect(SnowflakeForm.safeParse(form).success).toBe(true);
  });

  it('that is empty names each field that is needed and no other', () => {
    const { form, problems: found } = checkDraft(draftOf(null), []);
    expect(form).toBeNull();
    expect([...found.keys()].toSorted()).toEqual(['account', 'database', 'privateKey', 'schema', 'user', 'warehouse']);
  });

  it('is checked by the contract, whose message stands at its field', () => {
    expect(problems({ account: 'acme.snowflakecomputing.com' })['account']).toBe(
      'Enter the identifier alone, without .snowflakecomputing.com',
    );
    expect(problems({ database: 'my db' })['database']).toMatch(/^Enter a Snowflake identifier/);
    expect(problems({ database: '"my db"' })).toEqual({});
    expect(problems({ accessUrl: 'acme' })['accessUrl']).toMatch(/http\(s\) URL/);
    for (const maxRows of ['', '99', '16001', '1.5', 'many'])
      expect(problems({ maxRows })['maxRows']).toBe('Enter a whole number from 100 to 16,000');
  });

  it('takes spaces around names as typed by accident, but not around a password', () => {
    const typed = draft({ account: ' acme ', role: '  ', authenticator: 'SNOWFLAKE', password: ' open ' });
    const { form } = checkDraft(typed, []);
    expect(form?.settings.profile).toMatchObject({ account: 'acme', role: null });
    expect(form?.secrets.password).toBe(' open ');
  });
});

describe('each way to log in', () => {
  it('needs a user only where a token does not name one', () => {
    expect(problems({ user: '' })).toHaveProperty('user');
    expect(problems({ user: '', authenticator: 'EXTERNALBROWSER' }, [])).toHaveProperty('user');
    expect(problems({ user: '', authenticator: 'PROGRAMMATIC_ACCESS_TOKEN', token: 't' }, [])).toEqual({});
  });

  it('needs its own secret unless it is known, and sends no other', () => {
    expect(Object.keys(problems({ authenticator: 'PROGRAMMATIC_ACCESS_TOKEN' }))).toEqual(['token']);
    expect(problems({ authenticator: 'EXTERNALBROWSER' }, [])).toEqual({});
    const switched = draft({ authenticator: 'PROGRAMMATIC_ACCESS_TOKEN', token: 'pat', password: 'typed before' });
    expect(checkDraft(switched, []).form?.secrets).toMatchObject({ token: 'pat', password: null, privateKey: null });
  });

  it('by OAuth needs client id and token address, which other ways do not send', () => {
    const oauth = { authenticator: 'OAUTH_CLIENT_CREDENTIALS', oauthClientSecret: 's' } as const;
    expect(Object.keys(problems(oauth, [])).toSorted()).toEqual(['oauthClientId', 'oauthTokenUrl']);
    const whole = draft({ ...oauth, oauthClientId: 'id', oauthTokenUrl: 'https://idp.example/token' });
    expect(checkDraft(whole, []).form?.settings.profile.oauth).toEqual({
      clientId: 'id',
      tokenUrl: 'https://idp.example/token',
      scope: null,
    });
    expect(
      checkDraft({ ...whole, authenticator: 'SNOWFLAKE_JWT' }, ['privateKey']).form?.settings.profile.oauth,
    ).toBeNull();
  });

  it('by key pair wants the passphrase of an encrypted key with the key, even when an older one is known', () => {
    expect(problems({ privateKey: plainKey }, [])).toEqual({});
    expect(problems({ privateKey: 'not a key' }, [])).toHaveProperty('privateKey');
    expect(problems({ privateKey: encryptedKey }, ['privateKeyPassphrase'])).toHaveProperty('privateKeyPassphrase');
    expect(problems({ privateKey: encryptedKey, privateKeyPassphrase: 'open' }, [])).toEqual({});
  });
});
