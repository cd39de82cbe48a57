/** Main's own answers about Snowflake, with the real driver, the stand-in server, and a REST door that stands for the gateway. */
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { questions } from '../../contract/analytics.ts';
import type { SnowflakeForm } from '../../contract/ipc.ts';
import { type SnowflakeState, type SnowflakeStep, snowflakeOff } from '../../contract/snowflake.ts';
import { createGatewayRest } from '../../main/gateway-rest.ts';
import { createSecretBox } from '../../main/secrets.ts';
import { openSettings } from '../../main/settings.ts';
import { SnowflakeConfig } from '../../main/snowflake-config.ts';
import { createSnowflakeHandlers } from '../../main/snowflake-handlers.ts';
import { SnowflakeSource } from '../../main/snowflake-source.ts';
import { snowflakeTools } from '../../main/snowflake-tools.ts';
import { type SnowflakeServer, startSnowflakeServer } from '../helpers/snowflake-server/server.ts';
import { createStandardAccount, type StandardAccount } from '../helpers/snowflake-server/standard-account.ts';
import { fakeKeyStore } from './fake-safe-storage.ts';

let snowflake: SnowflakeServer;
let standard: StandardAccount;
beforeAll(async () => {
  snowflake = await startSnowflakeServer();
  standard = await createStandardAccount(snowflake);
});
afterAll(() => snowflake.stop());

let folder = '';
let gateway: Server;
let asked: { readonly path: string; readonly body: string }[] = [];
let replies: Record<string, unknown> = {};
let config: SnowflakeConfig;
let foreign: string | null = null;
let told: (readonly SnowflakeStep[])[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aism-handlers-'));
  [asked, replies, told, foreign] = [[], {}, [], null];
  gateway = createServer(async (request, response) => {
    asked.push({ path: request.url ?? '', body: await text(request) });
    const reply = replies[request.url ?? ''];
    response.writeHead(reply === undefined ? 503 : 200).end(JSON.stringify(reply ?? {}));
  }).listen(0, '127.0.0.1');
  await once(gateway, 'listening');
  const ignore = (): void => undefined;
  config = new SnowflakeConfig({
    settings: await openSettings(join(folder, 'settings.json')),
    secretsFile: join(folder, 'secrets.json'),
    box: createSecretBox(fakeKeyStore(), 'linux'),
    environment: {},
    log: { info: ignore, warn: ignore, error: ignore },
  });
  await config.ready;
});
afterEach(async () => {
  gateway.closeAllConnections();
  gateway.close();
  await rm(folder, { recursive: true, force: true });
});

const stays = new AbortController().signal;
const form = (change: Partial<SnowflakeForm['secrets']> = {}): SnowflakeForm => ({
  settings: { profile: standard.profile, delivery: { enabled: true, intervalMinutes: 15, maxRows: 5000 } },
  secrets: { ...standard.secretsFor('SNOWFLAKE_JWT'), ...change },
});
const noSecrets = {
  privateKey: null,
  privateKeyPassphrase: null,
  token: null,
  password: null,
  oauthClientSecret: null,
};

function handlers() {
  const address = gateway.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const rest = createGatewayRest(() => ({ url: `http://127.0.0.1:${port}`, token: 'tok' }));
  return createSnowflakeHandlers({
    config,
    rest,
    tools: snowflakeTools,
    foreign: () => foreign,
    tellSteps: (steps) => told.push(steps),
  });
}

const gatewayState = (): SnowflakeState => ({
  settings: config.current()?.settings ?? null,
  configuredBy: config.current() === null ? null : 'app',
  secretsKnown: [],
  secretsKept: null,
  keptNote: null,
  editable: false,
  editNote: null,
  health: { ...snowflakeOff('All rows delivered', 'acct'), state: 'ok' },
});

describe('a test', () => {
  test('of a form tells its steps as they pass, and saves nothing', async () => {
    const result = await handlers().testSnowflake(form(), stays);
    expect(result.steps[6]).toMatchObject({ step: 'table', state: 'warning', detail: expect.stringContaining('not') });
    expect(result.steps.map(({ state }) => state).slice(0, 6)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
    expect(told.length).toBeGreaterThan(6);
    expect(told[0]?.[0]).toMatchObject({ step: 'network', state: 'running' });
    expect(await readdir(folder)).toEqual([]);
    expect(asked).toEqual([]);
  });

  test('of a wrong key names the cause', async () => {
    const result = await handlers().testSnowflake(form({ privateKeyPassphrase: 'wrong' }), stays);
    expect(result.ok).toBe(false);
    expect(result.steps[1]).toMatchObject({
      step: 'login',
      state: 'failed',
      detail: expect.stringContaining('passphrase'),
    });
  });

  test('of a form without secrets uses the stored ones', async () => {
    await config.save(form());
    const result = await handlers().testSnowflake({ ...form(), secrets: noSecrets }, stays);
    expect(result.steps[1]).toMatchObject({ step: 'login', state: 'ok' });
  });

  test('never sends a stored password elsewhere', async () => {
    const byPassword = {
      settings: { ...form().settings, profile: standard.profileFor('SNOWFLAKE') },
      secrets: standard.secretsFor('SNOWFLAKE'),
    };
    await config.save(byPassword);
    const elsewhere = { ...byPassword.settings.profile, accessUrl: 'http://127.0.0.1:9' };
    const evil = { settings: { ...byPassword.settings, profile: elsewhere }, secrets: noSecrets };
    await expect(handlers().testSnowflake(evil, stays)).rejects.toMatchObject({ field: 'secrets.password' });
  });

  test('gives way to a newer one, and tells no more steps', async () => {
    const { testSnowflake } = handlers();
    const first = testSnowflake(form(), stays);
    const second = testSnowflake(form({ privateKeyPassphrase: 'wrong' }), stays);
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    const { steps } = await second;
    expect(told.at(-1)).toEqual(steps);
  });

  test('of what only the gateway is configured with is the gateway’s', async () => {
    replies['/api/snowflake/test'] = { ok: true, steps: [], clockSkewMs: null };
    expect(await handlers().testSnowflake(null, stays)).toEqual({ ok: true, steps: [], clockSkewMs: null });
    expect(asked).toEqual([{ path: '/api/snowflake/test', body: '{}' }]);
  });
});

describe('saving', () => {
  test('returns the state once the gateway works with it, and forgetting takes all of it away', async () => {
    const { saveSnowflake, forgetSnowflake } = handlers();
    replies['/api/snowflake'] = gatewayState(); // as before: the gateway has not heard yet
    setTimeout(() => (replies['/api/snowflake'] = gatewayState()), 100);
    const state = await saveSnowflake(form(), stays);
    expect(state).toMatchObject({
      configuredBy: 'app',
      secretsKnown: ['privateKey', 'privateKeyPassphrase'],
      secretsKept: 'keychain',
      editable: true,
    });
    expect(JSON.stringify(state)).not.toContain('PRIVATE KEY');
    expect(asked.length).toBeGreaterThan(1);
    expect(await readFile(join(folder, 'secrets.json'), 'utf8')).not.toContain('PRIVATE KEY');

    replies['/api/snowflake'] = { ...gatewayState(), settings: null, configuredBy: null };
    expect(await forgetSnowflake(undefined, stays)).toMatchObject({
      settings: null,
      configuredBy: null,
      secretsKnown: [],
    });
    expect(await readdir(folder)).toEqual(['settings.json']);
  });

  test('works while the gateway does not answer: it hears when it is back', async () => {
    const state = await handlers().saveSnowflake(form(), stays);
    expect(state).toMatchObject({ configuredBy: 'app', health: { state: 'down' } });
  });

  test('is refused for a gateway of another program', async () => {
    foreign = 'This gateway was started by another program (process 7).';
    for (const change of [
      () => handlers().saveSnowflake(form(), stays),
      () => handlers().forgetSnowflake(undefined, stays),
      () => handlers().saveRetention({ localDays: 1, snowflakeDays: null }, stays),
    ]) {
      await expect(change()).rejects.toMatchObject({ code: 'not_supported_here', message: foreign });
    }
    expect(config.current()).toBeNull();
  });
});

describe('setup and the fleet', () => {
  test('run from here: a dry run says what it would do, a real one makes it, then the fleet can be asked', async () => {
    await config.save(form());
    const { setupSnowflake, testSnowflake } = handlers();
    const dry = await setupSnowflake({ dryRun: true }, stays);
    expect(dry.statements.map(({ state }) => state)).toContain('would');
    const done = await setupSnowflake({ dryRun: false }, stays);
    expect(done).toMatchObject({ ok: true, dryRun: false });
    expect((await testSnowflake(null, stays)).ok).toBe(true);

    const source = new SnowflakeSource({ account: () => config.current(), open: snowflakeTools.openPool });
    const metrics = questions.metrics.query.parse({ range: '24h', source: 'snowflake' });
    expect((await source.answer('metrics', metrics, stays)).totals).toMatchObject({ calls: 0 });
    await source.close();
    expect(asked).toEqual([]);
  });

  test('with a login that is refused fails with the cause', async () => {
    await config.save(form({ privateKeyPassphrase: 'wrong' }));
    const { setupSnowflake } = handlers();
    await expect(setupSnowflake({ dryRun: false }, stays)).rejects.toMatchObject({ code: 'snowflake_denied' });
    const [first] = (await setupSnowflake({ dryRun: true }, stays)).statements; // its text can be read all the same
    expect(first).toMatchObject({ state: 'would', detail: expect.stringContaining('passphrase') });
    const source = new SnowflakeSource({ account: () => config.current(), open: snowflakeTools.openPool });
    const models = questions.models.query.parse({ source: 'snowflake' });
    await expect(source.answer('models', models, stays)).rejects.toMatchObject({
      code: 'snowflake_denied',
      message: expect.stringContaining('passphrase'),
    });
    await source.close();
  });
});

describe('what the gateway does for us', () => {
  test('is asked over its REST door', async () => {
    const preview = { target: 'local', days: 30, before: '2026-10-24T00:00:00.000Z' } as const;
    replies = {
      '/api/snowflake/sync': snowflakeOff('nothing'),
      '/api/snowflake/fleet': { asOf: null, gateways: [] },
      '/api/retention/preview': { ...preview, rows: 3, totalRows: 9, oldestAt: null },
      '/api/retention/apply': { ...preview, deletedRows: 3 },
    };
    const { syncSnowflake, snowflakeFleet, previewRetention, applyRetention } = handlers();
    expect(await syncSnowflake(undefined, stays)).toMatchObject({ detail: 'nothing' });
    expect(await snowflakeFleet(undefined, stays)).toEqual({ asOf: null, gateways: [] });
    expect(await previewRetention({ target: 'local', days: 30 }, stays)).toMatchObject({ rows: 3 });
    expect(await applyRetention({ target: 'local', days: 30 }, stays)).toMatchObject({ deletedRows: 3 });
    expect(asked).toEqual([
      { path: '/api/snowflake/sync', body: '{}' },
      { path: '/api/snowflake/fleet', body: '' },
      { path: '/api/retention/preview', body: '{"target":"local","days":30}' },
      { path: '/api/retention/apply', body: '{"target":"local","days":30}' },
    ]);
  });

  test('a retention is ours to keep, its last run the gateway’s to know', async () => {
    replies['/api/retention'] = {
      retention: { localDays: null, snowflakeDays: null },
      editable: false,
      lastRunAt: '2026-11-23T10:00:00.000Z',
      lastDeletedRows: 5,
      held: 'The clock is doubted.',
    };
    const retention = { localDays: 30, snowflakeDays: 365 };
    expect(await handlers().saveRetention(retention, stays)).toEqual({
      retention,
      editable: true,
      lastRunAt: '2026-11-23T10:00:00.000Z',
      lastDeletedRows: 5,
      held: 'The clock is doubted.',
    });
    expect(config.message()?.retention).toEqual(retention);
    delete replies['/api/retention'];
    expect(await handlers().retentionState(undefined, stays)).toMatchObject({ retention, lastRunAt: null });
  });
});
