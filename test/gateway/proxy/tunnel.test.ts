/** Upgrades: a transparent tunnel, one exchange a session. */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
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

const upgrade =
  'GET //ws/google.Bidi?key=k HTTP/1.1\r\nHost: l\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\nx-aism-user: u\r\n\r\n';
const switched =
  'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n';
const ends = () => proxy.exchanges.flatMap((exchange) => exchange.ends);

async function opened(): Promise<SocketReader> {
  client.send(upgrade);
  expect((await readHead(client.reader)).startLine).toBe('HTTP/1.1 101 Switching Protocols');
  if (upstreamSide === null) throw new Error('no upstream connection');
  return upstreamSide;
}

test('heads pass by the header rules, //ws/ as /ws/, and the exchange is one with a 101', async () => {
  let asked: Awaited<ReturnType<typeof readHead>> | null = null;
  script = async (reader, socket) => {
    asked = await readHead(reader);
    socket.write(`${switched}right after`);
  };
  client.send(upgrade);
  const answer = await readHead(client.reader);
  expect(asked).toEqual({
    startLine: 'GET /ws/google.Bidi?key=k HTTP/1.1',
    headers: [
      ['Host', upstream.origin.host],
      ['Connection', 'Upgrade'],
      ['Upgrade', 'websocket'],
      ['Sec-WebSocket-Key', 'eA=='],
    ],
  });
  expect(answer.headers).toEqual([
    ['upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Accept', 'x'],
    ['x-aism-call-id', proxy.exchanges[0]?.head.callId],
  ]);
  expect(await client.reader.until('after')).toBe('right after');
  expect(proxy.exchanges[0]?.head.path).toBe('/ws/google.Bidi');
  expect(proxy.exchanges[0]?.responseHeads.map(({ statusCode }) => statusCode)).toEqual([101]);
  expect(proxy.proxy.inFlight()).toBe(1);
});

test('bytes pass both ways, also those the client sent with its request; the observer sees them', async () => {
  script = async (reader, socket) => {
    await readHead(reader);
    socket.write(switched);
    await reader.until('early');
    socket.write('pong');
    await reader.until('late');
  };
  client.send(`${upgrade}early`);
  await readHead(client.reader);
  await client.reader.until('pong');
  client.send('late');
  await waitFor(
    'the late bytes',
    () => Buffer.concat(proxy.exchanges[0]?.requestChunks ?? []).toString() === 'earlylate',
  );
  expect(Buffer.concat(proxy.exchanges[0]?.responseChunks ?? []).toString()).toBe('pong');
});

test('a half-close passes on, the other direction stays open, and both closed end the call', async () => {
  script = async (reader, socket) => {
    await readHead(reader);
    socket.write(switched);
    expect((await reader.toEnd()).toString()).toBe('last words');
    socket.end('answer after your end');
  };
  await opened();
  client.socket.end('last words');
  expect((await client.reader.toEnd()).toString()).toBe('answer after your end');
  await waitFor('the end', () => ends().length === 1);
  expect(ends()).toEqual([{ kind: 'complete' }]);
  expect(proxy.proxy.inFlight()).toBe(0);
});

test('a client that breaks off breaks the upstream connection', async () => {
  script = async (reader, socket) => {
    await readHead(reader);
    socket.write(switched);
  };
  const other = await opened();
  client.socket.resetAndDestroy();
  await waitFor('the upstream to see it', () => other.ended);
  await waitFor('the end', () => ends().length === 1);
  expect(ends()).toEqual([{ kind: 'client_aborted' }]);
});

test('an upstream that breaks off breaks the client connection', async () => {
  script = async (reader, socket) => {
    await readHead(reader);
    socket.write(switched);
    await reader.until('go');
    socket.resetAndDestroy();
  };
  await opened();
  client.send('go');
  await waitFor('the client to see it', () => client.reader.ended);
  await waitFor('the end', () => ends().length === 1);
  expect(ends()).toEqual([{ kind: 'upstream_failed', code: 'upstream_reset' }]);
});

test('a refused upgrade is an ordinary answer with its body', async () => {
  script = async (reader, socket) => {
    await readHead(reader);
    socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\nnot today');
  };
  client.send(upgrade);
  const answer = await client.response();
  expect(answer.startLine).toBe('HTTP/1.1 403 Forbidden');
  expect(answer.body.toString()).toBe('not today');
  expect(valueOf(answer.headers, 'connection')).toBe('close');
  await waitFor('the connection to end', () => client.reader.ended);
  expect(ends()).toEqual([{ kind: 'complete' }]);
  await waitFor('nothing in flight', () => proxy.proxy.inFlight() === 0);
});

test('an upgrade to nowhere is told so and closed', async () => {
  script = () => undefined;
  client.send('GET /nobody/ws HTTP/1.1\r\nHost: l\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  expect((await client.response()).startLine).toBe('HTTP/1.1 404 Not Found');
  await waitFor('the connection to end', () => client.reader.ended);
});

test('an offer of HTTP/2 is ignored and the request served', async () => {
  script = async (reader, socket) => {
    const { headers } = await readHead(reader);
    expect(headers.map(([name]) => name)).toEqual(['Host']);
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  };
  client.send(
    'GET /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAM\r\n\r\n',
  );
  expect((await client.response()).body.toString()).toBe('ok');
});

const total = 40_000_000;

interface Flood {
  written: number;
  readonly digest: () => string;
}

/** Writes `total` bytes as fast as the other side takes them. */
function flood(socket: Socket): Flood {
  const hash = createHash('sha256');
  const state = { written: 0, digest: () => hash.digest('hex') };
  const goOn = (): void => {
    for (let room = true; room && state.written < total;) {
      const piece = Buffer.alloc(100_000, state.written % 251);
      hash.update(piece);
      state.written += piece.length;
      room = socket.write(piece);
    }
  };
  socket.on('drain', goOn);
  goOn();
  return state;
}

async function stalled(state: Flood): Promise<void> {
  let before = -1;
  await waitFor('the sender to stall', async () => {
    const isSame = state.written === before;
    before = state.written;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return isSame && state.written === before;
  });
}

test('an upstream is stopped by a client that does not read, and nothing is lost', async () => {
  let sender: Flood | null = null;
  script = async (reader, socket) => {
    await readHead(reader);
    socket.write(switched);
    sender = flood(socket);
  };
  client.socket.pause();
  client.send(upgrade);
  const flooding = await waitFor('the flood', () => sender);
  await stalled(flooding);
  expect(flooding.written).toBeLessThan(total);
  client.socket.resume();
  await client.reader.until('\r\n\r\n');
  const received = createHash('sha256').update(await client.reader.exactly(total));
  expect(received.digest('hex')).toBe(flooding.digest());
});

test('a client is stopped by an upstream that does not read, and nothing is lost', async () => {
  let upstreamSocket: Socket | null = null;
  script = async (reader, socket) => {
    await readHead(reader);
    socket.write(switched);
    socket.pause();
    upstreamSocket = socket;
  };
  const reader = await opened();
  const paused = await waitFor('the upstream to pause', () => upstreamSocket);
  const flooding = flood(client.socket);
  await stalled(flooding);
  expect(flooding.written).toBeLessThan(total);
  paused.resume();
  const received = createHash('sha256').update(await reader.exactly(total));
  expect(received.digest('hex')).toBe(flooding.digest());
});

test('a WebSocket client and server of others talk through it', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (socket) =>
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
  );
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const own = await startTestProxy([upstreamAt(new URL(`http://127.0.0.1:${port}`))]);
  try {
    const socket = new WebSocket(`ws://127.0.0.1:${own.port}/ws/live?key=k`);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const echoed = new Promise<Buffer>((resolve) => socket.once('message', (data: Buffer) => resolve(data)));
    const message = Buffer.alloc(200_000, 7);
    socket.send(message);
    expect((await echoed).equals(message)).toBe(true);
    socket.close();
    await waitFor('the end', () => own.exchanges[0]?.ends.length === 1);
    expect(own.exchanges[0]?.ends).toEqual([{ kind: 'complete' }]);
  } finally {
    server.close();
    await own.stop();
  }
});

describe('a side that takes nothing while something waits for it', () => {
  const pieces = Buffer.alloc(16_000_000, 'p');
  let own: TestProxy;

  async function openedThrough(idleTimeoutMs: number): Promise<RawClient> {
    own = await startTestProxy([upstreamAt(upstream.origin)], { config: { idleTimeoutMs } });
    const caller = await connectRaw(own.port);
    caller.send(upgrade);
    await readHead(caller.reader);
    return caller;
  }
  afterEach(() => own.stop());

  test.each([
    ['upstream', { kind: 'upstream_failed', code: 'upstream_timeout' }],
    ['client', { kind: 'client_aborted' }],
  ] as const)('%s: the tunnel ends after the longest silence', async (side, end) => {
    script = async (reader, socket) => {
      await readHead(reader);
      socket.write(switched);
      if (side === 'upstream') socket.pause();
      else socket.write(pieces);
    };
    const caller = await openedThrough(300);
    if (side === 'client') caller.socket.pause();
    else caller.socket.write(pieces);
    await waitFor('the end of the session', () => own.exchanges[0]?.ends.length === 1);
    expect(own.exchanges[0]?.ends).toEqual([end]);
    expect(own.proxy.inFlight()).toBe(0);
    caller.socket.destroy();
  });

  test('a client that resets the connection meanwhile is noticed', async () => {
    script = async (reader, socket) => {
      await readHead(reader);
      socket.write(switched);
      socket.pause();
    };
    const caller = await openedThrough(60_000);
    caller.socket.write(pieces);
    await waitFor('the upstream to be full', () => (own.exchanges[0]?.requestChunks.length ?? 0) > 8);
    caller.socket.resetAndDestroy();
    await waitFor('the end of the session', () => own.exchanges[0]?.ends.length === 1);
    expect(own.exchanges[0]?.ends).toEqual([{ kind: 'client_aborted' }]);
  });

  test('a side that has ended its own direction may still take its time', async () => {
    let taken = 0;
    script = async (reader, socket) => {
      await readHead(reader);
      socket.removeAllListeners('data');
      socket.pause().end(switched);
      await sleep(1_500); // longer than it takes until the gateway looks after the client
      socket.on('data', (chunk: Buffer) => (taken += chunk.length)).resume();
    };
    const caller = await openedThrough(60_000);
    caller.socket.end(pieces);
    await waitFor('every byte', () => taken === pieces.length);
    await waitFor('the end of the session', () => own.exchanges[0]?.ends.length === 1);
    expect(own.exchanges[0]?.ends).toEqual([{ kind: 'complete' }]);
    caller.socket.destroy();
  });

  test('a slow side that takes something now and then keeps its tunnel', async () => {
    let taken = 0;
    script = async (reader, socket) => {
      await readHead(reader);
      socket.removeAllListeners('data');
      socket.write(switched);
      socket.on('data', (chunk: Buffer) => {
        taken += chunk.length;
        socket.pause();
        setTimeout(() => socket.resume(), 10); // more than 2 s in all
      });
      socket.on('end', () => socket.end());
      socket.resume();
    };
    const caller = await openedThrough(2_000);
    caller.socket.end(pieces);
    await waitFor('every byte', () => taken === pieces.length, 18_000);
    caller.socket.destroy();
    await waitFor('the end of the session', () => own.exchanges[0]?.ends.length === 1);
    expect(own.exchanges[0]?.ends).toEqual([{ kind: 'complete' }]);
  });
});
