/** A client that has ended its sending side may still wait for its answer, or may have left: TCP says the same of both. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectRaw } from '../../helpers/raw-client.ts';
import type { RawClient } from '../../helpers/raw-client.ts';
import { readHead, readMessage } from '../../helpers/raw-socket-reader.ts';
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

const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const ends = () => proxy.exchanges.flatMap((exchange) => exchange.ends);

/** Longer than a client that did not say so is waited for: this pause is what is tested. */
const thinkingMs = 600;

test.each([
  ['at once', 'HTTP/1.1', '', 0],
  ['at once', 'HTTP/1.0', '', 0],
  ['after a while', 'HTTP/1.1', 'Connection: close\r\n', thinkingMs],
  ['after a while', 'HTTP/1.0', '', thinkingMs],
])('gets the answer that comes %s (%s %s)', async (_name, version, header, waitMs) => {
  script = async (reader, socket) => {
    for (;;) {
      await readMessage(reader, { kind: 'request' });
      await sleep(waitMs);
      socket.write(answer);
    }
  };
  for (const body of ['', 'abc']) {
    const each = await connectRaw(proxy.port);
    const framing = body === '' ? 'GET' : 'POST';
    each.send(`${framing} /gemini/x ${version}\r\nHost: l\r\n${header}Content-Length: ${body.length}\r\n\r\n${body}`);
    each.socket.end();
    expect((await each.response()).body.toString()).toBe('ok');
    await waitFor('the connection to end', () => each.reader.ended);
  }
  expect(ends()).toEqual([{ kind: 'complete' }, { kind: 'complete' }]);
});

test('gets a stream to its end as long as something comes', async () => {
  script = async (reader, socket) => {
    await readHead(reader);
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    for (let beat = 0; beat < 8; beat += 1) {
      socket.write('5\r\nbeat.\r\n');
      await sleep(100); // in all longer than the longest silence
    }
    socket.write('0\r\n\r\n');
  };
  client.send('GET /gemini/x HTTP/1.1\r\nHost: l\r\n\r\n');
  await client.reader.until('\r\n\r\n');
  client.socket.end();
  expect((await client.reader.toEnd()).toString()).toContain('0\r\n\r\n');
  expect(ends()).toEqual([{ kind: 'complete' }]);
});

test('gets the answers to all it has asked', async () => {
  script = async (reader, socket) => {
    for (;;) {
      await readMessage(reader, { kind: 'request' });
      socket.write(answer);
    }
  };
  client.send('GET /gemini/x HTTP/1.1\r\nHost: l\r\n\r\n'.repeat(3));
  client.socket.end();
  expect((await client.reader.toEnd()).toString().split('HTTP/1.1 200 OK')).toHaveLength(4);
});

test.each([
  ['before the answer', ''],
  ['in the middle of it', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n'],
])(
  'has left when nothing comes of an upstream that is silent %s: the generation is not paid for',
  async (_name, begun) => {
    script = async (reader, socket) => {
      await readHead(reader);
      socket.write(begun);
    };
    client.send('GET /gemini/x HTTP/1.1\r\nHost: l\r\n\r\n');
    await waitFor('the request upstream', () => upstreamSide !== null);
    if (begun !== '') await client.reader.until('first\r\n');
    client.socket.end();
    await waitFor('the upstream to see the abort', () => upstreamSide?.ended);
    expect(ends()).toEqual([{ kind: 'client_aborted' }]);
    expect(proxy.proxy.inFlight()).toBe(0);
  },
);

test('whose request is not complete has left', async () => {
  script = () => undefined;
  client.send('POST /gemini/x HTTP/1.1\r\nHost: l\r\nConnection: close\r\nContent-Length: 9\r\n\r\n1234');
  await waitFor('the upload upstream', () => upstreamSide?.waiting.includes('1234'));
  client.socket.end();
  await waitFor('the upstream to see the abort', () => upstreamSide?.ended);
  expect(ends()).toEqual([{ kind: 'client_aborted' }]);
});
