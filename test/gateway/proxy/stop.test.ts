import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectRaw } from '../../helpers/raw-client.ts';
import type { RawClient } from '../../helpers/raw-client.ts';
import { readHead, valueOf } from '../../helpers/raw-socket-reader.ts';
import type { SocketReader } from '../../helpers/raw-socket-reader.ts';
import { startRawUpstream } from '../../helpers/raw-upstream.ts';
import type { RawScript, RawUpstream } from '../../helpers/raw-upstream.ts';
import { startTestProxy, upstreamAt } from '../../helpers/proxy-server.ts';
import type { TestProxy } from '../../helpers/proxy-server.ts';
import { waitFor } from '../../helpers/wait-for.ts';

let upstream: RawUpstream;
let proxy: TestProxy;
let client: RawClient;
let script: RawScript;
let upstreamSide: SocketReader | null;

beforeEach(async () => {
  upstreamSide = null;
  upstream = await startRawUpstream((reader, socket) => {
    upstreamSide = reader;
    return script(reader, socket);
  });
  proxy = await startTestProxy([upstreamAt(upstream.origin)]);
  client = await connectRaw(proxy.port);
});

afterEach(async () => {
  client.socket.destroy();
  await proxy.stop();
  await upstream.stop();
});

const get = 'GET /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\n\r\n';
const ends = () => proxy.exchanges.flatMap((exchange) => exchange.ends);
const stopping = { kind: 'upstream_failed', code: 'gateway_stopping' };

test('running calls finish, new ones are refused, idle upstream connections are closed', async () => {
  let finish = (): void => {};
  script = async (reader, socket) => {
    await readHead(reader);
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst');
    finish = () => void socket.write('later');
  };
  client.send(get);
  await client.reader.until('first');
  const stopped = proxy.proxy.stop(10_000);

  const late = await connectRaw(proxy.port);
  late.send(get);
  const refused = await late.response();
  expect(refused.startLine).toBe('HTTP/1.1 503 Service Unavailable');
  expect(valueOf(refused.headers, 'x-aism-error')).toBe('gateway_stopping');
  expect(valueOf(refused.headers, 'connection')).toBe('close');
  late.socket.destroy();

  finish();
  await client.reader.until('later');
  await stopped;
  expect(ends()).toEqual([{ kind: 'complete' }]);
  await waitFor('the kept connection to close', () => upstreamSide?.ended);
});

test('a call that has no answer at the deadline gets a 503, its row, and its upstream is let go', async () => {
  script = () => undefined;
  client.send(get);
  await waitFor('the call', () => proxy.proxy.inFlight() === 1);
  await proxy.proxy.stop(20);
  const answer = await client.response();
  expect(answer.startLine).toBe('HTTP/1.1 503 Service Unavailable');
  expect(valueOf(answer.headers, 'x-aism-error')).toBe('gateway_stopping');
  expect(ends()).toEqual([stopping]);
  await waitFor('the upstream to be let go', () => upstreamSide?.ended);
  expect(proxy.proxy.inFlight()).toBe(0);
});

test('a stream that still runs at the deadline is broken off', async () => {
  script = async (reader, socket) => {
    await readHead(reader);
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n');
  };
  client.send(get);
  await client.reader.until('first\r\n');
  await proxy.proxy.stop(20);
  expect((await client.reader.toEnd()).toString()).not.toContain('0\r\n\r\n');
  expect(ends()).toEqual([stopping]);
});

test('a tunnel that is still open at the deadline is closed', async () => {
  script = async (reader, socket) => {
    await readHead(reader);
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  };
  client.send('GET /ws/x HTTP/1.1\r\nHost: l\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await readHead(client.reader);
  await proxy.proxy.stop(20);
  await waitFor('the client to see it', () => client.reader.ended);
  expect(ends()).toEqual([stopping]);
  await waitFor('nothing in flight', () => proxy.proxy.inFlight() === 0);
});

test('a chat call whose body is still being read at the deadline gets a 503 and its row', async () => {
  const origin = upstream.origin;
  const own = await startTestProxy([{ name: 'openai', provider: 'openai', origin }], {
    config: { includeStreamUsage: true },
  });
  const caller = await connectRaw(own.port);
  caller.send(
    'POST /openai/v1/completions HTTP/1.1\r\nHost: l\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
  );
  await waitFor('the call', () => own.proxy.inFlight() === 1);
  await own.proxy.stop(50);
  expect((await caller.response()).startLine).toBe('HTTP/1.1 503 Service Unavailable');
  expect(own.exchanges[0]?.ends).toEqual([stopping]);
  expect(upstream.connections()).toBe(0);
  caller.socket.destroy();
  await own.stop();
});
