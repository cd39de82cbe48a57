import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { standardNames, type StandardAccount } from '../helpers/snowflake-server/standard-account.ts';
import { connect, refusalOf, run } from './driver.ts';
import { scene } from './scene.ts';

const { user } = standardNames;

const connectByBrowser = (standard: StandardAccount, browse: (url: string) => void) =>
  connect(standard.profileFor('EXTERNALBROWSER'), standard.secretsFor('EXTERNALBROWSER'), {
    disableConsoleLogin: false,
    openExternalBrowserCallback: browse,
  });

describe('login', () => {
  it.each(['SNOWFLAKE', 'SNOWFLAKE_JWT', 'PROGRAMMATIC_ACCESS_TOKEN', 'OAUTH_CLIENT_CREDENTIALS'] as const)(
    'lets the service user in by %s, with its role and places',
    async (authenticator) => {
      const { server, open } = await scene();
      const connection = await open(authenticator);
      const { rows } = await run(
        connection,
        'SELECT CURRENT_USER() AS U, CURRENT_ROLE() AS R, CURRENT_WAREHOUSE() AS W, CURRENT_DATABASE() AS D, CURRENT_SCHEMA() AS S',
      );
      expect(rows).toEqual([{ U: user, R: 'AISM_WRITER', W: 'AISM_WH', D: 'AISM', S: 'METRICS' }]);
      expect(server.logins()).toMatchObject([{ code: null, sessionId: server.openSessions().at(-1)?.id }]);
    },
  );

  it('lets a user in by external browser, whose token is good with the proof key of the same login only', async () => {
    const { server, standard } = await scene();
    const browse = (url: string): void => {
      const asked = new URL(url);
      void fetch(`${server.url}${asked.pathname}${asked.search}`);
    };
    const connection = await connectByBrowser(standard, browse);
    expect((await run(connection, 'SELECT CURRENT_USER() AS U')).rows).toEqual([{ U: user }]);
    const stealing = (url: string): void => {
      const asked = new URL(url);
      asked.searchParams.set('proof_key', 'of-somebody-else');
      void fetch(`${server.url}${asked.pathname}${asked.search}`);
    };
    expect(await refusalOf(connectByBrowser(standard, stealing))).toMatchObject({ code: '390190' });
  });

  it('refuses a wrong password with 390100', async () => {
    const { standard } = await scene();
    const secrets = { ...standard.secretsFor('SNOWFLAKE'), password: 'wrong' };
    const refusal = await refusalOf(connect(standard.profileFor('SNOWFLAKE'), secrets));
    expect(refusal).toMatchObject({ code: '390100', message: 'Incorrect username or password was specified.' });
  });

  it('refuses a password alone with 394509 where a second factor is required', async () => {
    const { server, open } = await scene();
    const found = server.account.users.get(user);
    if (found !== undefined) found.secondFactorNeeded = true;
    expect(await refusalOf(open())).toMatchObject({ code: '394509' });
    await open('PROGRAMMATIC_ACCESS_TOKEN');
  });

  it('refuses a wrong access token with 394400, a wrong OAuth secret before Snowflake is asked', async () => {
    const { server, standard } = await scene();
    const token = { ...standard.secretsFor('PROGRAMMATIC_ACCESS_TOKEN'), token: 'wrong' };
    const profile = standard.profileFor('PROGRAMMATIC_ACCESS_TOKEN');
    expect(await refusalOf(connect(profile, token))).toMatchObject({ code: '394400' });
    const oauth = { ...standard.secretsFor('OAUTH_CLIENT_CREDENTIALS'), oauthClientSecret: 'wrong' };
    expect(await refusalOf(connect(standard.profileFor('OAUTH_CLIENT_CREDENTIALS'), oauth))).toMatchObject({
      code: 'ERR_BAD_REQUEST',
    });
    expect(server.logins()).toHaveLength(1);
  });

  it('refuses an OAuth token that has expired since it was issued with 390318', async () => {
    const { server, open } = await scene({ oauthSeconds: 600 });
    server.setFaults(({ kind }) => {
      if (kind === 'login') server.setClockSkewMs(700_000);
      return null;
    });
    expect(await refusalOf(open('OAUTH_CLIENT_CREDENTIALS'))).toMatchObject({ code: '390318' });
    expect(server.openSessions().filter((session) => session.user === user)).toHaveLength(0);
  });

  it('refuses a role that is not granted with 390189, and says which', async () => {
    const { server, standard, open } = await scene();
    server.administrator.revokeRole(user, 'AISM_WRITER');
    const refusal = await refusalOf(open());
    expect(refusal.code).toBe('390189');
    expect(refusal.message).toContain(
      "Role 'AISM_WRITER' specified in the connect string is not granted to this user.",
    );
    expect(standard.profile.role).toBe('AISM_WRITER');
  });

  it('leaves out a warehouse and a database that are absent, without a word', async () => {
    const { standard } = await scene();
    const profile = { ...standard.profileFor('SNOWFLAKE'), warehouse: 'NO_WH', database: 'NO_DB' };
    const connection = await connect(profile, standard.secretsFor('SNOWFLAKE'));
    const { rows } = await run(connection, 'SELECT CURRENT_WAREHOUSE() AS W, CURRENT_DATABASE() AS D');
    expect(rows).toEqual([{ W: null, D: null }]);
  });
});

describe('key-pair login', () => {
  it.each([
    ['another key', 'iss names no registered key', 0],
    ['a clock far behind the server', 'expired', 300_000],
    ['a clock far ahead of the server', 'issued in the future', -300_000],
  ])('refuses %s with 390144 and keeps the reason to itself', async (what, reason, skewMs) => {
    const { server, standard } = await scene();
    server.setClockSkewMs(skewMs);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const secrets =
      what === 'another key'
        ? {
            ...standard.secretsFor('SNOWFLAKE_JWT'),
            privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
            privateKeyPassphrase: null,
          }
        : standard.secretsFor('SNOWFLAKE_JWT');
    const refusal = await refusalOf(connect(standard.profile, secrets));
    expect(refusal.code).toBe('390144');
    expect(refusal.message).toMatch(/^JWT token is invalid\. \[[\w-]{36}\]$/);
    expect(server.logins()).toMatchObject([{ code: '390144', reason }]);
  });

  it('takes the same key without a passphrase', async () => {
    const { standard } = await scene();
    const secrets = {
      ...standard.secretsFor('SNOWFLAKE_JWT'),
      privateKey: standard.plainPrivateKey,
      privateKeyPassphrase: null,
    };
    const connection = await connect(standard.profile, secrets);
    expect(connection.isUp()).toBe(true);
  });

  it('refuses an unknown user like a bad token', async () => {
    const { server, standard } = await scene();
    const profile = { ...standard.profile, user: 'NOBODY' };
    expect(await refusalOf(connect(profile, standard.secretsFor('SNOWFLAKE_JWT')))).toMatchObject({ code: '390144' });
    expect(server.logins()).toMatchObject([{ reason: 'no such user' }]);
  });
});
