/** A real gateway that delivers to Snowflake and answers from it; Snowflake itself is the stand-in. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Fleet, SnowflakeSetup, SnowflakeState, SnowflakeTest, type ParentMessage } from '../../contract/snowflake.ts';
import { checkJournal } from '../../gateway/journal/check.ts';
import { askQuestion, health, waitForCalls } from '../helpers/analytics-client.ts';
import { warehousePid } from '../helpers/child-processes.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import type { ScriptedUpstream } from '../helpers/scripted-upstream.ts';
import { startTestSnowflake, type TestSnowflake } from '../helpers/snowflake-account.ts';
import { call, post, startGeminiUpstream, sync } from '../helpers/snowflake-gateway.ts';
import { waitFor } from '../helpers/wait-for.ts';

let upstream: ScriptedUpstream;
let snowflake: TestSnowflake;
let dataDir: string;
let gateway: TestGateway | null = null;
beforeAll(async () => {
  upstream = await startGeminiUpstream();
});
afterAll(() => upstream.stop());
beforeEach(async () => {
  snowflake = await startTestSnowflake();
  dataDir = await mkdtemp(join(tmpdir(), 'aism-snowflake-'));
});
afterEach(async () => {
  await gateway?.stop();
  gateway = null;
  await snowflake.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function started(env: Record<string, string> = snowflake.environment(dataDir)): Promise<TestGateway> {
  gateway = await startTestGateway({ upstreams: [`gemini=${upstream.url}`], dataDir, env });
  return gateway;
}

const snowflakeHealth = async (target: TestGateway) => (await health(target)).checks.snowflake;
const tell = (target: TestGateway, message: ParentMessage | string): void =>
  void target.child.stdin?.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
const untilPhase = (target: TestGateway, phase: string, timeoutMs = 20_000) =>
  waitFor(
    `phase ${phase}`,
    async () => {
      const now = await snowflakeHealth(target);
      return now.phase === phase && now;
    },
    timeoutMs,
  );
const untilWaiting = (target: TestGateway, rows: number) =>
  waitFor(`${rows} waiting rows`, async () => (await snowflakeHealth(target)).backlogRows === rows);

describe('a gateway with Snowflake in its environment', { timeout: 90_000 }, () => {
  it('keeps sample traffic to itself', async () => {
    const target = await started();
    await post(target, '/api/sample', { action: 'start' });
    await waitFor('sample rows', async () => {
      const { totals } = await askQuestion(target, 'metrics', 'range=1h&tag.aism=sample');
      return totals.calls > 5;
    });
    await post(target, '/api/sample', { action: 'stop' });
    await call(target, 2);
    await waitFor('both calls', async () => {
      const { totals } = await askQuestion(target, 'metrics', 'range=1h&upstream=gemini');
      return totals.calls === 2;
    });
    await waitFor('an empty backlog', async () => (await sync(target)).backlogRows === 0);
    expect(await snowflake.callsHeld()).toHaveLength(2);
  });

  it('keeps calls until it is time, sends them when asked, each once, and answers from there', async () => {
    const target = await started();
    await call(target, 7);
    await untilWaiting(target, 7);
    const waiting = await untilPhase(target, 'idle');
    expect(waiting).toMatchObject({ state: 'ok', backlogRows: 7, deliveredRows: 0, intervalMinutes: 15 });
    expect(waiting.backlogBytes).toBeGreaterThan(7 * 300);
    expect(waiting.nextDeliveryAt).not.toBeNull();
    expect(await snowflake.callsHeld()).toEqual([]);

    expect(await sync(target)).toMatchObject({ state: 'ok', backlogRows: 0, deliveredRows: 7 });
    const held = await snowflake.callsHeld();
    expect(held.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);

    for (const query of ['range=24h', 'range=24h&user=user-1']) {
      const [own, team] = [
        await askQuestion(target, 'metrics', query),
        await askQuestion(target, 'metrics', `${query}&source=snowflake`),
      ];
      expect(team.totals).toEqual(own.totals);
    }
    const csv = await (await target.fetch('/api/analytics/calls?range=24h&format=csv&source=snowflake')).text();
    expect(csv.trimEnd().split('\r\n')).toHaveLength(8);
    const fleet = Fleet.parse(await (await target.fetch('/api/snowflake/fleet')).json());
    expect(fleet.gateways).toEqual([expect.objectContaining({ own: true, rows: 7 })]);
    const [stream] = (await (await target.fetch('/api/snowflake/audit')).json()) as unknown[];
    expect(stream).toMatchObject({ rows: 7, duplicates: 0, problems: [] });
    await waitFor('the journal to know', () =>
      checkJournal(dataDir).deliveries.some(({ destination, seq }) => destination === 'snowflake' && seq === 7),
    );
  });

  it('tells its settings and no secret, anywhere, and hands none on in an environment', async () => {
    const target = await started();
    await call(target, 2);
    await sync(target);
    const state = SnowflakeState.parse(await (await target.fetch('/api/snowflake')).json());
    expect(state).toMatchObject({
      configuredBy: 'environment',
      editable: false,
      secretsKnown: ['privateKey', 'privateKeyPassphrase'],
      settings: { profile: { account: 'local', authenticator: 'SNOWFLAKE_JWT' } },
      health: { protocol: expect.stringMatching(/procedure|guarded/) },
    });
    const pid = await waitFor('the warehouse process', () => warehousePid(target.pid));
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
    expect(environment).toContain('PATH=');
    expect(environment.split('\0').filter((entry) => entry.startsWith('SNOWFLAKE_'))).toEqual([]);
    const said = [
      environment,
      JSON.stringify(state),
      target.log.join('\n'),
      readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
    ];
    expect(snowflake.secrets.filter((secret) => said.some((text) => text.includes(secret)))).toEqual([]);
  });

  it('sends what waits before a clean stop ends', async () => {
    const target = await started();
    await call(target, 5);
    await waitForCalls(target, 5);
    await target.stop();
    gateway = null;
    expect(await snowflake.callsHeld()).toHaveLength(5);
  });

  it('tests, sets up and tells what is missing', async () => {
    await snowflake.stop();
    snowflake = await startTestSnowflake({ ready: false });
    const target = await started();
    const before = SnowflakeTest.parse(await (await post(target, '/api/snowflake/test')).json());
    expect(before.steps.find(({ step }) => step === 'table')?.fix).toContain('Setup');
    await call(target, 1);
    await untilWaiting(target, 1);
    expect(await sync(target)).toMatchObject({ state: 'down', phase: 'needs_attention', backlogRows: 1 });
    expect((await snowflakeHealth(target)).action).toContain('Setup');
    const dry = SnowflakeSetup.parse(await (await post(target, '/api/snowflake/setup', { dryRun: true })).json());
    expect(dry.statements[0]).toMatchObject({ state: 'would' });
    const setup = SnowflakeSetup.parse(await (await post(target, '/api/snowflake/setup')).json());
    expect(setup.ok).toBe(true);
    expect(SnowflakeTest.parse(await (await post(target, '/api/snowflake/test')).json()).ok).toBe(true);
    expect(await sync(target)).toMatchObject({ state: 'ok', backlogRows: 0, action: null });
    expect(await snowflake.callsHeld()).toHaveLength(1);
  });
});

describe('while Snowflake is away', { timeout: 90_000 }, () => {
  it('calls, questions and the embedded warehouse go on; the backlog is counted, and leaves when it is back', async () => {
    const target = await started();
    await call(target, 2);
    await sync(target);
    await snowflake.server.pause();
    await call(target, 6);
    await waitForCalls(target, 8);
    const offline = await sync(target);
    expect(offline).toMatchObject({ state: 'degraded', phase: 'offline', backlogRows: 6 });
    expect(offline.lastError).not.toBeNull();
    await call(target, 3);
    await untilWaiting(target, 9);
    expect((await health(target)).checks.warehouse).toMatchObject({ state: 'ok', backlogRows: 0 });
    const question = await target.fetch('/api/analytics/metrics?range=1h&source=snowflake');
    expect([question.status, await question.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'snowflake_unavailable' }),
    ]);
    await snowflake.server.resume();
    expect(await sync(target)).toMatchObject({ state: 'ok', backlogRows: 0, lastError: null });
    expect((await snowflake.callsHeld()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('a server that never answers holds up nothing but its own delivery', async () => {
    const target = await started();
    await call(target, 1);
    await sync(target);
    snowflake.server.setFaults(({ kind }) => (kind === 'query' || kind === 'login' ? { kind: 'blackHole' } : null));
    await call(target, 4);
    await untilWaiting(target, 4);
    const asked = post(target, '/api/snowflake/sync');
    await untilPhase(target, 'sending');
    await call(target, 3);
    await waitForCalls(target, 8);
    expect((await health(target)).checks.warehouse).toMatchObject({ state: 'ok', restarts: 0 });
    const begun = performance.now();
    expect((await asked).status).toBe(200); // answered with what is known, long before the statement is given up
    expect(performance.now() - begun).toBeLessThan(25_000);
    await target.kill9();
    gateway = null;
  });
});

describe('a gateway that an app configures through its pipe', { timeout: 90_000 }, () => {
  const loaded = (target: TestGateway) => target.log.some((line) => line.includes('snowflake-sdk'));

  it('loads nothing of Snowflake before, delivers after, and stops when it is taken away', async () => {
    const target = await started({ NODE_DEBUG: 'module' }); // tells each module that is loaded
    await call(target, 3);
    await waitForCalls(target, 3);
    expect(await snowflakeHealth(target)).toMatchObject({ state: 'off', phase: null });
    const question = await target.fetch('/api/analytics/metrics?range=1h&source=snowflake');
    expect([question.status, await question.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'snowflake_not_configured' }),
    ]);
    expect(target.log.some((line) => line.includes('better-sqlite3'))).toBe(true);
    expect(loaded(target)).toBe(false);

    tell(target, snowflake.message());
    await untilWaiting(target, 3);
    expect(await sync(target)).toMatchObject({ state: 'ok', deliveredRows: 3 });
    expect(loaded(target)).toBe(true);
    const state = SnowflakeState.parse(await (await target.fetch('/api/snowflake')).json());
    expect(state).toMatchObject({ configuredBy: 'app', secretsKnown: ['privateKey', 'privateKeyPassphrase'] });

    tell(target, { kind: 'configure', snowflake: null, retention: { localDays: null, snowflakeDays: null } });
    await waitFor('the end of delivery', async () => (await snowflakeHealth(target)).state === 'off');
    await call(target, 2);
    expect((await post(target, '/api/snowflake/sync')).status).toBe(409);
    expect(await snowflake.callsHeld()).toHaveLength(3);

    tell(target, snowflake.message({ intervalMinutes: 5 }));
    await waitFor('the new interval', async () => (await snowflakeHealth(target)).intervalMinutes === 5);
    expect(await sync(target)).toMatchObject({ state: 'ok', deliveredRows: 5, backlogRows: 0 });
    expect((await snowflake.callsHeld()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it('can only ask Snowflake while delivery is switched off', async () => {
    const target = await started({});
    tell(target, snowflake.message({ enabled: false }));
    await waitFor('the settings', async () => (await snowflakeHealth(target)).account === 'local');
    expect(await snowflakeHealth(target)).toMatchObject({ state: 'off', phase: null });
    expect((await askQuestion(target, 'metrics', 'range=1h&source=snowflake')).totals.calls).toBe(0);
    expect((await post(target, '/api/snowflake/sync')).status).toBe(409);
  });

  it('refuses a line that is not a message, tells which field, and never what was in it', async () => {
    const target = await started({});
    tell(target, '{"kind":"configure","secret":"pa55-canary"');
    tell(target, JSON.stringify({ ...snowflake.message(), retention: { localDays: 'pa55-canary' } }));
    await waitFor(
      'the refusals',
      () => target.log.filter((line) => line.includes('ParentMessageRefused')).length === 2,
    );
    const told = target.log.join('\n');
    expect(told).toContain('retention.localDays');
    expect(told).not.toContain('pa55-canary');
    expect(await snowflakeHealth(target)).toMatchObject({ state: 'off' });
    tell(target, snowflake.message());
    await waitFor('a good message after bad ones', async () => (await snowflakeHealth(target)).account === 'local');
  });
});
