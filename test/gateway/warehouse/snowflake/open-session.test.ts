import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Authenticator } from '../../../../contract/snowflake.ts';
import { openSession } from '../../../../gateway/warehouse/snowflake/open-session.ts';
import { startBrowserLoginFront } from './browser-login-front.ts';
import { faultOf, StandIn } from './stand-in-kit.ts';

let standIn: StandIn;
beforeAll(async () => {
  standIn = await StandIn.start();
});
afterEach(async () => {
  standIn.server.setClockSkewMs(0);
  await standIn.tidy();
});
afterAll(() => standIn.stop());

const whoAmI = { sql: 'SELECT CURRENT_USER() AS me, CURRENT_ROLE() AS role', tag: 'test' };

describe('a login', () => {
  it.each(['SNOWFLAKE_JWT', 'PROGRAMMATIC_ACCESS_TOKEN', 'OAUTH_CLIENT_CREDENTIALS', 'SNOWFLAKE'] as const)(
    'by %s gives a session of that user',
    async (authenticator) => {
      const session = await standIn.open(standIn.access({}, {}, authenticator));
      const { rows } = await session.execute(whoAmI);
      expect(rows).toEqual([{ me: 'AISM_GATEWAY', role: 'AISM_WRITER' }]);
    },
  );

  it('by external browser opens its page once and waits for it', async () => {
    const front = await startBrowserLoginFront(standIn.server.url);
    const pages: string[] = [];
    const openBrowser = (url: string) => {
      pages.push(url);
      void fetch(url).then((page) => page.text());
    };
    try {
      const access = standIn.access({ accessUrl: front.url }, {}, 'EXTERNALBROWSER');
      const session = await openSession(access, { openBrowser });
      expect((await session.execute(whoAmI)).rows[0]).toMatchObject({ me: 'AISM_GATEWAY' });
      await session.close();
    } finally {
      await front.close();
    }
    expect(pages).toHaveLength(1);
  });

  it('by an unencrypted key works too', async () => {
    const plain = { privateKey: standIn.account.plainPrivateKey, privateKeyPassphrase: null };
    const session = await standIn.open(standIn.access({}, plain));
    expect(session.isUp()).toBe(true);
    expect(await session.isAlive()).toBe(true);
  });

  it('sets times to UTC and what a lost client must not leave behind', async () => {
    const session = await standIn.open(standIn.access(), { parameters: { LOCK_TIMEOUT: 7 } });
    const { rows } = await session.execute({
      sql: "SELECT TO_TIMESTAMP_NTZ('2026-01-02 03:04:05.678') AS ntz, TO_TIMESTAMP_LTZ('2026-07-02 03:04:05.678') AS ltz",
      tag: 'test',
    });
    expect(rows).toEqual([{ ntz: '2026-01-02T03:04:05.678Z', ltz: '2026-07-02T03:04:05.678Z' }]);
    const shown = await session.execute({ sql: 'SHOW PARAMETERS', tag: 'test' });
    const values = new Map(shown.rows.map((row) => [row['key'], row['value']]));
    expect(values.get('LOCK_TIMEOUT')).toBe('7');
    expect(values.get('ABORT_DETACHED_QUERY')).toBe('true');
    expect(values.get('STATEMENT_TIMEOUT_IN_SECONDS')).toBe('120');
  });
});

describe('a login that is refused', () => {
  const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ format: 'pem', type: 'pkcs8' })
    .toString();

  it.each([
    ['another key', 'SNOWFLAKE_JWT', { privateKey: otherKey, privateKeyPassphrase: null }, 'login'],
    ['a wrong token', 'PROGRAMMATIC_ACCESS_TOKEN', { token: 'not-the-token' }, 'login'],
    ['a wrong client secret', 'OAUTH_CLIENT_CREDENTIALS', { oauthClientSecret: 'not-the-secret' }, 'login'],
    ['a wrong password', 'SNOWFLAKE', { password: 'not-the-password' }, 'login'],
  ] satisfies readonly (readonly [string, Authenticator, object, string])[])(
    'for %s says so and shows no secret',
    async (_, authenticator, secrets, kind) => {
      const access = standIn.access({}, secrets, authenticator);
      const fault = await faultOf(openSession(access));
      expect(fault.kind).toBe(kind);
      expect(fault.fix).not.toBeNull();
      const shown = [fault.message, fault.fix, fault.stack, JSON.stringify(fault), String(fault.cause)].join('\n');
      const shownSecrets = Object.values(access.secrets()).filter(
        (secret) => secret !== null && shown.includes(secret),
      );
      expect(shownSecrets).toEqual([]);
    },
  );

  it('for a wrong passphrase never reaches the network', async () => {
    const before = standIn.server.bytesReceived();
    const fault = await faultOf(openSession(standIn.access({}, { privateKeyPassphrase: 'wrong' })));
    expect(fault.kind).toBe('key');
    expect(standIn.server.bytesReceived()).toBe(before);
  });

  it('for a password alone, where a second factor is wanted, names the way out', async () => {
    const user = standIn.server.account.users.get('AISM_GATEWAY');
    if (user !== undefined) user.secondFactorNeeded = true;
    const fault = await faultOf(openSession(standIn.access({}, {}, 'SNOWFLAKE')));
    if (user !== undefined) user.secondFactorNeeded = false;
    expect([fault.kind, fault.fix]).toEqual(['login', expect.stringContaining('key pair')]);
  });

  it('because our clock is off names the clock', async () => {
    standIn.server.setClockSkewMs(10 * 60_000);
    const fault = await faultOf(openSession(standIn.access()));
    expect(fault.kind).toBe('clock');
    expect(fault.message).toMatch(/clock is \d+ s behind Snowflake's/);
  });

  it('for a role that is not granted, an unknown user, another account', async () => {
    expect((await faultOf(openSession(standIn.access({ role: 'NOBODY' })))).kind).toBe('role');
    expect((await faultOf(openSession(standIn.access({ user: 'NOBODY' })))).kind).toBe('login');
    standIn.server.setFaults(({ kind }) => (kind === 'login' ? { kind: 'status', status: 403 } : null));
    expect((await faultOf(openSession(standIn.access()))).kind).toBe('account');
    standIn.server.setFaults(({ kind }) => (kind === 'login' ? { kind: 'wrongJson' } : null));
    expect(['account', 'network']).toContain((await faultOf(openSession(standIn.access()))).kind);
  });

  it('a missing warehouse, database or schema is told by the first statement that needs it', async () => {
    const select = { sql: 'SELECT COUNT(*) AS n FROM api_usage_metrics', tag: 'test' };
    const kindWith = async (profile: object) => {
      const session = await standIn.open(standIn.access(profile));
      return (await faultOf(session.execute(select))).kind;
    };
    await standIn.server.administrator.run(
      'CREATE TABLE IF NOT EXISTS AISM.METRICS.api_usage_metrics (call_id VARCHAR)',
    );
    standIn.server.administrator.grant('AISM_WRITER', 'select', 'table', 'AISM.METRICS.api_usage_metrics');
    expect(await kindWith({ warehouse: 'NOWHERE' })).toBe('warehouse');
    expect(await kindWith({ database: 'NOWHERE' })).toBe('database');
    expect(await kindWith({ schema: 'NOWHERE' })).toBe('schema');
  });
});

describe('a server that does not answer', () => {
  it('ends the login within our deadline', async () => {
    standIn.server.setFaults(({ kind }) => (kind === 'login' ? { kind: 'blackHole' } : null));
    const started = performance.now();
    const fault = await faultOf(openSession(standIn.access(), { loginTimeoutMs: 300 }));
    expect(fault.kind).toBe('network');
    expect(fault.message).toContain('did not answer the login within 0.3 s');
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('or is not there fails at once, and is asked once', async () => {
    const free = createServer();
    const port = await new Promise<number>((resolve) => {
      free.listen(0, '127.0.0.1', () => {
        const address = free.address();
        resolve(address !== null && typeof address === 'object' ? address.port : 0);
      });
    });
    await new Promise((resolve) => free.close(resolve));
    const started = performance.now();
    const fault = await faultOf(openSession(standIn.access({ accessUrl: `http://127.0.0.1:${port}` })));
    expect([fault.kind, fault.message]).toEqual(['network', `No connection to 127.0.0.1:${port} (ECONNREFUSED)`]);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('is given up when the caller gives up', async () => {
    standIn.server.setFaults(({ kind }) => (kind === 'login' ? { kind: 'blackHole' } : null));
    const caller = new AbortController();
    setTimeout(() => caller.abort(), 50);
    expect((await faultOf(openSession(standIn.access(), { signal: caller.signal }))).kind).toBe('cancelled');
  });
});
