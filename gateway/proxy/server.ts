/** How the HTTP server in front of the proxy must be set up: strict parsing, no time-out of a running call, upgrades and CONNECT under control. */
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';

/**
 * Options for `http.createServer` (and `https`). Head and framing errors are answered by Node itself with 400, 408 or 431 and a close;
 * `requestTimeout` is off because an upload may rightly take hours, a head may not.
 */
export const serverOptions = {
  insecureHTTPParser: false,
  requireHostHeader: true,
  maxHeaderSize: 32_768,
  headersTimeout: 60_000,
  requestTimeout: 0,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 330_000, // longer than clients keep idle connections (OkHttp: 5 min), so that they close first
  noDelay: true,
  keepAlive: true, // TCP probes find clients that vanished
  keepAliveInitialDelay: 60_000,
  shouldUpgradeCallback: leavesHttp,
} as const satisfies ServerOptions;

/**
 * Listeners a server needs beside `request` and `upgrade`. `handle` also gets requests that expect `100-continue`, so that the upstream
 * decides about their bodies. CONNECT is refused: this is no forward proxy.
 */
export function guardServer(server: Server, handle: (req: IncomingMessage, res: ServerResponse) => void): void {
  server.timeout = 0;
  server.maxHeadersCount = 0; // the size is limited; a count would cut silently
  // A client that ends its sending side after its request still gets the answer (client-presence.ts); Node would close the connection.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on('checkContinue', handle);
  server.on('checkExpectation', handle);
  server.on('connect', (_req, socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(
      'HTTP/1.1 400 Bad Request\r\nx-aism-error: bad_framing\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
    );
  });
}

/** Only a bodyless GET becomes a tunnel. HTTP/2 over cleartext is an offer the proxy ignores (RFC 9110 §7.8). */
function leavesHttp(req: IncomingMessage): boolean {
  if (req.method !== 'GET') return false;
  const { upgrade = '', 'transfer-encoding': coding, 'content-length': length = '0' } = req.headers;
  return !upgrade.toLowerCase().startsWith('h2c') && coding === undefined && Number(length) === 0;
}
