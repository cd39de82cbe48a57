/**
 * The one port of the gateway: guard first, then the control API, the dashboard or the proxy. On the default host it listens on both
 * loopback addresses, because `localhost` may mean either, and a stranger on the other one would receive what is meant for us.
 */
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer, Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { AppError } from '../contract/errors.ts';
import { defaultHost, type GatewayConfig } from './config.ts';
import { readPair, type CertificatePair } from './certificate.ts';
import { isAddressInUse, portInUse } from './port-owner.ts';
import { guardServer, serverOptions } from './proxy/server.ts';

export interface Listeners {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface GatewayServer {
  readonly port: number;
  /** `http://127.0.0.1:8787` */
  readonly url: string;
  /** What is served with TLS; null without. */
  readonly certificate: CertificatePair | null;
  /** For connections from now on. */
  useCertificate(pair: CertificatePair): void;
  /** No new connections; idle ones are closed. */
  stopAccepting(): void;
  /** Ends what is left. */
  close(): Promise<void>;
}

const portAttempts = 20;

/** @throws AppError `port_in_use` naming the holder and a free port, `bad_config` for an address that is not of this machine */
export async function listen(
  config: Pick<GatewayConfig, 'host' | 'port' | 'tls'>,
  listeners: Listeners,
): Promise<GatewayServer> {
  const pair = config.tls === null ? null : await readPair(config.tls);
  const create = (): Server => createServer(pair, listeners);
  for (let attempt = 1; ; attempt += 1) {
    const servers: Server[] = [];
    try {
      const first = await open(create(), config.host === 'localhost' ? defaultHost : config.host, config.port, servers);
      if (isDefault(config.host)) await open(create(), '::1', first, servers).catch(ignoreMissingAddress);
      return running(servers, config, pair, first);
    } catch (error) {
      servers.forEach((server) => server.close());
      // Any free port was asked for, and somebody holds the same number on the other loopback address.
      if (config.port === 0 && isAddressInUse(error) && attempt < portAttempts) continue;
      throw await explain(error, config);
    }
  }
}

const isDefault = (host: string): boolean => host === defaultHost || host === 'localhost';

function createServer(pair: CertificatePair | null, listeners: Listeners): Server {
  const server = pair === null ? createHttpServer(serverOptions) : createHttpsServer({ ...serverOptions, ...pair });
  server.on('request', listeners.request);
  server.on('upgrade', listeners.upgrade);
  guardServer(server, listeners.request);
  return server;
}

/** @returns the port it listens on */
async function open(server: Server, host: string, port: number, opened: Server[]): Promise<number> {
  server.listen({ host, port, ipv6Only: true, backlog: 1024 });
  await once(server, 'listening'); // rejects with the `error` event
  opened.push(server);
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** A machine without IPv6 has no ::1: then nobody can take it either. */
function ignoreMissingAddress(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'EADDRNOTAVAIL' && code !== 'EAFNOSUPPORT') throw error;
}

function running(
  servers: readonly Server[],
  { host }: Pick<GatewayConfig, 'host'>,
  certificate: CertificatePair | null,
  port: number,
): GatewayServer {
  const scheme = certificate === null ? 'http' : 'https';
  return {
    port,
    url: `${scheme}://${reachableName(host, certificate)}:${port}`,
    certificate,
    useCertificate(pair) {
      for (const server of servers) if (server instanceof HttpsServer) server.setSecureContext(pair);
    },
    stopAccepting: () => servers.forEach((server) => server.close()),
    close: async () => {
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      servers.forEach((server) => server.closeAllConnections());
      await Promise.all(closed);
    },
  };
}

/** The host part of a URL that reaches the listener from this machine; `localhost` where that is the name that the certificate has. */
function reachableName(host: string, certificate: CertificatePair | null): string {
  if (host === '0.0.0.0' || isDefault(host)) return isForLocalhost(certificate) ? 'localhost' : defaultHost;
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function isForLocalhost(pair: CertificatePair | null): boolean {
  if (pair === null) return false;
  const certificate = new X509Certificate(pair.cert);
  return certificate.checkIP(defaultHost) === undefined && certificate.checkHost('localhost') !== undefined;
}

async function explain(error: unknown, { host, port }: Pick<GatewayConfig, 'host' | 'port'>): Promise<unknown> {
  if (isAddressInUse(error)) return portInUse(port, error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const accepted: Readonly<Record<string, string>> = {
    EADDRNOTAVAIL: 'an address of this machine',
    ENOTFOUND: 'a host name that resolves to this machine',
    EACCES: 'a port this user may open (usually above 1023)',
  };
  if (accepted[code] === undefined) return error;
  return new AppError(
    'bad_config',
    `The gateway cannot listen on ${host}:${port} (${code}). Accepted: ${accepted[code]}.`,
    {
      field: code === 'EACCES' ? '--port' : '--host',
      cause: error,
    },
  );
}
