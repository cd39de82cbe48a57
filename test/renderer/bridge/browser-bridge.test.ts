/** The bridge of a browser against a real HTTP and WebSocket server on a free port. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws';
import { topics, type ServerFrame } from '../../../contract/gateway-api.ts';
import type { Bridge, GatewayStatus } from '../../../contract/ipc.ts';
import { readSummaryHash } from '../../../contract/summary-address.ts';
import { startBrowserBridge } from '../../../renderer/bridge/browser-bridge.ts';
import { metricsAnswer } from '../fixture/answers.ts';
import { recordsBefore } from '../fixture/records.ts';

const range = { from: '2026-11-23T00:00:00.000Z', to: '2026-11-23T12:00:00.000Z', tz: 'UTC' };
const records = recordsBefore(Date.parse(range.to), 3_600_000, 20);
const hello = {
  type: 'hello',
  apiVersion: 1,
  version: '0.1.0',
  at: range.to,
  heartbeatSeconds: 30,
} satisfies ServerFrame;
const calls = { type: 'calls', calls: records.slice(0, 2), dropped: 0 } satisfies ServerFrame;

function memoryStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    getItem: (key) => kept.get(key) ?? null,
    key: (index) => [...kept.keys()][index] ?? null,
    removeItem: (key) => void kept.delete(key),
    setItem: (key, value) => void kept.set(key, value),
  };
}

describe('the browser bridge', () => {
  let server: Server;
  let sockets: WebSocketServer;
  let answerWith: (request: IncomingMessage, response: ServerResponse) => void;
  let bridge: Bridge & { stop: () => void };
  let downloads: string[];
  let opened: string[];
  let storage: Storage;
  const requests: { method: string; url: string; body: string }[] = [];

  beforeEach(async () => {
    requests.length = 0;
    downloads = [];
    opened = [];
    storage = memoryStorage();
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        requests.push({ method: request.method ?? '', url: request.url ?? '', body });
        answerWith(request, response);
      });
    });
    sockets = new WebSocketServer({
      server,
      path: '/ws/analytics',
      handleProtocols: (offered) => (offered.has('aism.v1') ? 'aism.v1' : false),
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    answerWith = (_, response) => response.writeHead(404).end();
  });

  afterEach(async () => {
    bridge.stop();
    sockets.clients.forEach((client) => client.terminate());
    sockets.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function start(): void {
    const { port } = server.address() as AddressInfo;
    const origin = `http://127.0.0.1:${port}`;
    bridge = startBrowserBridge({
      origin,
      fetch: (input, init) => fetch(new URL(String(input), origin), init),
      openSocket: (url, protocols) => new WebSocket(url, protocols),
      storage,
      copy: () => Promise.resolve(),
      download: (path) => downloads.push(path),
      openPage: (hash) => opened.push(hash),
      platform: 'test',
    });
  }

  const json = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

  function record<T>(): { seen: T[]; take: (value: T) => void } {
    const seen: T[] = [];
    return { seen, take: (value) => void seen.push(value) };
  }

  it('asks a question over REST and hands on the checked answer', async () => {
    const metrics = metricsAnswer(records, range);
    answerWith = (_, response) => json(response, 200, metrics);
    start();
    const answer = await bridge.ask('metrics', { range: '24h', tz: 'UTC', filter: { model: ['a', 'b'] } });
    expect(answer).toEqual({ ok: true, value: metrics });
    expect(requests.map(({ url }) => url)).toContain('/api/analytics/metrics?range=24h&tz=UTC&model=a&model=b');
  });

  it('turns a problem into a failure with its code and field', async () => {
    const problem = {
      type: '/problems/bad_request',
      title: 'Bad request',
      status: 400,
      detail: 'tz is not a zone',
      code: 'bad_request',
      field: 'tz',
    };
    answerWith = (_, response) => json(response, 400, problem);
    start();
    expect(await bridge.ask('models', { tz: 'nowhere' })).toEqual({
      ok: false,
      code: 'bad_request',
      message: 'tz is not a zone',
      field: 'tz',
    });
  });

  it('tells a missing session, an unexpected answer and an unreachable gateway apart', async () => {
    start();
    answerWith = (_, response) => json(response, 401, {});
    expect(await bridge.ask('about', undefined)).toMatchObject({ ok: false, code: 'unauthorized' });
    answerWith = (_, response) => json(response, 200, { surprise: true });
    expect(await bridge.ask('about', undefined)).toMatchObject({ ok: false, code: 'internal' });
    answerWith = (request) => request.socket.destroy();
    expect(await bridge.ask('about', undefined)).toMatchObject({ ok: false, code: 'gateway_unreachable' });
  });

  it('starts sample traffic with a POST', async () => {
    answerWith = (_, response) => json(response, 200, { running: true, callsSent: 0, rows: 3 });
    start();
    expect(await bridge.ask('sample', { action: 'start' })).toMatchObject({ ok: true, value: { running: true } });
    expect(requests.at(-1)).toEqual({ method: 'POST', url: '/api/sample', body: '{"action":"start"}' });
  });

  it('replaces the own prices with a PUT and cancels a run with a DELETE', async () => {
    answerWith = (_, response) => json(response, 200, {});
    start();
    await bridge.ask('savePrices', []);
    expect(requests.at(-1)).toEqual({ method: 'PUT', url: '/api/prices', body: '{"overrides":[]}' });
    await bridge.ask('cancelReprice', undefined);
    expect(requests.at(-1)).toEqual({ method: 'DELETE', url: '/api/reprice', body: '' });
  });

  it('exports as a download with the same query', async () => {
    start();
    const answer = await bridge.ask('exportCsv', {
      question: 'calls',
      query: { range: '24h', filter: { outcome: ['timeout'] } },
    });
    expect(answer).toMatchObject({ ok: true, value: { saved: 'download' } });
    expect(downloads).toEqual(['/api/analytics/calls?range=24h&format=csv&bom=true&outcome=timeout']);
  });

  it('opens the summary as a page of its own that prints itself', async () => {
    start();
    const query = { from: '2026-11-23T00:00:00.000Z', to: '2026-11-24T00:00:00.000Z', tz: 'Europe/Berlin' };
    expect(await bridge.ask('saveSummary', { query })).toMatchObject({ ok: true, value: { saved: 'printed' } });
    expect(opened).toHaveLength(1);
    expect(readSummaryHash(opened[0] ?? '')).toEqual({ query: expect.objectContaining(query), print: true });
  });

  it('keeps settings in the browser and tells about a change', async () => {
    start();
    const told = record<{ theme: string }>();
    bridge.onTold('uiSettings', told.take);
    expect(await bridge.ask('uiSettings', undefined)).toMatchObject({
      ok: true,
      value: { theme: 'system', utc: false },
    });
    await bridge.ask('saveUiSettings', { theme: 'light' });
    expect(await bridge.ask('uiSettings', undefined)).toMatchObject({
      ok: true,
      value: { theme: 'light', density: 'comfortable' },
    });
    expect(told.seen).toMatchObject([{ theme: 'light' }]);
    storage.setItem('aism.ui', 'not json');
    expect(await bridge.ask('uiSettings', undefined)).toMatchObject({ ok: true, value: { theme: 'system' } });
  });

  it('subscribes over the WebSocket, passes frames on and leaves out what the contract does not know', async () => {
    const subscriptions: unknown[] = [];
    sockets.on('connection', (socket: ServerSocket) => {
      socket.on('message', (data) => subscriptions.push(JSON.parse(String(data))));
      for (const frame of [hello, { type: 'news of tomorrow' }, calls]) socket.send(JSON.stringify(frame));
    });
    start();
    const frames = record<ServerFrame>();
    bridge.onTold('live', frames.take);
    await vi.waitFor(() => expect(frames.seen.map((frame) => frame.type)).toEqual(['hello', 'calls']));
    await vi.waitFor(() => expect(subscriptions).toEqual([{ type: 'subscribe', topics: [...topics] }]));
    expect(await bridge.ask('gatewayStatus', undefined)).toMatchObject({
      ok: true,
      value: { phase: 'running', live: 'connected' },
    });
  });

  it('says since when it is lost, comes back by itself and remembers the newest snapshot', async () => {
    const realtime = {
      at: range.to,
      inFlight: 0,
      callsPerSecond: 0,
      errorRate: null,
      today: { calls: 0, costUsd: null, unpricedCalls: 0, notRecorded: 0, since: null },
    };
    const snapshot: ServerFrame = {
      type: 'snapshot',
      at: range.to,
      seconds: [],
      recent: records.slice(0, 1),
      inFlight: [],
      realtime,
    };
    sockets.on('connection', (socket: ServerSocket) =>
      [hello, snapshot].forEach((frame) => socket.send(JSON.stringify(frame))),
    );
    start();
    const told = record<GatewayStatus>();
    bridge.onTold('gatewayStatus', told.take);
    await vi.waitFor(() => expect(told.seen.at(-1)?.live).toBe('connected'));
    sockets.clients.forEach((client) => client.terminate());
    await vi.waitFor(() => expect(told.seen.map(({ live }) => live)).toContain('lost'));
    const lost = told.seen.find(({ live }) => live === 'lost');
    expect(lost?.phase).toBe('stopped');
    expect(lost?.retryInMs).toBeGreaterThan(0);
    await vi.waitFor(() => expect(told.seen.at(-1)?.live).toBe('connected'), { timeout: 5000 });
    const retry = told.seen.findLast(({ live }) => live === 'connecting');
    expect(retry?.liveSince).toBe(lost?.liveSince);
    expect(await bridge.ask('liveSnapshot', undefined)).toEqual({ ok: true, value: snapshot });
  });
});
