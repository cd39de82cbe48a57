/**
 * The gateway's proxy with nothing behind it but reading the usage (`on`) or not even that (`off`). argv: on or off, the upstream's origin.
 * First stdout line: its port. `GET /cpu`: CPU microseconds used so far, and streams whose usage was read.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OpenExchange } from '../../../gateway/proxy/exchange.ts';
import { createProxy } from '../../../gateway/proxy/proxy.ts';
import { guardServer, serverOptions } from '../../../gateway/proxy/server.ts';
import { openUsageTap } from '../../../gateway/usage/usage-tap.ts';

const [, , mode = 'on', origin = ''] = process.argv;
let usagesRead = 0;

const tapped: OpenExchange = ({ upstream, method, path, headers }) => {
  const tap = openUsageTap({ upstream, method, path, requestHeaders: headers });
  return {
    requestBody: (chunk) => tap.requestChunk(chunk),
    responseHead: (head) => tap.responseHead(head.statusCode, head.headers),
    responseBody: (chunk, atMs) => tap.responseChunk(chunk, atMs),
    async end(end) {
      const { totalTokens } = await tap.finish(end.kind === 'complete');
      if (totalTokens !== null) usagesRead += 1;
    },
  };
};
const untapped: OpenExchange = () => ({ requestBody() {}, responseHead() {}, responseBody() {}, async end() {} });

const minute = 60_000;
const proxy = createProxy({
  upstreams: [{ name: 'gemini', provider: 'google', origin: new URL(origin) }],
  openExchange: mode === 'on' ? tapped : untapped,
  config: {
    connectTimeoutMs: minute,
    headersTimeoutMs: minute,
    idleTimeoutMs: minute,
    includeStreamUsage: false,
    drainMs: 0,
    holdMs: 50,
  },
});
const server = createServer(serverOptions, (req, res) => {
  if (req.url !== '/cpu') return proxy.handle(req, res);
  const { user, system } = process.cpuUsage();
  res.end(JSON.stringify({ cpuMicros: user + system, usagesRead }));
});
guardServer(server, (req, res) => proxy.handle(req, res));
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.once('SIGTERM', () => process.exit(0));
