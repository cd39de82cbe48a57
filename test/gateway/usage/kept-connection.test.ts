/**
 * The whole fixture corpus through the real proxy with the real meter: one client connection after the other call, one upstream that answers in
 * pieces. What the client gets is exactly what the upstream sent, and the row is what a replay of the bytes tells.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createMeter } from '../../../gateway/meter.ts';
import { createPriceBook } from '../../../gateway/pricing/price-book.ts';
import { createAttribution } from '../../../gateway/usage/attribution.ts';
import { createJobMemory } from '../../../gateway/usage/job-memory.ts';
import { startTestProxy, type TestProxy } from '../../helpers/proxy-server.ts';
import { connectRaw } from '../../helpers/raw-client.ts';
import { createRecorders } from '../meter/recorders.ts';
import { encodings, loadFixtures, replay, type Encoding, type Fixture } from './fixture.ts';

const fixtures = loadFixtures();
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

const pairs = (headers: readonly string[]): readonly (readonly [string, string])[] =>
  headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1] ?? ''] as const] : []));

/** Answers with the fixture whose number the request names; every third with a length, the others chunked, in pieces. */
function answer(encoding: Encoding, request: IncomingMessage, response: ServerResponse): void {
  const index = Number(request.headers['x-fixture']);
  const fixture = fixtures[index];
  request.resume();
  request.once('end', () => {
    if (fixture === undefined) return void response.writeHead(500).end();
    const body = encoding.encode(fixture.response);
    const headers = [...fixture.responseHeaders, ...encoding.headers];
    response.writeHead(fixture.status, index % 3 === 0 ? [...headers, 'content-length', String(body.length)] : headers);
    const size = Math.max(1, Math.ceil(body.length / (1 + (index % 7))));
    for (let at = 0; at < body.length; at += size) response.write(body.subarray(at, at + size));
    response.end();
  });
}

async function startUpstream(encoding: Encoding): Promise<{ server: Server; origin: URL; connections: () => number }> {
  let accepted = 0;
  const server = createServer((request, response) => answer(encoding, request, response));
  server.on('connection', () => (accepted += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  const { port } = server.address() as AddressInfo;
  return { server, origin: new URL(`http://127.0.0.1:${port}`), connections: () => accepted };
}

async function startGateway(origin: URL) {
  const recorders = createRecorders();
  const prices = createPriceBook({ log: { info: () => undefined, warn: () => undefined } });
  stops.push(async () => prices.stop());
  const openExchange = createMeter({ ...recorders, prices, attribution: createAttribution('salt'), holdMs: 50 });
  const upstreams = (['google', 'openai', 'anthropic'] as const).map((provider) => ({
    name: provider,
    provider,
    origin,
  }));
  const proxy: TestProxy = await startTestProxy(upstreams, { openExchange });
  stops.push(() => proxy.stop());
  return { port: proxy.port, closed: recorders.closed };
}

function requestBytes({ method, provider, path, requestHeaders, request }: Fixture, index: number): Buffer {
  const length = method === 'GET' ? [] : [['content-length', String(request.length)] as const];
  const lines = [['host', '127.0.0.1'], ['x-fixture', String(index)], ...pairs(requestHeaders), ...length];
  const head = `${method} /${provider}${path.replace(/^\/+/, '/')} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), method === 'GET' ? Buffer.alloc(0) : request]);
}

const told = [
  'surface',
  'streamed',
  'finishReason',
  'modelRequested',
  'model',
  'serviceTier',
  'inputTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'toolInputTokens',
  'outputTokens',
  'reasoningTokens',
  'modalities',
  'units',
  'totalTokens',
  'usageSource',
  'usageMismatch',
] as const;

describe.each([
  ['as it is', encodings.identity],
  ['in gzip', encodings.gzip],
  ['in br', encodings.br],
  ['in zstd', encodings.zstd],
] as const)('the corpus over one kept connection, %s', (_name, encoding) => {
  it('reaches the client byte by byte, and each row tells what its bytes say', async () => {
    const upstream = await startUpstream(encoding);
    const gateway = await startGateway(upstream.origin);
    const client = await connectRaw(gateway.port);
    for (const [index, fixture] of fixtures.entries()) {
      client.send(requestBytes(fixture, index));
      const { body, startLine } = await client.response();
      expect([fixture.name, startLine.split(' ')[1]]).toEqual([fixture.name, String(fixture.status)]);
      expect(body.equals(encoding.encode(fixture.response))).toBe(true);
    }
    client.socket.destroy();
    expect(gateway.closed).toHaveLength(fixtures.length);
    const jobs = createJobMemory(); // of the corpus as a whole: it holds a background run and its polls
    for (const [index, fixture] of fixtures.entries()) {
      const { facts } = await replay(fixture, { jobs });
      const row = gateway.closed[index];
      expect([fixture.name, told.map((field) => row?.[field])]).toEqual([
        fixture.name,
        told.map((field) => facts[field]),
      ]);
    }
    expect(upstream.connections()).toBeLessThan(fixtures.length);
  });
});
