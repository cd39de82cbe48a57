/** Kept connections to the upstream: used again, never trusted blindly, and a request is sent twice only when the first cannot have counted. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Socket } from 'node:net';
import { connectRaw } from '../../helpers/raw-client.ts';
import type { RawClient } from '../../helpers/raw-client.ts';
import { readHead, readMessage } from '../../helpers/raw-socket-reader.ts';
import { startRawUpstream } from '../../helpers/raw-upstream.ts';
import type { RawScript, RawUpstream } from '../../helpers/raw-upstream.ts';
import { startTestProxy, upstreamAt } from '../../helpers/proxy-server.ts';
import type { TestProxy } from '../../helpers/proxy-server.ts';
import { waitFor } from '../../helpers/wait-for.ts';

let upstream: RawUpstream;
let proxy: TestProxy;
let client: RawClient;
let script: RawScript;
let asked: string[];
let sockets: Socket[];

beforeEach(async () => {
  asked = [];
  sockets = [];
  upstream = await startRawUpstream((reader, socket) => {
    sockets.push(socket);
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
const post = 'POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nContent-Length: 3\r\n\r\nabc';
const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** Serves the first request of a connection; `then` decides about the next one, except on the connection that follows. */
function firstThen(then: (socket: Socket) => void): RawScript {
  return async (reader, socket) => {
    const first = sockets.length === 1;
    for (let count = 0; ; count += 1) {
      const { startLine } = await readHead(reader);
      asked.push(startLine);
      if (first && count === 1) return then(socket);
      socket.write(ok);
    }
  };
}

async function status(request: string): Promise<string> {
  client.send(request);
  return (await client.response({ bodyless: request.startsWith('HEAD') })).startLine;
}

test('one connection serves one request after the other', async () => {
  script = async (reader, socket) => {
    for (;;) {
      await readMessage(reader, { kind: 'request' });
      socket.write(ok);
    }
  };
  for (let round = 0; round < 5; round += 1) expect(await status(round % 2 === 0 ? get : post)).toBe('HTTP/1.1 200 OK');
  expect(upstream.connections()).toBe(1);
});

test.each([
  ['says close', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'],
  ['is HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['keeps connections for no time', 'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok'],
  [
    'sends more than it announced',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil',
  ],
])('an upstream that %s gets a new connection', async (_name, answer) => {
  script = async (reader, socket) => {
    await readMessage(reader, { kind: 'request' });
    socket.write(answer);
  };
  expect(await status(get)).toBe('HTTP/1.1 200 OK');
  client.send(get);
  expect((await client.response()).body.toString()).toBe('ok');
  expect(upstream.connections()).toBe(2);
});

test('bytes that nobody asked for are never read as the next response', async () => {
  script = async (reader, socket) => {
    for (;;) {
      await readMessage(reader, { kind: 'request' });
      socket.write(ok);
    }
  };
  await status(get);
  const [first] = sockets;
  first?.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil');
  await waitFor('the poisoned connection to be dropped', () => first?.destroyed === true || first?.readableEnded);
  client.send(get);
  expect((await client.response()).body.toString()).toBe('ok');
  expect(upstream.connections()).toBe(2);
});

test('a kept connection that the upstream closed while idle does not surface, not even for a POST', async () => {
  script = async (reader, socket) => {
    await readMessage(reader, { kind: 'request' });
    socket.write(ok);
    await readMessage(reader, { kind: 'request' });
    socket.write(ok);
    socket.end();
  };
  for (let round = 0; round < 3; round += 1) {
    expect(await status(post)).toBe('HTTP/1.1 200 OK');
    expect(await status(post)).toBe('HTTP/1.1 200 OK');
    await waitFor('the gateway to close its side', () => sockets.at(-1)?.readableEnded);
  }
  expect(upstream.connections()).toBe(3);
});

test.each(['GET', 'HEAD', 'OPTIONS', 'DELETE'])(
  '%s on a connection that breaks unanswered is sent again',
  async (method) => {
    script = firstThen((socket) => socket.destroy());
    await status(get);
    expect(await status(`${method} /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\n\r\n`)).toBe('HTTP/1.1 200 OK');
    expect(asked).toHaveLength(3);
    expect(proxy.exchanges.flatMap(({ ends }) => ends)).toEqual([{ kind: 'complete' }, { kind: 'complete' }]);
  },
);

test('an upload whose body has not begun is sent again, whole', async () => {
  const bodies: string[] = [];
  script = async (reader, socket) => {
    if (sockets.length === 1) {
      await readHead(reader);
      socket.write(ok);
      await readHead(reader); // of the POST: its body is still with the client
      return void socket.destroy();
    }
    const message = await readMessage(reader, { kind: 'request' });
    bodies.push(message.body.toString());
    socket.write(ok);
  };
  await status(get);
  client.send('POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nContent-Length: 3\r\n\r\n');
  await waitFor('the second connection', () => upstream.connections() === 2);
  client.send('abc');
  expect((await client.response()).startLine).toBe('HTTP/1.1 200 OK');
  expect(bodies).toEqual(['abc']);
});

test('a POST whose body was sent is never sent again', async () => {
  script = async (reader, socket) => {
    const message = await readMessage(reader, { kind: 'request' });
    asked.push(message.startLine);
    if (message.startLine.startsWith('GET')) socket.write(ok);
    else return void socket.destroy();
    const next = await readMessage(reader, { kind: 'request' });
    asked.push(next.startLine);
    socket.destroy();
  };
  await status(get);
  expect(await status(post)).toBe('HTTP/1.1 502 Bad Gateway');
  expect(asked.filter((line) => line.startsWith('POST'))).toHaveLength(1);
});

test('a POST without a body is not idempotent and never sent again', async () => {
  script = firstThen((socket) => socket.destroy());
  await status(get);
  expect(await status('POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nContent-Length: 0\r\n\r\n')).toBe(
    'HTTP/1.1 502 Bad Gateway',
  );
  expect(asked).toHaveLength(2);
});

test('a request whose answer had begun is never sent again', async () => {
  script = firstThen((socket) => socket.end('HTTP/1.1 2'));
  await status(get);
  expect(await status(get)).toBe('HTTP/1.1 502 Bad Gateway');
  expect(asked).toHaveLength(2);
});

test('a fresh connection that breaks is not tried again', async () => {
  script = async (reader, socket) => {
    asked.push((await readHead(reader)).startLine);
    socket.destroy();
  };
  expect(await status(get)).toBe('HTTP/1.1 502 Bad Gateway');
  expect(asked).toHaveLength(1);
});
