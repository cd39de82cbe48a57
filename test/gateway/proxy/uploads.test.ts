/** Uploads of every size, framing and pace arrive, to plain and TLS upstreams, and one that its client gives up leaves nothing behind. */
import { createServer, request, Agent } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestProxy } from '../../helpers/proxy-server.ts';
import type { TestProxy } from '../../helpers/proxy-server.ts';
import { trustTestCertificate } from '../../helpers/tls-identity.ts';
import type { TlsIdentity } from '../../helpers/tls-identity.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const megabyte = 1024 * 1024;
const sizes = [0, 1, 65_536, megabyte - 1, megabyte, megabyte + 1, 2_600_000, 20_000_000];
/** Its period is prime, so a piece that is lost, doubled or out of order shows. */
const content = Buffer.alloc(20_000_000, Buffer.from(Array.from({ length: 251 }, (_, index) => index)));

type Reader = 'fast' | 'slow' | 'stuck';
type Transport = 'plain' | 'tls';

interface Upstream {
  readonly origin: URL;
  readonly sockets: Set<Socket>;
  reader: Reader;
  stop(): Promise<void>;
}

let identity: TlsIdentity;
let upstreams: Record<Transport, Upstream>;
const stops: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  identity = trustTestCertificate();
  upstreams = { plain: await startUpstream('plain'), tls: await startUpstream('tls') };
});
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
  // One that did not read has not heard either that its connection is gone.
  for (const { sockets } of Object.values(upstreams)) for (const socket of sockets) socket.destroy();
  await waitFor('the upstreams to be idle', () => Object.values(upstreams).every(({ sockets }) => sockets.size === 0));
});
afterAll(async () => {
  for (const upstream of Object.values(upstreams)) await upstream.stop();
  identity.forget();
});

/** Compares what it reads with {@link content} as it comes and answers with what it found. */
async function startUpstream(transport: Transport): Promise<Upstream> {
  const sockets = new Set<Socket>();
  const receive = (req: IncomingMessage, res: ServerResponse): void => {
    let bytes = 0;
    let faithful = true;
    if (upstream.reader === 'stuck') return void req.pause();
    req.on('data', (chunk: Buffer) => {
      faithful &&= chunk.equals(content.subarray(bytes, bytes + chunk.length));
      bytes += chunk.length;
      if (upstream.reader === 'fast') return;
      req.pause();
      setImmediate(() => req.resume());
    });
    req.on('end', () => res.end(JSON.stringify({ bytes, faithful })));
  };
  const server = transport === 'tls' ? createTlsServer(identity, receive) : createServer(receive);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = new URL(`${transport === 'tls' ? 'https' : 'http'}://localhost:${port}`);
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const upstream: Upstream = { origin, sockets, reader: 'fast', stop };
  return upstream;
}

/** Sockets of this process other than the upstreams' own: the clients' and both sides of the gateway. */
function openSockets(): number {
  const all = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  return all - upstreams.plain.sockets.size - upstreams.tls.sockets.size;
}

async function proxyTo({ origin }: Upstream, headersTimeoutMs = 10_000, forget = true): Promise<TestProxy> {
  const config = { includeStreamUsage: true, headersTimeoutMs, idleTimeoutMs: headersTimeoutMs };
  const proxy = await startTestProxy([{ name: 'openai', provider: 'openai', origin }], { config, forget });
  stops.push(proxy.stop);
  return proxy;
}

interface Sending {
  readonly path: string;
  readonly framing: 'chunked' | 'length';
  readonly bytes: number;
  readonly agent: Agent;
}

/** Sends as much as is taken, as any client does. */
function upload(port: number, { path, framing, bytes, agent }: Sending): Promise<string> {
  return new Promise((resolve, reject) => {
    const how = framing === 'chunked' ? { 'transfer-encoding': 'chunked' } : { 'content-length': bytes };
    const headers = { 'content-type': 'application/json', ...how };
    const call = request({ port, method: 'POST', path, agent, headers }, (response) => {
      let body = '';
      response.on('data', (part) => (body += String(part))).on('end', () => resolve(body));
    });
    call.on('error', reject);
    let sent = 0;
    const pour = (): void => {
      while (sent < bytes) {
        const piece = content.subarray(sent, Math.min(bytes, sent + 65_536));
        sent += piece.length;
        if (!call.write(piece)) return void call.once('drain', pour);
      }
      call.end();
    };
    pour();
  });
}

describe.each(['plain', 'tls'] as const)('to a %s upstream', (transport) => {
  const paths = [
    ['a chat call', '/openai/v1/chat/completions'],
    ['any other call', '/openai/v1/files'],
  ] as const;
  const table = paths.flatMap(([name, path]) =>
    (['chunked', 'length'] as const).flatMap((framing) =>
      (['fast', 'slow'] as const).flatMap((reader) =>
        ([true, false] as const).map((kept) => ({ name, path, framing, reader, kept })),
      ),
    ),
  );

  test.each(table)(
    '$name, $framing, read $reader, on kept connections: $kept, arrives at every size',
    async ({ path, framing, reader, kept }) => {
      upstreams[transport].reader = reader;
      const proxy = await proxyTo(upstreams[transport]);
      const agent = new Agent({ keepAlive: kept });
      stops.push(() => agent.destroy());
      for (const bytes of sizes) {
        const answer = await upload(proxy.port, { path, framing, bytes, agent });
        expect(JSON.parse(answer)).toEqual({ bytes, faithful: true });
      }
      expect(proxy.exchanges.map(({ ends }) => ends)).toEqual(sizes.map(() => [{ kind: 'complete' }]));
      await waitFor('no call in flight', () => proxy.proxy.inFlight() === 0);
    },
    60_000,
  );
});

/** Waits until no more is read: the upstream is full, and so is what lies between. */
async function fullUp(proxy: TestProxy): Promise<void> {
  let seen = -1;
  let since = performance.now();
  await waitFor('the gateway to stop reading', () => {
    const bytes = bytesOf(proxy.exchanges[0]?.requestChunks);
    if (bytes !== seen) since = performance.now();
    seen = bytes;
    return performance.now() - since > 300;
  });
}

const bytesOf = (chunks: readonly Buffer[] = []): number => chunks.reduce((sum, chunk) => sum + chunk.length, 0);

describe('a client that leaves in the middle', () => {
  const table = (['plain', 'tls'] as const).flatMap((transport) =>
    (['/openai/v1/chat/completions', '/openai/v1/files'] as const).flatMap((path) =>
      (['destroy', 'resetAndDestroy'] as const).flatMap((how) =>
        (['slow', 'stuck'] as const).map((reader) => ({ transport, path, how, reader })),
      ),
    ),
  );

  test.each(table)(
    'ends its call: $transport, $path, $how, an upstream that is $reader',
    async ({ transport, path, how, reader }) => {
      const upstream = upstreams[transport];
      upstream.reader = reader;
      // A FIN lies behind what nobody takes: then the upstream's time-out ends the call. A reset is noticed without it.
      const proxy = await proxyTo(upstream, how === 'destroy' ? 1_000 : 60_000, false);
      const before = openSockets();
      const client = connect({ port: proxy.port, host: '127.0.0.1' });
      client.on('error', () => client.destroy());
      client.write(
        `POST ${path} HTTP/1.1\r\nHost: l\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      const piece = Buffer.concat([Buffer.from('10000\r\n'), content.subarray(0, 65_536), Buffer.from('\r\n')]);
      for (let sent = 0; sent < 400; sent += 1) client.write(piece);
      await waitFor('the upload to reach the upstream', () => upstream.sockets.size === 1);
      await waitFor('more to be read than is looked at', () => bytesOf(proxy.exchanges[0]?.requestChunks) > megabyte);
      if (reader === 'stuck') await fullUp(proxy);
      client[how]();
      await waitFor('the end of the call', () => proxy.exchanges[0]?.ends.length === 1);
      expect(proxy.proxy.inFlight()).toBe(0);
      await waitFor('every descriptor to be closed', () => openSockets() === before);
      const possible = how === 'resetAndDestroy' ? ['client_aborted'] : ['client_aborted', 'upstream_failed'];
      expect(possible).toContain(proxy.exchanges[0]?.ends[0]?.kind);
    },
  );
});
