/**
 * Composition of the gateway, in the order data flows. What starts here is stopped in reverse (shutdown.ts): no new connections, running
 * calls drained, journal flushed, warehouse closed, `gateway.json` removed, lock released.
 */
import type { BackgroundHealth } from '../contract/gateway-api.ts';
import type { ParentMessage } from '../contract/snowflake.ts';
import type { Control } from './api/control.ts';
import { loginLink } from './api/routes.ts';
import { createDoor } from './api/token.ts';
import { openToken } from './api/token-file.ts';
import { watchCertificate } from './certificate.ts';
import { startConfigured } from './configured-parts.ts';
import { defaultHost, type GatewayConfig } from './config.ts';
import { claimDataDir } from './data-dir-claim.ts';
import { watchDataDir } from './data-dir-watch.ts';
import { createDispatch, createToolsDispatch, type DispatchOptions } from './dispatch.ts';
import { beside } from './fault-guard.ts';
import { guardOf, startFront, type Front } from './front.ts';
import type { LockId } from './journal/lock.ts';
import { startLive, type Live } from './live-parts.ts';
import type { Logging } from './log.ts';
import { seedToday } from './seed-today.ts';
import { listen, type GatewayServer } from './server.ts';
import { createShutdown, type Shutdown } from './shutdown.ts';
import { startStorage, type GatewayEntries, type Storage } from './storage.ts';
import { startTraffic } from './traffic.ts';

export type { GatewayEntries } from './storage.ts';

export interface StartOptions {
  readonly entries: GatewayEntries;
  readonly version: string;
  readonly logging: Logging;
  /** What health says of errors that no part caught. */
  readonly background: () => BackgroundHealth;
}

export interface RunningGateway {
  readonly url: string;
  readonly token: string;
  /** A new one-time link that opens the dashboard in a browser. */
  dashboard(): string;
  /** What the desktop app says holds from now on. */
  configure(message: ParentMessage): void;
  /** The files of the certificate may have been replaced. */
  reload(): void;
  /** Drains and stops; resolves when the data directory is free again. */
  stop(): Promise<void>;
  /** Has the stop that is under way wait for no running call. */
  hasten(): void;
}

/** @throws AppError `data_dir_unusable`, `already_running`, `port_in_use` or `bad_config`; then nothing is left running */
export async function startGateway(config: GatewayConfig, options: StartOptions): Promise<RunningGateway> {
  const shutdown = createShutdown(options.logging.component('gateway'));
  try {
    return await compose(config, options, shutdown);
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

async function compose(config: GatewayConfig, options: StartOptions, shutdown: Shutdown): Promise<RunningGateway> {
  const { logging, version } = options;
  const log = logging.component('gateway');
  const startedAt = new Date();
  const address: Address = { port: config.port, url: '', toolsUrl: '' };
  const claim = claimDataDir(config.dataDir, logging, shutdown);
  const parts = await startParts(config, { ...options, lock: claim.lock, address }, shutdown);
  const { storage, live, configured, traffic, door } = parts;
  const server = await openPort(config, parts, address, logging, shutdown);
  beside('totals of today', () => seedInBackground(storage, live, logging, shutdown));
  await claim.publishAddress(
    {
      url: server.url,
      ...(config.tls === null ? {} : { toolsUrl: address.toolsUrl }),
      token: door.token,
      pid: process.pid,
      version,
      startedAt: startedAt.toISOString(),
    },
    log,
  );
  const watch = beside('watch of the data directory', () => watchDataDir({ claim, ...storage, log }));
  shutdown.add('watch of the data directory', watch);
  if (config.demo) await beside('sample traffic', () => traffic.sample.start());
  log.info({ url: server.url, dataDir: config.dataDir }, 'GatewayReady');
  return {
    url: server.url,
    token: door.token,
    dashboard: () => loginLink(server.url, door),
    configure: (message) => beside('settings', () => configured.configure(message)),
    reload: certificateWatch(server, config, logging, shutdown),
    stop: () => shutdown.run(),
    hasten() {
      traffic.hasten();
      shutdown.hasten();
    },
  };
}

/** Known once the port is open. */
interface Address {
  port: number;
  url: string;
  toolsUrl: string;
}

interface Parts extends Front {
  readonly control: Control;
}

/** Everything but the port. What may fail without harm to a call is started beside the proxy. */
async function startParts(
  config: GatewayConfig,
  options: StartOptions & { readonly lock: LockId; readonly address: Address },
  shutdown: Shutdown,
): Promise<Parts> {
  const { logging, version, background, address } = options;
  const storage = await beside('storage', () => startStorage(config, options, shutdown));
  const live = beside('live numbers', () => startLive(logging.component('gateway'), shutdown));
  const configured = await beside('settings', () => startConfigured(config, storage, live.hub, logging, shutdown));
  const url = (): string => address.url;
  storage.journal.onLost((rows) => live.hub.notRecorded(rows));
  const traffic = startTraffic({ config, logging, storage, live, url: () => address.toolsUrl });
  const token = await openToken(config.dataDir, storage.files, logging.component('gateway'));
  const door = createDoor({ token, port: () => address.port, secure: config.tls !== null });
  const front = { config, version, logging, background, storage, configured, live, traffic, door, url };
  const control = beside('control API', () => startFront(front));
  shutdown.add('live connections', () => control.stop());
  return { ...front, control };
}

async function openPort(
  config: GatewayConfig,
  { control, traffic }: Parts,
  address: Address,
  logging: Logging,
  shutdown: Shutdown,
): Promise<GatewayServer> {
  const policy = guardOf(config, () => address.port);
  const dispatch = { policy, control, proxyFor: traffic.proxyFor, log: logging.component('api') };
  const server = await listen(config, createDispatch(dispatch));
  shutdown.add('server', () => server.close());
  Object.assign(address, { port: server.port, url: server.url, toolsUrl: server.url });
  if (config.tls !== null) address.toolsUrl = await openToolsPort(dispatch, shutdown);
  shutdown.add('running calls', () => traffic.drain(), traffic.drainDeadlineMs);
  shutdown.add('sample traffic', () => traffic.sample.stop());
  shutdown.add('listener', () => server.stopAccepting());
  return server;
}

/** @returns looks at the files at once */
function certificateWatch(
  { certificate, useCertificate }: GatewayServer,
  { tls }: GatewayConfig,
  logging: Logging,
  shutdown: Shutdown,
): () => void {
  if (tls === null || certificate === null) return () => undefined;
  const log = logging.component('gateway');
  const options = { files: tls, current: certificate, use: useCertificate, log };
  const watch = beside('certificate', () => watchCertificate(options));
  shutdown.add('certificate', () => watch.stop());
  return () => void beside('certificate', () => watch.look());
}

/**
 * With TLS the port of the clients is no way in for our own tools: its certificate may name only a host, or come from an authority that is
 * unknown here. So these get plain HTTP on loopback. @returns its address
 */
async function openToolsPort(dispatch: DispatchOptions, shutdown: Shutdown): Promise<string> {
  const address = { port: 0 };
  const policy = guardOf({ host: defaultHost, allowedHosts: [], tls: null }, () => address.port);
  const server = await listen({ host: defaultHost, port: 0, tls: null }, createToolsDispatch({ ...dispatch, policy }));
  address.port = server.port;
  shutdown.add('port of the tools', () => server.close());
  return server.url;
}

function seedInBackground(storage: Storage, live: Live, logging: Logging, shutdown: Shutdown): void {
  const stopping = new AbortController();
  const seeded = seedToday({
    ...storage,
    hub: live.hub,
    log: logging.component('analytics'),
    signal: stopping.signal,
  });
  shutdown.add('totals of today', () => {
    stopping.abort();
    return seeded;
  });
}
