/** FAULTS row 26 over raw TCP: two parsers must never see different requests. `served` counts what the upstream was asked. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectRaw, sendAndReadToEnd } from '../../helpers/raw-client.ts';
import { readMessage, valueOf } from '../../helpers/raw-socket-reader.ts';
import type { RawMessage } from '../../helpers/raw-socket-reader.ts';
import { startRawUpstream } from '../../helpers/raw-upstream.ts';
import type { RawUpstream } from '../../helpers/raw-upstream.ts';
import { startTestProxy, upstreamAt } from '../../helpers/proxy-server.ts';
import type { TestProxy } from '../../helpers/proxy-server.ts';

let upstream: RawUpstream;
let proxy: TestProxy;
let served: RawMessage[];

beforeEach(async () => {
  served = [];
  upstream = await startRawUpstream(async (reader, socket) => {
    for (;;) {
      const message = await readMessage(reader, { kind: 'request' });
      served.push(message);
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    }
  });
  proxy = await startTestProxy([upstreamAt(upstream.origin)]);
});

afterEach(async () => {
  await proxy.stop();
  await upstream.stop();
});

const post = 'POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\n';
/** What an attacker hopes to slip in behind the first request. */
const second = 'GET /gemini/smuggled HTTP/1.1\r\nHost: l\r\n\r\n';

test.each([
  ['CL and TE', `${post}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${second}`, 400],
  ['TE and CL', `${post}Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n${second}`, 400],
  ['TE twice', `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${second}`, 400],
  ['TE twice, one unknown', `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n${second}`, 400],
  ['TE that ends in another coding', `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${second}`, 400],
  ['TE with a coding we do not know', `${post}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n${second}`, 400],
  ['TE that only looks chunked', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${second}`, 400],
  ['TE with a vertical tab', `${post}Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n${second}`, 400],
  [
    'TE in HTTP/1.0',
    `POST /gemini/v1beta/x HTTP/1.0\r\nHost: l\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${second}`,
    400,
  ],
  ['two different CL', `${post}Content-Length: 3\r\nContent-Length: 0\r\n\r\nabc${second}`, 400],
  ['two equal CL', `${post}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc${second}`, 400],
  ['a list of CL', `${post}Content-Length: 3, 3\r\n\r\nabc${second}`, 400],
  ['a signed CL', `${post}Content-Length: +3\r\n\r\nabc${second}`, 400],
  ['a bare LF between fields', `POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\nContent-Length: 0\r\n\r\n${second}`, 400],
  ['a bare CR in a field', `${post}A: b\rTransfer-Encoding: chunked\r\n\r\n${second}`, 400],
  ['a NUL in a field', `${post}A: b\0c\r\n\r\n${second}`, 400],
  ['a folded field', `${post}A: b\r\n c\r\n\r\n${second}`, 400],
  ['white space before the colon', `${post}Content-Length : 3\r\n\r\nabc${second}`, 400],
  ['a chunk size that is no number', `${post}Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n${second}`, 400],
  ['no Host', `GET /gemini/v1beta/x HTTP/1.1\r\n\r\n${second}`, 400],
  ['two Hosts', `GET /gemini/v1beta/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${second}`, 400],
  ['absolute form', `GET http://169.254.169.254/gemini/x HTTP/1.1\r\nHost: l\r\n\r\n${second}`, 400],
  ['asterisk form', `OPTIONS * HTTP/1.1\r\nHost: l\r\n\r\n${second}`, 400],
  ['CONNECT', `CONNECT 169.254.169.254:443 HTTP/1.1\r\nHost: l\r\n\r\n${second}`, 400],
  ['a climbing path', `GET /gemini/../admin HTTP/1.1\r\nHost: l\r\n\r\n${second}`, 400],
  ['a 64 KB header', `GET /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nA: ${'b'.repeat(65_536)}\r\n\r\n${second}`, 431],
])('%s is refused, the connection closed, and nothing after it believed', async (_name, bytes, status) => {
  const said = await sendAndReadToEnd(proxy.port, bytes);
  expect(said.split('\r\n')[0]).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(said.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  // A faulty chunk is only found while the head is already on its way; even then no second request appears.
  expect(served.filter(({ startLine }) => startLine.includes('smuggled'))).toEqual([]);
});

test('what we refuse ourselves says so: problem+json with a stable code', async () => {
  const said = await sendAndReadToEnd(proxy.port, `${post}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`);
  expect(said).toContain('x-aism-error: bad_framing');
  expect(said).toContain('application/problem+json');
  expect(served).toEqual([]);
});

test('fields nominated by Connection are gone, and framing cannot be nominated away', async () => {
  const client = await connectRaw(proxy.port);
  client.send(`${post}Connection: x-api-key, content-length\r\nX-Api-Key: secret\r\nContent-Length: 3\r\n\r\nabc`);
  expect((await client.response()).body.toString()).toBe('ok');
  client.socket.destroy();
  expect(served).toHaveLength(1);
  expect(served[0]?.headers.map(([name]) => name)).toEqual(['Host', 'Content-Length']);
  expect(served[0]?.body.toString()).toBe('abc');
});

test('pipelined requests are answered in order, each on its own', async () => {
  const client = await connectRaw(proxy.port);
  client.send(`${post}Content-Length: 1\r\n\r\na${post}Content-Length: 1\r\n\r\nb${post}Content-Length: 1\r\n\r\nc`);
  const ids = [await client.response(), await client.response(), await client.response()].map(({ headers }) =>
    valueOf(headers, 'x-aism-call-id'),
  );
  client.socket.destroy();
  expect(ids).toEqual(proxy.exchanges.map(({ head }) => head.callId));
  expect(served.map(({ body }) => body.toString()).toSorted()).toEqual(['a', 'b', 'c']);
});
