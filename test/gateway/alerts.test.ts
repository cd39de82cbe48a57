/** Budgets, alarms and the pause, through a real gateway with its DuckDB: what is told, once, over a restart too. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { RecordingState, ServerFrame, wsProtocol, wsTokenProtocolPrefix } from '../../contract/gateway-api.ts';
import { AlertsState, Thresholds, ThresholdsState } from '../../contract/thresholds.ts';
import { askQuestion, waitForCalls } from '../helpers/analytics-client.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import { startScriptedUpstream, type ScriptedUpstream } from '../helpers/scripted-upstream.ts';
import { waitFor } from '../helpers/wait-for.ts';

let dataDir: string;
let upstream: ScriptedUpstream;
let gateway: TestGateway;
const answer = JSON.stringify({
  candidates: [{ content: { parts: [{ text: 'hello' }], role: 'model' }, finishReason: 'STOP' }],
  usageMetadata: { promptTokenCount: 1_000, candidatesTokenCount: 100, totalTokenCount: 1_100 },
  modelVersion: 'gemini-2.5-flash',
});

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'aism-alerts-'));
  upstream = await startScriptedUpstream();
  upstream.answer('generateContent', { headers: { 'content-type': 'application/json' }, pieces: [answer] });
  gateway = await start();
}, 60_000);
afterEach(async () => {
  await gateway.stop();
  await upstream.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const start = (): Promise<TestGateway> => startTestGateway({ upstreams: [`gemini=${upstream.url}`], dataDir });

async function call(): Promise<string> {
  const url = new URL('/gemini/v1beta/models/gemini-2.5-flash:generateContent', gateway.url);
  return (await fetch(url, { method: 'POST', body: '{"contents":[]}' })).text();
}

const send = (method: string, path: string, body: unknown): Promise<Response> =>
  gateway.fetch(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const alerts = async (): Promise<AlertsState> => AlertsState.parse(await (await gateway.fetch('/api/alerts')).json());
const budget = (limitUsd: number) => ({ id: 'b1', name: 'Research', period: 'day', limitUsd, filter: {} }) as const;

/** Frames of a dashboard from its beginning on. */
async function watch(): Promise<{ readonly frames: ServerFrame[]; close(): void }> {
  const frames: ServerFrame[] = [];
  const url = `${gateway.url.replace('http', 'ws')}/ws/analytics`;
  const socket = new WebSocket(url, [wsProtocol, `${wsTokenProtocolPrefix}${gateway.token}`]);
  socket.on('message', (data) => frames.push(ServerFrame.parse(JSON.parse(String(data)))));
  await new Promise((resolve) => socket.once('open', resolve));
  return { frames, close: () => socket.close() };
}

describe('a budget', () => {
  it('tells a crossing once, with its numbers, to every dashboard, and not again after a restart', async () => {
    const dashboard = await watch();
    await call();
    await waitForCalls(gateway, 1);
    expect((await send('PUT', '/api/thresholds', { budgets: [budget(0.000_1)] })).status).toBe(200);
    await waitFor('an alert', async () => (await alerts()).alerts.length === 1, 60_000);
    const [alert] = (await alerts()).alerts;
    expect(alert).toMatchObject({ kind: 'budget', level: 'critical', endedAt: null, filter: {} });
    expect(alert?.id).toMatch(/^budget:b1:\d{4}-\d\d-\d\d:100$/);
    expect((await alerts()).budgets[0]?.spentUsd).toBeCloseTo(0.000_55, 6); // 1,000 at 0.30 and 100 at 2.50 a million
    const told = () =>
      dashboard.frames.filter((frame) => frame.type === 'alerts').map(({ state }) => state.alerts.length);
    await waitFor('its frame', () => told().at(-1) === 1);
    dashboard.close();

    await gateway.stop();
    gateway = await start();
    await waitFor('a check', async () => (await alerts()).checkedAt !== null, 60_000);
    expect((await alerts()).alerts.map(({ id }) => id)).toEqual([alert?.id]);
    expect(statSync(join(dataDir, 'alerts.json')).mode & 0o777).toBe(0o600);
  }, 180_000);

  it('that is refused names the field, and the set before it stays', async () => {
    await send('PUT', '/api/thresholds', { budgets: [budget(5)] });
    const refused = await send('PUT', '/api/thresholds', { budgets: [budget(-1)] });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ code: 'bad_request', field: 'budgets.0.limitUsd' });
    const zone = await send('PUT', '/api/thresholds', { tz: 'Mars/Olympus' });
    expect(await zone.json()).toMatchObject({ code: 'bad_request', field: 'tz' });
    const twice = await send('PUT', '/api/thresholds', { budgets: [budget(5), budget(6)] });
    expect(twice.status).toBe(400);
    const state = ThresholdsState.parse(await (await gateway.fetch('/api/thresholds')).json());
    expect(state.thresholds.budgets.map(({ limitUsd }) => limitUsd)).toEqual([5]);
  });

  it('survives a damaged file: it is kept under another name, which is told', async () => {
    await gateway.stop();
    writeFileSync(join(dataDir, 'thresholds.json'), '{"budgets": [');
    gateway = await start();
    const state = ThresholdsState.parse(await (await gateway.fetch('/api/thresholds')).json());
    expect(state.thresholds).toEqual(Thresholds.parse({}));
    expect(readdirSync(dataDir)).toContain(state.setAside);
  });
});

describe('a snooze', () => {
  it('lasts over a restart, and ends when it is told to', async () => {
    await send('POST', '/api/alerts/snooze', { minutes: 60 });
    await gateway.stop();
    gateway = await start();
    expect(Date.parse((await alerts()).snoozedUntil ?? '')).toBeGreaterThan(Date.now());
    await send('POST', '/api/alerts/snooze', { minutes: null });
    expect((await alerts()).snoozedUntil).toBeNull();
    expect((await send('POST', '/api/alerts/snooze', { minutes: 0 })).status).toBe(400);
  });
});

describe('a pause of recording', () => {
  const recording = async (): Promise<RecordingState> =>
    RecordingState.parse(await (await gateway.fetch('/api/recording')).json());
  const recorded = async (): Promise<number> => (await askQuestion(gateway, 'metrics')).totals.calls;

  it('lets calls pass unchanged and leaves no row, until it is ended', async () => {
    await call();
    await waitForCalls(gateway, 1);
    const dashboard = await watch();
    await send('PUT', '/api/recording', { paused: true });
    expect(await call()).toBe(answer);
    expect(await recording()).toMatchObject({ paused: true, passedCalls: 1 });
    await waitFor('the pause on a dashboard', () =>
      dashboard.frames.some((frame) => frame.type === 'health' && frame.health.recording.paused),
    );
    dashboard.close();
    await send('PUT', '/api/recording', { paused: false });
    await call();
    await waitForCalls(gateway, 2);
    expect(await recorded()).toBe(2);
    expect(await recording()).toEqual({ paused: false, since: null, passedCalls: 0 });
  }, 60_000);

  it('keeps the row of a call that ran when it began', async () => {
    const pieces = [{ pauseMs: 1_000 }, answer];
    upstream.answer('generateContent', { headers: { 'content-type': 'application/json' }, pieces });
    const running = call();
    await waitFor('the call at its upstream', () => upstream.received.length === 1);
    await send('PUT', '/api/recording', { paused: true });
    expect(await running).toBe(answer);
    expect(await waitForCalls(gateway, 1)).toMatchObject([{ outcome: 'ok', totalTokens: 1_100 }]);
    expect((await recording()).passedCalls).toBe(0);
  });

  it('does not outlast the gateway', async () => {
    await send('PUT', '/api/recording', { paused: true });
    await gateway.stop();
    gateway = await start();
    expect((await recording()).paused).toBe(false);
  });
});
