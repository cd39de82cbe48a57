/**
 * The gateway's proxy over one of three transports, with an observer that does what metering does (keeps the answer, parses it, waits for a
 * batched commit). argv: transport, the upstream's origin. First stdout line: its port. `GET /cpu`: CPU microseconds used so far.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExchangeObserver } from '../../../gateway/proxy/exchange.ts';
import { createProxy } from '../../../gateway/proxy/proxy.ts';
import { guardServer, serverOptions } from '../../../gateway/proxy/server.ts';
import { createPooledClient } from '../../../gateway/proxy/upstream/pooled-client.ts';
import { createHttpRequestClient } from '../clients/http-request-client.ts';
import { createUndiciClient } from '../clients/undici-client.ts';

const transports = {
  own: createPooledClient,
  'http.request': createHttpRequestClient,
  'undici dispatch': createUndiciClient,
};

const [, , transport = '', origin = ''] = process.argv;
const connect = Object.entries(transports).find(([name]) => name === transport)?.[1] ?? createPooledClient;

let waiting: (() => void)[] = [];
let usagesRead = 0;

/** One commit a millisecond for all calls that ended meanwhile, like the journal's group commit. */
function committed(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length > 1) return;
    setTimeout(() => {
      const done = waiting;
      waiting = [];
      for (const release of done) release();
    }, 1);
  });
}

function openExchange(): ExchangeObserver {
  const answer: Buffer[] = [];
  return {
    requestBody() {},
    responseHead() {},
    responseBody: (chunk) => void answer.push(chunk),
    end() {
      const parsed: unknown = JSON.parse(Buffer.concat(answer).toString());
      if (typeof parsed === 'object' && parsed !== null && 'usageMetadata' in parsed) usagesRead += 1;
      return committed();
    },
  };
}

const minute = 60_000;
const proxy = createProxy({
  upstreams: [{ name: 'gemini', provider: 'google', origin: new URL(origin) }],
  openExchange,
  config: {
    connectTimeoutMs: minute,
    headersTimeoutMs: minute,
    idleTimeoutMs: minute,
    includeStreamUsage: false,
    drainMs: 0,
    holdMs: 50,
  },
  connect,
});
const server = createServer(serverOptions, (req, res) => {
  if (req.url !== '/cpu') return proxy.handle(req, res);
  const { user, system } = process.cpuUsage();
  res.end(JSON.stringify({ cpuMicros: user + system, rssBytes: process.memoryUsage().rss, usagesRead }));
});
guardServer(server, (req, res) => proxy.handle(req, res));
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.once('SIGTERM', () => process.exit(0));
