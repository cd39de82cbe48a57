/** An answer that overtakes the upload (413, 429, 401) reaches the client, whoever closes, and however large the rest of the upload is. */
import { createServer, request, Agent } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { lingerBeforeClosing } from '../../../gateway/proxy/lingering-close.ts';
import { guardServer, serverOptions } from '../../../gateway/proxy/server.ts';
import { inLongRun } from '../../helpers/long-run.ts';
import { startTestProxy, upstreamAt } from '../../helpers/proxy-server.ts';
import type { TestProxy } from '../../helpers/proxy-server.ts';
import { SocketReader, readMessage, valueOf } from '../../helpers/raw-socket-reader.ts';
import { trustTestCertificate } from '../../helpers/tls-identity.ts';
import type { TlsIdentity } from '../../helpers/tls-identity.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const tries = inLongRun(60, 12);
const stops: (() => Promise<void> | void)[] = [];
let identity: TlsIdentity;
beforeAll(() => {
  identity = trustTestCertificate();
});
afterAll(() => identity.forget());
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

type Behaviour = (socket: Socket, answer: string) => void;
/** What an upstream does with its connection once it has answered the first bytes of a request. */
const behaviours: readonly (readonly [string, Behaviour])[] = [
  ['closes at once', (socket, answer) => void socket.write(answer, () => socket.destroy())],
  ['ends its side and reads on', (socket, answer) => void socket.end(answer)],
  [
    'stops reading and closes a moment later',
    (socket, answer) => void socket.pause().write(answer, () => setImmediate(() => socket.destroy())),
  ],
];

async function upstreamThat(transport: 'plain' | 'tls', behave: Behaviour, answer: string): Promise<URL> {
  const sockets = new Set<Socket>();
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    socket.once('data', () => {
      socket.on('data', () => undefined);
      behave(socket, answer);
    });
  };
  const server =
    transport === 'tls' ? createTlsServer(identity, serve) : createTcpServer({ allowHalfOpen: true }, serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  const { port } = server.address() as AddressInfo;
  return new URL(`${transport === 'tls' ? 'https' : 'http'}://localhost:${port}`);
}

async function proxyTo(origin: URL): Promise<TestProxy> {
  const proxy = await startTestProxy([upstreamAt(origin)], { forget: true });
  stops.push(proxy.stop);
  return proxy;
}

const answerOf = (status: string, connection: string): string =>
  `HTTP/1.1 ${status}\r\nRetry-After: 7\r\nContent-Length: 4\r\n${connection}\r\nslow`;

/** An ordinary client: it reads while it sends, and stops sending when it has the answer. */
function upload(port: number, bytes: number, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { port, method: 'POST', path: '/gemini/v1beta/files', agent, headers: { 'content-length': bytes } };
    const call = request(options, (response) => {
      let body = '';
      response.on('data', (part) => (body += String(part))).on('error', reject);
      response.on('end', () => {
        resolve(`${response.statusCode} ${response.headers['retry-after']} ${body}`);
        call.destroy();
      });
    });
    call.on('error', reject);
    const piece = Buffer.alloc(65_536, 'u');
    let sent = 0;
    const pour = (): void => {
      while (sent < bytes && !call.destroyed) {
        const next = piece.subarray(0, Math.min(piece.length, bytes - sent));
        sent += next.length;
        if (!call.write(next)) return void call.once('drain', pour);
      }
      if (!call.destroyed) call.end();
    };
    pour();
  });
}

describe.each(['plain', 'tls'] as const)('over %s', (transport) => {
  const table = behaviours.flatMap(([name, behave]) =>
    [300_000, 2_000_000, 50_000_000].flatMap((bytes) =>
      ([true, false] as const).map((kept) => ({ name, behave, bytes, kept })),
    ),
  );

  test.each(table)(
    'an upstream that $name, an upload of $bytes bytes, client connection kept: $kept',
    async ({ behave, bytes, kept }) => {
      const statuses = ['429 Too Many Requests', '413 Content Too Large', '401 Unauthorized'];
      for (const status of statuses) {
        const origin = await upstreamThat(transport, behave, answerOf(status, 'Connection: close\r\n'));
        const proxy = await proxyTo(origin);
        const agent = new Agent({ keepAlive: kept });
        stops.push(() => agent.destroy());
        const got: string[] = [];
        for (let round = 0; round < tries / statuses.length; round += 1)
          got.push(await upload(proxy.port, bytes, agent));
        expect([...new Set(got)]).toEqual([`${status.slice(0, 3)} 7 slow`]);
        expect(proxy.exchanges.flatMap(({ ends }) => ends)).toEqual(got.map(() => ({ kind: 'complete' })));
        expect(
          proxy.exchanges.flatMap(({ responseHeads }) => responseHeads.map(({ statusCode }) => statusCode)),
        ).toEqual(got.map(() => Number(status.slice(0, 3))));
        await waitFor('no call in flight', () => proxy.proxy.inFlight() === 0);
      }
    },
    60_000,
  );
});

test('an upstream that resets the connection before it has answered is a failure of the upstream', async () => {
  const origin = await upstreamThat('plain', (socket) => socket.resetAndDestroy(), '');
  const proxy = await proxyTo(origin);
  const answer = await upload(proxy.port, 5_000_000, new Agent());
  expect(answer).toMatch(/^502 /);
  expect(proxy.exchanges[0]?.ends).toEqual([{ kind: 'upstream_failed', code: 'upstream_reset' }]);
});

/** Sends all of its body before it reads, as many libraries do. */
async function sendThenRead(port: number, head: string, bytes: number): Promise<SocketReader> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  stops.push(() => void socket.destroy());
  const failed = new Promise<never>((_resolve, reject) => socket.on('error', reject));
  const reader = new SocketReader(socket);
  socket.pause();
  socket.write(head);
  const sent = new Promise<void>((resolve) => socket.write(Buffer.alloc(bytes, 'u'), () => resolve()));
  await Promise.race([sent, failed]);
  socket.resume();
  return reader;
}

test.each([
  ['an answer of the upstream', '/gemini/v1beta/files', /^HTTP\/1\.1 429 /, '7'],
  ['a path that leads nowhere', '/nobody/files', /^HTTP\/1\.1 404 /, undefined],
  ['an upstream that is not there', '/absent/files', /^HTTP\/1\.1 502 /, undefined],
])('a client that sends everything first and asks to close gets %s', async (_name, path, status, retryAfter) => {
  const origin = await upstreamThat('plain', (socket, answer) => void socket.write(answer), answerOf('429 Slow', ''));
  const absent = createServer();
  await new Promise<void>((resolve) => absent.listen(0, '127.0.0.1', resolve));
  const { port } = absent.address() as AddressInfo;
  await new Promise((resolve) => absent.close(resolve));
  const proxy = await startTestProxy([upstreamAt(origin), upstreamAt(new URL(`http://127.0.0.1:${port}`), 'absent')]);
  stops.push(proxy.stop);
  for (const version of ['1.1', '1.0']) {
    const bytes = 30_000_000;
    const head = `POST ${path} HTTP/${version}\r\nHost: l\r\nConnection: close\r\nContent-Length: ${bytes}\r\n\r\n`;
    const reader = await sendThenRead(proxy.port, head, bytes);
    const answer = await readMessage(reader, { kind: 'response' });
    expect(answer.startLine).toMatch(status);
    expect(valueOf(answer.headers, 'retry-after')).toBe(retryAfter);
    await waitFor('the connection to end', () => reader.ended);
  }
});

test('a request behind the last answer of a connection is not forwarded', async () => {
  const origin = await upstreamThat('plain', (socket, answer) => void socket.write(answer), answerOf('429 Slow', ''));
  const proxy = await proxyTo(origin);
  const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  stops.push(() => void socket.destroy());
  const reader = new SocketReader(socket);
  socket.write('POST /gemini/a HTTP/1.1\r\nHost: l\r\nConnection: close\r\nContent-Length: 9\r\n\r\n1234');
  expect((await readMessage(reader, { kind: 'response' })).startLine).toMatch(/429/);
  socket.write('56789GET /gemini/b HTTP/1.1\r\nHost: l\r\n\r\n');
  await waitFor('the connection to end', () => reader.ended);
  expect(proxy.exchanges.map(({ head }) => head.path)).toEqual(['/a']);
});

describe('the connection of a client that does not finish its upload is closed', () => {
  const usual = { silentMs: 60_000, longestMs: 60_000, mostBytes: 1e9 };
  test.each([
    ['when it falls silent', { ...usual, silentMs: 50 }, false],
    ['after a while', { ...usual, longestMs: 300, silentMs: 500 }, true],
    ['when it sends too much', { ...usual, mostBytes: 1_000_000, silentMs: 500 }, true],
  ])('%s', async (_name, limits, sends) => {
    const answer = (req: IncomingMessage, res: ServerResponse): void => {
      res.writeHead(413, { connection: 'close' }).end('no');
      lingerBeforeClosing(req, limits);
    };
    const server = createServer(serverOptions, answer);
    guardServer(server, answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stops.push(() => new Promise((resolve) => server.close(() => resolve())));
    const { port } = server.address() as AddressInfo;
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    stops.push(() => void socket.destroy());
    const reader = new SocketReader(socket);
    socket.write('POST / HTTP/1.1\r\nHost: l\r\nContent-Length: 1000000000\r\n\r\n');
    await waitFor('the answer and the end of the server’s side', () => reader.ended);
    const pour = sends ? setInterval(() => socket.write(Buffer.alloc(50_000)), 10) : undefined;
    await waitFor('the server to let go', async () => (await connectionsOf(server)) === 0);
    clearInterval(pour);
    expect(reader.waiting.toString()).toMatch(/^HTTP\/1\.1 413 /);
  });
});

const connectionsOf = (server: ReturnType<typeof createServer>): Promise<number> =>
  new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count))));
