/** P3 and P2: what completes a response waits for its row, and never longer than the hold. */
import { afterEach, expect, test } from 'vitest';
import { connectRaw } from '../../helpers/raw-client.ts';
import type { RawClient } from '../../helpers/raw-client.ts';
import { readMessage, valueOf } from '../../helpers/raw-socket-reader.ts';
import { startRawUpstream } from '../../helpers/raw-upstream.ts';
import { startTestProxy, upstreamAt } from '../../helpers/proxy-server.ts';
import type { TestProxy } from '../../helpers/proxy-server.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

interface Setup {
  readonly client: RawClient;
  readonly proxy: TestProxy;
  /** Makes the row of a call durable; calls are numbered as they ended. */
  commit(call?: number): void;
}

async function holding(answer: string, holdMs: number): Promise<Setup> {
  const upstream = await startRawUpstream(async (reader, socket) => {
    for (;;) {
      await readMessage(reader, { kind: 'request' });
      socket.write(answer);
      if (!/content-length|chunked|204|304/i.test(answer)) return void socket.end();
    }
  });
  stops.push(upstream.stop);
  const commits: (() => void)[] = [];
  const onEnd = (): Promise<void> => new Promise((resolve) => void commits.push(resolve));
  const proxy = await startTestProxy([upstreamAt(upstream.origin)], { config: { holdMs }, onEnd });
  stops.push(proxy.stop);
  const client = await connectRaw(proxy.port);
  stops.push(() => void client.socket.destroy());
  return { client, proxy, commit: (call = 0) => commits[call]?.() };
}

const get = 'GET /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\n\r\n';
const longHoldMs = 60_000;
const ended = (proxy: TestProxy, count = 1): Promise<unknown> =>
  waitFor('the observer to hear the end', () => proxy.exchanges.flatMap(({ ends }) => ends).length === count);

/** A round trip through another connection: whatever the gateway was going to send before has been sent. */
async function otherConnection(proxy: TestProxy): Promise<void> {
  const other = await connectRaw(proxy.port);
  other.send('GET /nobody HTTP/1.1\r\nHost: l\r\n\r\n');
  expect((await other.response()).startLine).toBe('HTTP/1.1 404 Not Found');
  other.socket.destroy();
}

test.each([
  [
    'a body with a length: the chunk that completes it',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    '',
    'hello',
  ],
  [
    'a chunked body: the terminating chunk',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
    'hello\r\n',
    '0\r\n\r\n',
  ],
  [
    'trailers',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n',
    'hello\r\n',
    '0\r\nX-T: 1\r\n\r\n',
  ],
  ['a body until close: the terminating chunk of ours', 'HTTP/1.1 200 OK\r\n\r\nhello', 'hello\r\n', '0\r\n\r\n'],
  ['a response without a body: its head', 'HTTP/1.1 204 No Content\r\n\r\n', '', 'HTTP/1.1 204 No Content'],
  ['a body of length 0: its head', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', '', 'Content-Length: 0'],
])('held back until the row is durable, of %s', async (_name, answer, before, held) => {
  const { client, proxy, commit } = await holding(answer, longHoldMs);
  client.send(get);
  await ended(proxy);
  if (before !== '') await client.reader.until(before);
  await otherConnection(proxy);
  expect(client.reader.waiting.toString()).toBe('');
  commit();
  expect(await client.reader.until(held)).toContain(held);
  expect(proxy.proxy.counters().lateReleases).toBe(0);
});

test('only what completes the response is held: earlier chunks pass at once', async () => {
  const upstream = await startRawUpstream(async (reader, socket) => {
    await readMessage(reader, { kind: 'request' });
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst');
    await reader.toEnd();
  });
  stops.push(upstream.stop);
  const proxy = await startTestProxy([upstreamAt(upstream.origin)], { config: { holdMs: longHoldMs } });
  stops.push(proxy.stop);
  const client = await connectRaw(proxy.port);
  stops.push(() => void client.socket.destroy());
  client.send(get);
  expect(await client.reader.until('\r\n\r\nfirst')).toContain('HTTP/1.1 200 OK');
});

test('a row that never becomes durable delays the response by the hold, counts as late, and changes nothing else', async () => {
  const { client, proxy } = await holding('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 50);
  const asked = performance.now();
  client.send(get);
  expect((await client.response()).body.toString()).toBe('hello');
  const waitedMs = performance.now() - asked;
  expect(waitedMs).toBeGreaterThanOrEqual(49);
  expect(waitedMs).toBeLessThan(1_000);
  expect(proxy.proxy.counters().lateReleases).toBe(1);
});

test('a held response does not let the next one on the connection overtake it', async () => {
  const { client, proxy, commit } = await holding('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', longHoldMs);
  client.send(get);
  await ended(proxy);
  client.send('GET /gemini/second HTTP/1.1\r\nHost: l\r\n\r\n');
  await ended(proxy, 2);
  commit(1);
  await otherConnection(proxy);
  expect(client.reader.waiting.length).toBe(0);
  commit(0);
  const ids = [await client.response(), await client.response()].map(({ headers }) =>
    valueOf(headers, 'x-aism-call-id'),
  );
  expect(ids).toEqual(proxy.exchanges.map(({ head }) => head.callId));
});

test('an error of the gateway waits for its row as well', async () => {
  const closed = await startRawUpstream(() => undefined);
  await closed.stop();
  let commit = (): void => {};
  const onEnd = (): Promise<void> =>
    new Promise((resolve) => {
      commit = resolve;
    });
  const proxy = await startTestProxy([upstreamAt(closed.origin)], { config: { holdMs: longHoldMs }, onEnd });
  stops.push(proxy.stop);
  const client = await connectRaw(proxy.port);
  stops.push(() => void client.socket.destroy());
  client.send(get);
  await ended(proxy);
  expect(client.reader.waiting.length).toBe(0);
  commit();
  expect((await client.response()).startLine).toBe('HTTP/1.1 502 Bad Gateway');
});

test('an observer that throws everywhere changes nothing and is counted', async () => {
  const upstream = await startRawUpstream(async (reader, socket) => {
    await readMessage(reader, { kind: 'request' });
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello');
  });
  stops.push(upstream.stop);
  const fail = (): never => {
    throw new Error('observer fault');
  };
  const openExchange = () => ({ requestBody: fail, responseHead: fail, responseBody: fail, end: fail });
  const proxy = await startTestProxy([upstreamAt(upstream.origin)], { openExchange, config: { holdMs: longHoldMs } });
  stops.push(proxy.stop);
  const client = await connectRaw(proxy.port);
  stops.push(() => void client.socket.destroy());
  client.send('POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nContent-Length: 1\r\n\r\na');
  expect((await client.response()).body.toString()).toBe('hello');
  expect(proxy.proxy.counters().observerFaults).toBe(4);
});

test('an observer that cannot be opened, or whose end rejects, changes nothing', async () => {
  const upstream = await startRawUpstream(async (reader, socket) => {
    for (;;) {
      await readMessage(reader, { kind: 'request' });
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello');
    }
  });
  stops.push(upstream.stop);
  let opened = 0;
  const openExchange = () => {
    opened += 1;
    if (opened === 1) throw new Error('cannot open');
    return {
      requestBody() {},
      responseHead() {},
      responseBody() {},
      end: () => Promise.reject(new Error('cannot end')),
    };
  };
  const proxy = await startTestProxy([upstreamAt(upstream.origin)], { openExchange, config: { holdMs: longHoldMs } });
  stops.push(proxy.stop);
  const client = await connectRaw(proxy.port);
  stops.push(() => void client.socket.destroy());
  for (let round = 0; round < 2; round += 1) {
    client.send(get);
    expect((await client.response()).body.toString()).toBe('hello');
  }
  expect(proxy.proxy.counters()).toEqual({ observerFaults: 2, lateReleases: 0 });
});
