import { expect, test } from 'vitest';
import { requestHeaders, responseHeaders, trailerPairs } from '../../../gateway/proxy/headers.ts';

const rules = { host: 'api.example:443', upgrade: false, httpVersion: '1.1' };

function sentFor(raw: string[], given = rules): readonly string[] | string {
  const checked = requestHeaders(raw, given);
  return 'refused' in checked ? checked.refused : checked.headers;
}

test('hop-by-hop fields, those that Connection nominates and our own end at the gateway', () => {
  const raw = [
    'Host',
    'localhost',
    'Connection',
    'keep-alive, X-Secret',
    'x-secret',
    '1',
    'Keep-Alive',
    'timeout=5',
    'TE',
    'trailers',
  ];
  raw.push(
    'Proxy-Authorization',
    'Basic eA==',
    'Proxy-Connection',
    'close',
    'Upgrade',
    'h2c',
    'X-AISM-Session',
    's',
    'Accept',
    '*/*',
  );
  expect(sentFor(raw)).toEqual(['Host', 'api.example:443', 'Accept', '*/*']);
});

test('Connection cannot nominate away what frames or routes the request', () => {
  const raw = ['Host', 'localhost', 'Connection', 'content-length, host', 'Content-Length', '3'];
  expect(sentFor(raw)).toEqual(['Host', 'api.example:443', 'Content-Length', '3']);
});

test('order, case and duplicates of the rest stay', () => {
  const raw = ['b', '1', 'A', '2', 'hoST', 'x', 'a', '3', 'B', '1'];
  expect(sentFor(raw)).toEqual(['b', '1', 'A', '2', 'hoST', 'api.example:443', 'a', '3', 'B', '1']);
});

test('an HTTP/1.0 request without Host gets one', () => {
  expect(sentFor(['Accept', '*/*'], { ...rules, httpVersion: '1.0' })).toEqual([
    'Host',
    'api.example:443',
    'Accept',
    '*/*',
  ]);
});

test('an upgrade keeps Upgrade and nominates nothing else', () => {
  const raw = ['Host', 'l', 'Connection', 'Upgrade, X-Foo', 'X-Foo', '1', 'Upgrade', 'websocket'];
  expect(sentFor(raw, { ...rules, upgrade: true })).toEqual([
    'Host',
    'api.example:443',
    'Connection',
    'Upgrade',
    'Upgrade',
    'websocket',
  ]);
});

test.each([
  [['Transfer-Encoding', 'gzip, chunked']],
  [['Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'chunked']],
  [['Transfer-Encoding', 'chunked', 'Content-Length', '3']],
  [['Content-Length', '3', 'Content-Length', '3']],
  [['Host', 'a', 'Host', 'b']],
])('ambiguous framing %j is refused', (raw) => {
  expect(sentFor(raw)).toBeTypeOf('string');
});

test('chunks in an HTTP/1.0 request are refused', () => {
  expect(sentFor(['Transfer-Encoding', 'chunked'], { ...rules, httpVersion: '1.0' })).toBeTypeOf('string');
});

test('a response gets the call id once, whatever the upstream claims', () => {
  const raw = [
    'X-Aism-Call-Id',
    'forged',
    'Connection',
    'X-Hop',
    'X-Hop',
    '1',
    'Set-Cookie',
    'a',
    'set-cookie',
    'b',
    'Trailer',
    'X-T',
  ];
  const sent = responseHeaders(raw, {
    callId: 'id',
    chunked: false,
    reframed: false,
    upgradeConnection: null,
    rewriteUploadUrl: null,
  });
  expect(sent).toEqual(['Set-Cookie', 'a', 'set-cookie', 'b', 'x-aism-call-id', 'id']);
});

test('framing and hop-by-hop fields are no trailers', () => {
  expect(trailerPairs(['X-A', '1', 'Content-Length', '5', 'Connection', 'close', 'Host', 'x'])).toEqual([['X-A', '1']]);
});
