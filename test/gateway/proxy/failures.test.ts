/** What goes wrong before a response head becomes a problem+json with a code; nothing private is in it. */
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Problem } from '../../../contract/errors.ts';
import type { GatewayConfig } from '../../../gateway/config.ts';
import { connectRaw } from '../../helpers/raw-client.ts';
import { readHead, readMessage, valueOf } from '../../helpers/raw-socket-reader.ts';
import type { RawMessage } from '../../helpers/raw-socket-reader.ts';
import { startRawUpstream } from '../../helpers/raw-upstream.ts';
import type { RawScript } from '../../helpers/raw-upstream.ts';
import { startTestProxy, upstreamAt } from '../../helpers/proxy-server.ts';
import type { TestProxy } from '../../helpers/proxy-server.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function proxyTo(origin: URL, config: Partial<GatewayConfig['proxy']> = {}): Promise<TestProxy> {
  const proxy = await startTestProxy([upstreamAt(origin)], { config });
  stops.push(proxy.stop);
  return proxy;
}

async function upstreamThat(script: RawScript): Promise<URL> {
  const upstream = await startRawUpstream(script);
  stops.push(upstream.stop);
  return upstream.origin;
}

const ask = 'POST /gemini/v1beta/x?key=AIzaCANARY HTTP/1.1\r\nHost: l\r\nContent-Length: 3\r\n\r\nabc';

async function answerTo(proxy: TestProxy, bytes = ask): Promise<RawMessage> {
  const client = await connectRaw(proxy.port);
  client.send(bytes);
  const answer = await client.response();
  client.socket.destroy();
  return answer;
}

function expectFailure(proxy: TestProxy, answer: RawMessage, status: number, code: string): void {
  expect(answer.startLine).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(valueOf(answer.headers, 'x-aism-error')).toBe(code);
  expect(valueOf(answer.headers, 'content-type')).toBe('application/problem+json');
  const problem = Problem.parse(JSON.parse(answer.body.toString()));
  expect(problem).toMatchObject({ status, code });
  expect(answer.body.toString()).not.toContain('CANARY');
  const [exchange] = proxy.exchanges;
  expect(valueOf(answer.headers, 'x-aism-call-id')).toBe(exchange?.head.callId);
  expect(exchange?.ends).toEqual([{ kind: 'upstream_failed', code }]);
}

test('an upstream that refuses connections', async () => {
  const closed = await startRawUpstream(() => undefined);
  await closed.stop();
  const proxy = await proxyTo(closed.origin);
  expectFailure(proxy, await answerTo(proxy), 502, 'upstream_refused');
});

test('an upstream whose name does not exist', async () => {
  const proxy = await proxyTo(new URL('http://upstream.invalid'));
  expectFailure(proxy, await answerTo(proxy), 502, 'upstream_dns');
});

test('TLS against a port that speaks plain HTTP', async () => {
  const origin = await upstreamThat(async (reader, socket) => {
    await reader.exactly(1);
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  const proxy = await proxyTo(new URL(`https://127.0.0.1:${origin.port}`));
  expectFailure(proxy, await answerTo(proxy), 502, 'upstream_tls');
});

test('a TLS certificate that nobody vouches for', async () => {
  const pem = readFileSync(new URL('fixtures/self-signed.pem', import.meta.url));
  const server = createTlsServer({ key: pem, cert: pem }, (socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  const proxy = await proxyTo(new URL(`https://localhost:${port}`));
  expectFailure(proxy, await answerTo(proxy), 502, 'upstream_tls');
});

test('a TLS handshake that never comes', async () => {
  const origin = await upstreamThat(() => undefined);
  const proxy = await proxyTo(new URL(`https://127.0.0.1:${origin.port}`), { connectTimeoutMs: 150 });
  expectFailure(proxy, await answerTo(proxy), 504, 'upstream_timeout');
});

test('a response head that never comes', async () => {
  const origin = await upstreamThat(() => undefined);
  const proxy = await proxyTo(origin, { headersTimeoutMs: 150 });
  expectFailure(proxy, await answerTo(proxy), 504, 'upstream_timeout');
});

test('a response head that stops half way', async () => {
  const origin = await upstreamThat(async (reader, socket) => {
    await readHead(reader);
    socket.write('HTTP/1.1 200 OK\r\nContent-');
  });
  const proxy = await proxyTo(origin, { headersTimeoutMs: 150 });
  expectFailure(proxy, await answerTo(proxy), 504, 'upstream_timeout');
});

test('a connection closed instead of an answer', async () => {
  const origin = await upstreamThat(async (reader, socket) => {
    await readHead(reader);
    socket.destroy();
  });
  const proxy = await proxyTo(origin);
  expectFailure(proxy, await answerTo(proxy), 502, 'upstream_reset');
});

test('an answer that is no HTTP', async () => {
  const origin = await upstreamThat(async (reader, socket) => {
    await readHead(reader);
    socket.write('SSH-2.0-OpenSSH_9.2\r\n\r\n');
  });
  const proxy = await proxyTo(origin);
  expectFailure(proxy, await answerTo(proxy), 502, 'upstream_reset');
});

test('the connection stays usable after an error, also when the upload was not read', async () => {
  const closed = await startRawUpstream(() => undefined);
  await closed.stop();
  const proxy = await proxyTo(closed.origin);
  const client = await connectRaw(proxy.port);
  const body = Buffer.alloc(300_000, 'u');
  for (let round = 0; round < 2; round += 1) {
    client.send(`POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nContent-Length: ${body.length}\r\n\r\n`);
    client.send(body);
    expect((await client.response()).startLine).toMatch(/^HTTP\/1\.1 502 /);
  }
  client.socket.destroy();
});

test('a slow upload is not the upstream’s fault: its time-outs wait', async () => {
  const origin = await upstreamThat(async (reader, socket) => {
    await readMessage(reader, { kind: 'request' });
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  });
  const proxy = await proxyTo(origin, { headersTimeoutMs: 100, idleTimeoutMs: 100 });
  const client = await connectRaw(proxy.port);
  client.send('POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nContent-Length: 3\r\n\r\na');
  await new Promise((resolve) => setTimeout(resolve, 400)); // four time-outs long: the pause itself is what is tested
  client.send('bc');
  expect((await client.response()).startLine).toBe('HTTP/1.1 200 OK');
  client.socket.destroy();
});

test('an unknown prefix is a 404 that names the configured upstreams and opens no call', async () => {
  const proxy = await startTestProxy([
    upstreamAt(new URL('http://127.0.0.1:9')),
    upstreamAt(new URL('http://127.0.0.1:9'), 'local'),
  ]);
  stops.push(proxy.stop);
  const answer = await answerTo(proxy, 'GET /nobody/x?key=AIzaCANARY HTTP/1.1\r\nHost: l\r\n\r\n');
  expect(answer.startLine).toBe('HTTP/1.1 404 Not Found');
  expect(valueOf(answer.headers, 'x-aism-error')).toBe('unknown_upstream');
  const problem = Problem.parse(JSON.parse(answer.body.toString()));
  expect(problem.detail).toContain('/gemini/, /local/');
  expect(answer.body.toString()).not.toContain('CANARY');
  expect(proxy.exchanges).toEqual([]);
});
