import { existsSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Metrics } from '../../contract/analytics.ts';
import { About, Connections, GatewayFile, Health, Realtime, SampleState } from '../../contract/gateway-api.ts';
import { askQuestion, waitForCalls } from '../helpers/analytics-client.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import { startScriptedUpstream, type ScriptedUpstream } from '../helpers/scripted-upstream.ts';
import { waitFor } from '../helpers/wait-for.ts';

const usageMetadata = { promptTokenCount: 11, candidatesTokenCount: 7, thoughtsTokenCount: 5, totalTokenCount: 23 };
const answer = JSON.stringify({
  candidates: [{ content: { parts: [{ text: 'hello' }], role: 'model' }, finishReason: 'STOP' }],
  usageMetadata,
  modelVersion: 'gemini-2.5-flash',
});
const path = '/gemini/v1beta/models/gemini-2.5-flash:generateContent';

let upstream: ScriptedUpstream;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await startScriptedUpstream();
  upstream.answer('generateContent', { headers: { 'content-type': 'application/json' }, pieces: [answer] });
  upstream.answer('slow', { pieces: [{ pauseMs: 1500 }, answer] });
  gateway = await startTestGateway({ upstreams: [`gemini=${upstream.url}`] });
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const call = (to: TestGateway = gateway, where: string = path): Promise<Response> =>
  fetch(new URL(where, to.url), {
    method: 'POST',
    headers: { 'x-goog-api-key': 'AIzaTestKey000000', 'x-aism-user': 'ann' },
    body: '{"contents":[]}',
  });

describe('a running gateway', () => {
  it('shows a call in the metrics with its tokens and cost within two seconds', async () => {
    const before = await askQuestion(gateway, 'metrics', 'range=1h');
    const sentMs = performance.now();
    const response = await call();
    expect(await response.text()).toBe(answer);
    expect(response.headers.get('x-aism-call-id')).toMatch(/^[0-9a-f-]{36}$/);
    const metrics = await waitFor('the call in the metrics', async () => {
      const now = Metrics.parse(await (await gateway.fetch('/api/analytics/metrics?range=1h')).json());
      return now.totals.calls > before.totals.calls && now;
    });
    expect(performance.now() - sentMs).toBeLessThan(2000);
    expect(metrics.totals).toMatchObject({
      calls: 1,
      generations: 1,
      succeeded: 1,
      failed: 0,
      successRate: 1,
      inputTokens: 11,
      outputTokens: 12,
      reasoningTokens: 5,
      totalTokens: 23,
      unpricedCalls: 0,
    });
    expect(metrics.totals.costUsd).toBeGreaterThan(0);
    const { calls } = await askQuestion(gateway, 'calls', 'range=1h&user=ann');
    expect(calls[0]).toMatchObject({
      callId: response.headers.get('x-aism-call-id'),
      outcome: 'ok',
      userId: 'ann',
      model: 'gemini-2.5-flash',
    });
  });

  it('answers health, connections, realtime and about in their shapes', async () => {
    await (await call()).text();
    const health = Health.parse(await (await gateway.fetch('/api/analytics/health')).json());
    expect(health.checks).toMatchObject({
      journal: { state: 'ok' },
      warehouse: { state: 'ok' },
      snowflake: { state: 'off' },
    });
    expect(health.checks.upstreams.find(({ name }) => name === 'gemini')).toMatchObject({ state: 'ok', failures: 0 });
    expect(Connections.parse(await (await gateway.fetch('/api/analytics/connections')).json())).toMatchObject({
      proxy: { inFlight: 0 },
    });
    const realtime = Realtime.parse(await (await gateway.fetch('/api/analytics/realtime')).json());
    expect(realtime.recent[0]).toMatchObject({ upstream: 'gemini', totalTokens: 23 });
    expect(realtime.today.calls).toBe(realtime.recent.length);
    const about = About.parse(await (await gateway.fetch('/api/about')).json());
    expect(about.upstreams[0]).toEqual({
      name: 'gemini',
      origin: upstream.url,
      provider: 'google',
      baseUrl: `${gateway.url}/gemini`,
    });
  });

  it('says bad input back with the field named', async () => {
    for (const [query, field] of [
      ['range=2h', 'range'],
      ['from=yesterday', 'from'],
      ['tz=Mars/Base', 'tz'],
      ['provider=acme', 'provider'],
      ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'from'],
    ] as const) {
      const response = await gateway.fetch(`/api/analytics/metrics?${query}`);
      expect([query, response.status]).toEqual([query, 400]);
      expect(await response.json()).toMatchObject({ code: 'bad_request', field });
    }
  });

  it('keeps gateway.json for its owner, and answers no question without the token in it', async () => {
    const file = join(gateway.dataDir, 'gateway.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(GatewayFile.parse(JSON.parse(readFileSync(file, 'utf8')))).toMatchObject({
      url: gateway.url,
      pid: gateway.pid,
    });
    expect((await fetch(new URL('/api/analytics/metrics', gateway.url))).status).toBe(401);
    expect((await fetch(new URL('/metrics', gateway.url))).status).toBe(401);
    expect((await fetch(new URL('/healthz', gateway.url))).status).toBe(200);
  });

  it('lets a browser in once by the link of its ready line, and never sends its cookie upstream', async () => {
    const response = await fetch(gateway.dashboard, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/ui/']);
    const cookies = response.headers.getSetCookie();
    expect(cookies.map((cookie) => /Path=([^;]+)/.exec(cookie)?.[1])).toEqual(['/api', '/ws/analytics']);
    expect(cookies.every((cookie) => cookie.includes('HttpOnly') && cookie.includes('SameSite=Strict'))).toBe(true);
    const cookie = cookies[0]?.split(';')[0] ?? '';
    expect((await fetch(new URL('/api/about', gateway.url), { headers: { cookie } })).status).toBe(200);
    expect((await fetch(gateway.dashboard, { redirect: 'manual' })).status).toBe(403);
    expect(
      (
        await fetch(new URL('/api/login-link', gateway.url), {
          method: 'POST',
          headers: { cookie, 'content-type': 'application/json' },
          body: '{}',
        })
      ).status,
    ).toBe(401);
  });

  it('listens on both loopback addresses', async () => {
    const port = Number(new URL(gateway.url).port);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request({ host: '::1', port, path: '/healthz' }, (response) => resolve(response.statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });

  it('starts, labels and removes sample traffic', async () => {
    const act = async (action: string): Promise<SampleState> =>
      SampleState.parse(
        await (
          await gateway.fetch('/api/sample', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ action }),
          })
        ).json(),
      );
    expect((await act('start')).running).toBe(true);
    const sampled = await waitFor('sample rows', async () => {
      const { calls } = await askQuestion(gateway, 'calls', 'range=1h&tag.aism=sample');
      return calls.length >= 3 && calls;
    });
    expect(sampled.every(({ upstream: name }) => name.startsWith('sample-'))).toBe(true);
    expect(await act('remove')).toMatchObject({ running: false, rows: 0 });
    const { calls } = await askQuestion(gateway, 'calls', 'range=1h');
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.some(({ tags }) => tags['aism'] === 'sample')).toBe(false);
    const realtime = Realtime.parse(await (await gateway.fetch('/api/analytics/realtime')).json());
    expect(realtime.recent.some(({ tags }) => tags['aism'] === 'sample')).toBe(false);
    expect(realtime.today.calls).toBe(calls.length);
  });
});

it('sends sample traffic from the start when it is started as a demo', async () => {
  const demo = await startTestGateway({ args: ['--demo'] });
  const realtimeNow = async () => Realtime.parse(await (await demo.fetch('/api/analytics/realtime')).json());
  const { recent } = await waitFor('sample calls', async () => {
    const realtime = await realtimeNow();
    return realtime.recent.length > 2 && realtime;
  });
  expect(recent.every(({ tags }) => tags['aism'] === 'sample')).toBe(true);
  expect(await demo.stop()).toBe(0);
});

describe('stopping', () => {
  it('lets a running call end, exits 0 and leaves the data directory free', async () => {
    const own = await startTestGateway({ upstreams: [`gemini=${upstream.url}`] });
    const slow = call(own, '/gemini/v1beta/slow');
    await waitFor(
      'the call to be in flight',
      async () => Connections.parse(await (await own.fetch('/api/analytics/connections')).json()).proxy.inFlight === 1,
    );
    own.child.kill('SIGTERM');
    const response = await slow;
    expect(await response.text()).toBe(answer);
    await waitFor('the end', () => own.child.exitCode !== null);
    expect(own.child.exitCode).toBe(0);
    expect(existsSync(join(own.dataDir, 'gateway.json'))).toBe(false);
    const again = await startTestGateway({ upstreams: [`gemini=${upstream.url}`], dataDir: own.dataDir });
    await waitForCalls(again, 1);
    await waitFor(
      'the totals of today',
      async () => Realtime.parse(await (await again.fetch('/api/analytics/realtime')).json()).today.calls === 1,
    );
    await again.stop();
  });

  it('ends when the pipe of the app that started it closes', async () => {
    const own = await startTestGateway({ args: ['--parent-pipe'] });
    own.child.stdin?.end();
    await waitFor('the end', () => own.child.exitCode !== null);
    expect(own.child.exitCode).toBe(0);
  });
});
