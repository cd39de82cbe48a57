/**
 * The one port of the gateway: guard first, then the control API, the dashboard or the proxy. On the default host it listens on both
 * loopback addresses, because `localhost` may mean either, and a stranger on the other one would receive what is meant for us.
 */
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { once } from 'node:events';
import { AppError } from '../contract/errors.ts';
import { defaultHost, type GatewayConfig } from './config.ts';
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
  const create = (): Server => createServer(config, listeners);
  for (let attempt = 1; ; attempt += 1) {
    const servers: Server[] = [];
    try {
      const first = await open(create(), config.host === 'localhost' ? defaultHost : config.host, config.port, servers);
      if (isDefault(config.host)) await open(create(), '::1', first, servers).catch(ignoreMissingAddress);
      return running(servers, config, first);
    } catch (error) {
      servers.forEach((server) => server.close());
      // Any free port was asked for, and somebody holds the same number on the other loopback address.
      if (config.port === 0 && isAddressInUse(error) && attempt < portAttempts) continue;
      throw await explain(error, config);
    }
  }
}

const isDefault = (host: string): boolean => host === defaultHost || host === 'localhost';

function createServer({ tls }: Pick<GatewayConfig, 'tls'>, listeners: Listeners): Server {
  const server =
    tls === null
      ? createHttpServer(serverOptions)
      : createHttpsServer({ ...serverOptions, cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) });
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

function running(servers: readonly Server[], config: Pick<GatewayConfig, 'host' | 'tls'>, port: number): GatewayServer {
  const scheme = config.tls === null ? 'http' : 'https';
  return {
    port,
    url: `${scheme}://${reachableName(config.host)}:${port}`,
    stopAccepting: () => servers.forEach((server) => server.close()),
    close: async () => {
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      servers.forEach((server) => server.closeAllConnections());
      await Promise.all(closed);
    },
  };
}

/** The host part of a URL that reaches the listener from this machine. */
function reachableName(host: string): string {
  if (host === '0.0.0.0' || host === '::' || host === 'localhost') return defaultHost;
  return host.includes(':') ? `[${host}]` : host;
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
