/** 1xx answers, Expect, HTTP/1.0 clients, upload addresses: the corners of HTTP/1.1 that SDKs rely on. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectRaw } from '../../helpers/raw-client.ts';
import type { RawClient } from '../../helpers/raw-client.ts';
import { readHead, readMessage, valueOf } from '../../helpers/raw-socket-reader.ts';
import { startRawUpstream } from '../../helpers/raw-upstream.ts';
import type { RawScript, RawUpstream } from '../../helpers/raw-upstream.ts';
import { startTestProxy, upstreamAt } from '../../helpers/proxy-server.ts';
import type { TestProxy } from '../../helpers/proxy-server.ts';

let upstream: RawUpstream;
let proxy: TestProxy;
let client: RawClient;
let script: RawScript;

beforeEach(async () => {
  upstream = await startRawUpstream((reader, socket) => script(reader, socket));
  const based = new URL('/base', upstream.origin);
  proxy = await startTestProxy([upstreamAt(upstream.origin), upstreamAt(based, 'based')]);
  client = await connectRaw(proxy.port);
});

afterEach(async () => {
  client.socket.destroy();
  await proxy.stop();
  await upstream.stop();
});

const get = 'GET /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\n\r\n';

test('early hints pass, with their fields', async () => {
  script = async (reader, socket) => {
    await readHead(reader);
    socket.write(
      'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\nlink: </b>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    );
  };
  client.send(get);
  expect(await readHead(client.reader)).toEqual({
    startLine: 'HTTP/1.1 103 Early Hints',
    headers: [
      ['Link', '</a>; rel=preload'],
      ['link', '</b>'],
    ],
  });
  expect((await client.response()).body.toString()).toBe('ok');
});

test('the upstream decides about Expect: 100-continue: the body flows after its 100', async () => {
  script = async (reader, socket) => {
    const { headers } = await readHead(reader);
    expect(valueOf(headers, 'expect')).toBe('100-continue');
    expect(reader.waiting.length).toBe(0);
    socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    const body = await reader.exactly(3);
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n${body.toString()}`);
  };
  client.send('POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n');
  expect((await readHead(client.reader)).startLine).toBe('HTTP/1.1 100 Continue');
  client.send('abc');
  expect((await client.response()).body.toString()).toBe('abc');
});

test('an upstream that refuses the expectation gets no body, and the client its answer', async () => {
  script = async (reader, socket) => {
    await readHead(reader);
    socket.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno');
  };
  client.send('POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n');
  const answer = await client.response();
  expect(answer.startLine).toBe('HTTP/1.1 401 Unauthorized');
  expect(valueOf(answer.headers, 'connection')).toBe('close'); // nobody can know whether the body still comes
});

test('a 100 that the client did not ask for stays here', async () => {
  script = async (reader, socket) => {
    await readMessage(reader, { kind: 'request' });
    socket.write('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  };
  client.send('POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nContent-Length: 3\r\n\r\nabc');
  expect((await client.response()).startLine).toBe('HTTP/1.1 200 OK');
});

test.each([
  ['', 'Upgrade'],
  ['Connection: close\r\n', 'Upgrade, close'],
])('a 426 names the protocol to speak (%s)', async (asked, connection) => {
  script = async (reader, socket) => {
    await readHead(reader);
    socket.write(
      'HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: upgrade\r\nContent-Length: 2\r\n\r\nno',
    );
  };
  client.send(`GET /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\n${asked}\r\n`);
  const answer = await client.response();
  expect(valueOf(answer.headers, 'upgrade')).toBe('websocket');
  expect(answer.headers.filter(([name]) => name.toLowerCase() === 'connection')).toEqual([['Connection', connection]]);
});

test('an answer whose lines end in LF alone reaches the client with lines that end in CRLF', async () => {
  script = async (reader, socket) => {
    await readHead(reader);
    socket.write('HTTP/1.1 200 OK\nX-Odd: a\nContent-Length: 2\n\nok');
  };
  client.send(get);
  const answer = await client.response();
  expect(answer.headers.slice(0, 2)).toEqual([
    ['X-Odd', 'a'],
    ['Content-Length', '2'],
  ]);
  expect(answer.body.toString()).toBe('ok');
});

test('an HTTP/1.0 client gets no chunks, no 1xx, and the end of the connection as the end of the body', async () => {
  script = async (reader, socket) => {
    expect((await readHead(reader)).startLine).toBe('GET /v1beta/x HTTP/1.1');
    socket.write(
      'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: T\r\n\r\n2\r\nok\r\n0\r\nT: 1\r\n\r\n',
    );
  };
  client.send('GET /gemini/v1beta/x HTTP/1.0\r\n\r\n');
  const answer = await client.response();
  expect(answer.startLine).toBe('HTTP/1.1 200 OK');
  expect(answer.framing).toBe('close');
  expect(answer.body.toString()).toBe('ok');
  expect(valueOf(answer.headers, 'trailer')).toBeUndefined();
});

test('the announcement of trailers passes with the trailers', async () => {
  script = async (reader, socket) => {
    await readHead(reader);
    socket.write('HTTP/1.1 200 OK\r\nTrailer: T\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nT: 1\r\n\r\n');
  };
  client.send(get);
  const answer = await client.response();
  expect(valueOf(answer.headers, 'trailer')).toBe('T');
  expect(answer.trailers).toEqual([['T', '1']]);
});

test.each([
  [
    '/gemini/upload/v1beta/files',
    '/upload/v1beta/files?upload_id=a%2Fb&x=1',
    '/upload/v1beta/files?upload_id=a%2Fb&x=1',
  ],
  ['/upload/v1beta/files', '/upload/v1beta/files?upload_id=A', '/upload/v1beta/files?upload_id=A'],
  ['/based/upload', '/base/upload/next?id=1', '/based/upload/next?id=1'],
])('the upload address of %s leads back through the gateway', async (path, announced, rewritten) => {
  script = async (reader, socket) => {
    await readMessage(reader, { kind: 'request' });
    socket.write(
      `HTTP/1.1 200 OK\r\nX-Goog-Upload-URL: ${upstream.origin.origin}${announced}\r\nContent-Length: 0\r\n\r\n`,
    );
  };
  client.send(`POST ${path} HTTP/1.1\r\nHost: gateway.local:8787\r\nContent-Length: 0\r\n\r\n`);
  const address = valueOf((await client.response()).headers, 'x-goog-upload-url');
  expect(address).toBe(`http://gateway.local:8787${rewritten}`);
});

test('an upload through the announced address reaches the upstream at the announced path', async () => {
  const asked: string[] = [];
  script = async (reader, socket) => {
    for (;;) {
      const { startLine } = await readMessage(reader, { kind: 'request' });
      asked.push(startLine);
      socket.write(
        `HTTP/1.1 200 OK\r\nx-goog-upload-url: ${upstream.origin.origin}/upload/v1beta/files?upload_id=7\r\nContent-Length: 0\r\n\r\n`,
      );
    }
  };
  client.send('POST /gemini/upload/v1beta/files HTTP/1.1\r\nHost: l\r\nContent-Length: 0\r\n\r\n');
  const address = new URL(valueOf((await client.response()).headers, 'x-goog-upload-url') ?? '');
  client.send(`PUT ${address.pathname}${address.search} HTTP/1.1\r\nHost: l\r\nContent-Length: 4\r\n\r\nfile`);
  await client.response();
  expect(asked).toEqual(['POST /upload/v1beta/files HTTP/1.1', 'PUT /upload/v1beta/files?upload_id=7 HTTP/1.1']);
});

test('times: first byte and duration come from the monotonic clock and are in order', async () => {
  script = async (reader, socket) => {
    await readHead(reader);
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  };
  client.send(get);
  await client.response();
  const [times] = proxy.exchanges[0]?.times ?? [];
  expect(times?.overheadMs).toBeGreaterThan(0);
  expect(times?.firstByteMs).toBeGreaterThanOrEqual(times?.overheadMs ?? Number.NaN);
  expect(times?.durationMs).toBeGreaterThanOrEqual(times?.firstByteMs ?? Number.NaN);
});
