/** `overheadMs` is what the gateway adds: not the client's upload, not the upstream's work; observing counts, and who waits for the row is told. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ExchangeEnd, ExchangeTimes } from '../../../gateway/proxy/exchange.ts';
import { connectRaw } from '../../helpers/raw-client.ts';
import { startTestProxy, type TestProxy } from '../../helpers/proxy-server.ts';
import { startScriptedUpstream, type ScriptedUpstream } from '../../helpers/scripted-upstream.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const upstreams = (url: string) => [
  { name: 'openai', provider: 'openai', origin: new URL(url) } as const,
  { name: 'other', provider: 'other', origin: new URL(url) } as const,
];

let upstream: ScriptedUpstream;
const stops: (() => Promise<void>)[] = [];
beforeEach(async () => {
  upstream = await startScriptedUpstream();
});
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
  await upstream.stop();
});

async function start(options: Parameters<typeof startTestProxy>[1] = {}): Promise<TestProxy> {
  const config = { includeStreamUsage: true, ...options.config };
  const proxy = await startTestProxy(upstreams(upstream.url), { ...options, config });
  stops.push(proxy.stop);
  return proxy;
}

/** Long against anything the gateway does itself, also on a busy machine: these pauses are what is measured. */
const pauseMs = 1_000;
const body = '{"model":"m","stream":true}';

async function call(proxy: TestProxy, path: string, slowly = false): Promise<void> {
  const client = await connectRaw(proxy.port);
  client.send(
    `POST ${path} HTTP/1.1\r\nHost: l\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  client.send(body.slice(0, 5));
  if (slowly) await sleep(pauseMs);
  client.send(body.slice(5));
  await client.response();
  client.socket.destroy();
}

const timesOf = (proxy: TestProxy): ExchangeTimes | undefined => proxy.exchanges.at(-1)?.times[0];

describe.each(['/openai/v1/chat/completions', '/other/x'])('of a call to %s', (path) => {
  test.each([
    ['an ordinary one', 0, false],
    ['one whose client uploads slowly', 0, true],
    ['one whose upstream takes its time', pauseMs, false],
  ])('%s', async (_name, upstreamMs, slowly) => {
    const pieces = [{ pauseMs: upstreamMs }, 'data: 1\n\n'];
    upstream.answer('/', { headers: { 'content-type': 'text/event-stream' }, pieces });
    const proxy = await start();
    await call(proxy, path, slowly);
    const times = timesOf(proxy);
    expect(times?.overheadMs).toBeGreaterThan(0);
    expect(times?.overheadMs).toBeLessThan(pauseMs / 2);
    expect(times?.durationMs).toBeGreaterThan(upstreamMs + (slowly ? pauseMs - 50 : 0));
  });

  test('one whose question is refused counts the detour', async () => {
    upstream.answer('/', ({ body: sent }) =>
      sent.includes('include_usage')
        ? { status: 400, pieces: [{ pauseMs: 200 }, 'stream_options?'] }
        : { headers: { 'content-type': 'text/event-stream' }, pieces: ['data: 1\n\n'] },
    );
    const proxy = await start();
    await call(proxy, path);
    const isAsked = path.startsWith('/openai');
    expect((timesOf(proxy)?.overheadMs ?? 0) > 190).toBe(isAsked);
  });

  test('the time that observing takes counts, piece by piece', async () => {
    const pieces = Array.from({ length: 5 }, () => [{ pauseMs: 5 }, 'data: 1\n\n']).flat();
    upstream.answer('/', { headers: { 'content-type': 'text/event-stream' }, pieces });
    const seen: ExchangeTimes[] = [];
    const busy = (): void => {
      const untilMs = performance.now() + 10;
      while (performance.now() < untilMs);
    };
    const openExchange = () => ({
      requestBody: () => undefined,
      responseHead: () => undefined,
      responseBody: busy,
      end: (_end: ExchangeEnd, times: ExchangeTimes) => {
        seen.push(times);
        return Promise.resolve();
      },
    });
    const proxy = await start({ openExchange });
    await call(proxy, path);
    expect(seen[0]?.overheadMs).toBeGreaterThanOrEqual(50);
  });
});

describe('whether the end of the answer waits for the row', () => {
  const length = { 'content-length': '10' };
  test.each([
    ['a whole answer', { headers: length, pieces: ['0123456789'] }, true],
    ['an answer that breaks off', { headers: length, pieces: ['01234', { pauseMs: 20 }, 'cut' as const] }, false],
  ])('%s', async (_name, answer, waits) => {
    upstream.answer('/', answer);
    const proxy = await start();
    await call(proxy, '/other/x').catch(() => undefined);
    await waitFor('the end', () => proxy.exchanges[0]?.ends.length === 1);
    expect(timesOf(proxy)?.answerWaits).toBe(waits);
  });

  test('an error of ours does, a client that left does not', async () => {
    upstream.answer('/', { pieces: ['hang'] });
    const proxy = await start({ config: { idleTimeoutMs: 300, headersTimeoutMs: 300 } });
    const client = await connectRaw(proxy.port);
    client.send('GET /other/x HTTP/1.1\r\nHost: l\r\n\r\n');
    await waitFor('the call', () => proxy.proxy.inFlight() === 1);
    client.socket.resetAndDestroy();
    await waitFor('the end', () => proxy.exchanges[0]?.ends.length === 1);
    expect(timesOf(proxy)?.answerWaits).toBe(false);
  });
});
