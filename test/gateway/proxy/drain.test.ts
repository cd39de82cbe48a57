/** A client leaves in the middle of an answer: with `drainMs` the answer is read on for the meter, within its bounds; without it is not. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Socket } from 'node:net';
import { createDrainCounter, drainCapBytes, type DrainCounter } from '../../../gateway/proxy/drain.ts';
import { connectRaw } from '../../helpers/raw-client.ts';
import { readHead, type SocketReader } from '../../helpers/raw-socket-reader.ts';
import { startRawUpstream, type RawUpstream } from '../../helpers/raw-upstream.ts';
import { startTestProxy, upstreamAt, type TestProxy } from '../../helpers/proxy-server.ts';
import { waitFor } from '../../helpers/wait-for.ts';

let upstream: RawUpstream;
let upstreamSide: { readonly reader: SocketReader; readonly socket: Socket } | null;
let proxy: TestProxy;
let drains: DrainCounter;

beforeEach(async () => {
  upstreamSide = null;
  drains = createDrainCounter();
  upstream = await startRawUpstream(async (reader, socket) => {
    await readHead(reader);
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n');
    upstreamSide = { reader, socket };
  });
});

afterEach(async () => {
  await proxy.stop();
  await upstream.stop();
});

/** A client that reads the first piece of the answer and leaves. */
async function abandon(drainMs: number): Promise<Socket> {
  proxy = await startTestProxy([upstreamAt(upstream.origin)], { config: { drainMs }, drains });
  const client = await connectRaw(proxy.port);
  client.send('GET /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\n\r\n');
  await client.reader.until('first\r\n');
  client.socket.destroy();
  await waitFor('the call to leave the running ones', () => proxy.proxy.inFlight() === 0);
  return (await waitFor('the upstream', () => upstreamSide)).socket;
}

const ends = () => proxy.exchanges.flatMap((exchange) => exchange.ends);
const seen = () => Buffer.concat(proxy.exchanges.flatMap((exchange) => exchange.responseChunks)).toString();
const letGo = () => waitFor('the upstream to be let go', () => upstreamSide?.reader.ended);
const aborted = [{ kind: 'client_aborted' }];

test('without drainMs the upstream is let go at once and nothing more is read', async () => {
  const socket = await abandon(0);
  await letGo();
  socket.write('5\r\nusage\r\n0\r\n\r\n');
  expect(ends()).toEqual(aborted);
  expect(seen()).toBe('first');
  expect(Object.values(drains.totals())).toEqual([0, 0, 0, 0, 0]);
});

describe('with drainMs', () => {
  test('the rest of the answer reaches the meter, and the call stays the client abort it was', async () => {
    const socket = await abandon(30_000);
    expect(ends()).toEqual([]);
    socket.write('5\r\nusage\r\n0\r\n\r\n');
    await waitFor('the end', () => ends().length === 1);
    expect(ends()).toEqual(aborted);
    expect(seen()).toBe('firstusage');
    expect(drains.totals()).toMatchObject({ complete: 1, timeout: 0 });
  });

  test('an answer that goes on longer is let go when the time is over', async () => {
    const began = performance.now();
    const socket = await abandon(200);
    const timer = setInterval(() => socket.write('1\r\n.\r\n'), 20);
    await letGo();
    clearInterval(timer);
    expect(performance.now() - began).toBeGreaterThan(190);
    expect(ends()).toEqual(aborted);
    expect(drains.totals()).toMatchObject({ timeout: 1, complete: 0 });
  });

  test('no more than the cap is read', async () => {
    const socket = await abandon(30_000);
    const piece = Buffer.alloc(64 * 1024, '.');
    for (let sent = 0; sent < 2 * drainCapBytes; sent += piece.length) {
      socket.write(`${piece.length.toString(16)}\r\n`);
      socket.write(piece);
      socket.write('\r\n');
    }
    await letGo();
    expect(ends()).toEqual(aborted);
    expect(seen().length).toBeLessThanOrEqual(drainCapBytes + 'first'.length);
    expect(drains.totals()).toMatchObject({ too_large: 1 });
  });

  test('an upstream that breaks off meanwhile leaves a client abort too', async () => {
    (await abandon(30_000)).destroy();
    await waitFor('the end', () => ends().length === 1);
    expect(ends()).toEqual(aborted);
    expect(drains.totals()).toMatchObject({ upstream_failed: 1 });
  });

  test('stopping does not wait for it, and the call is told first', async () => {
    await abandon(60_000);
    const began = performance.now();
    await proxy.proxy.stop(10_000);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(ends()).toEqual(aborted);
    expect(drains.totals()).toMatchObject({ stopping: 1 });
    await letGo();
  });

  test('a reader that was too slow does not hold the drain up', async () => {
    proxy = await startTestProxy([upstreamAt(upstream.origin)], { config: { drainMs: 30_000 }, drains });
    const client = await connectRaw(proxy.port);
    client.socket.pause();
    client.send('GET /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\n\r\n');
    const { socket } = await waitFor('the upstream', () => upstreamSide);
    const piece = Buffer.alloc(64 * 1024, '.');
    while (socket.writableLength < 2 * drainCapBytes) {
      socket.write(`${piece.length.toString(16)}\r\n`);
      socket.write(piece);
      socket.write('\r\n');
      await new Promise(setImmediate);
    }
    client.socket.destroy();
    await waitFor('the drain to reach its cap', () => drains.totals().too_large === 1);
    expect(ends()).toEqual(aborted);
  });

  test('a request that is not complete is not drained', async () => {
    proxy = await startTestProxy([upstreamAt(upstream.origin)], { config: { drainMs: 30_000 }, drains });
    const client = await connectRaw(proxy.port);
    client.send('POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nContent-Length: 100\r\n\r\nabc');
    await client.reader.until('first\r\n');
    client.socket.destroy();
    await letGo();
    expect(ends()).toEqual(aborted);
    expect(drains.totals()).toEqual(createDrainCounter().totals());
  });
});
