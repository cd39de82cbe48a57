/**
 * Composition of the gateway, in the order data flows. What starts here is stopped in reverse (shutdown.ts): no new connections, running
 * calls drained, journal flushed, warehouse closed, `gateway.json` removed, lock released.
 */
import type { ParentMessage } from '../contract/snowflake.ts';
import { startControl, type Control } from './api/control.ts';
import { guardPolicy, type GuardPolicy } from './api/guard.ts';
import { loginLink } from './api/routes.ts';
import { createDoor, type Door } from './api/token.ts';
import { openToken } from './api/token-file.ts';
import { startConfigured, type ConfiguredParts } from './configured-parts.ts';
import { ownAddresses, type GatewayConfig } from './config.ts';
import { claimDataDir } from './data-dir-claim.ts';
import { watchDataDir } from './data-dir-watch.ts';
import { createDispatch } from './dispatch.ts';
import { healthReport } from './health-report.ts';
import { startLive, type Live } from './live-parts.ts';
import type { Logging } from './log.ts';
import { seedToday } from './seed-today.ts';
import { listen } from './server.ts';
import { createShutdown, type Shutdown } from './shutdown.ts';
import { startStorage, type GatewayEntries, type Storage } from './storage.ts';
import { startTraffic, type Traffic } from './traffic.ts';

export type { GatewayEntries } from './storage.ts';

export interface StartOptions {
  readonly entries: GatewayEntries;
  readonly version: string;
  readonly logging: Logging;
}

export interface RunningGateway {
  readonly url: string;
  readonly token: string;
  /** A new one-time link that opens the dashboard in a browser. */
  dashboard(): string;
  /** What the desktop app says holds from now on. */
  configure(message: ParentMessage): void;
  /** Drains and stops; resolves when the data directory is free again. */
  stop(): Promise<void>;
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
  const address = { port: config.port, url: '' };
  const claim = claimDataDir(config.dataDir, logging, shutdown);
  const storage = await startStorage(config, { ...options, lock: claim.lock }, shutdown);
  const live = startLive(log, shutdown);
  const configured = await startConfigured(config, storage, live.hub, logging, shutdown);
  const traffic = startTraffic({ config, logging, storage, live, url: () => address.url });
  const token = await openToken(config.dataDir, storage.files, log);
  const door = createDoor({ token, port: () => address.port, secure: config.tls !== null });
  const control = startFront({ config, options, storage, configured, live, traffic, door, url: () => address.url });
  shutdown.add('live connections', () => control.stop());
  const policy = guardOf(config, () => address.port);
  const dispatch = createDispatch({ policy, control, proxyFor: traffic.proxyFor, log: logging.component('api') });
  const server = await listen(config, dispatch);
  Object.assign(address, { port: server.port, url: server.url });
  shutdown.add('server', () => server.close());
  shutdown.add('running calls', () => traffic.drain(), traffic.drainDeadlineMs);
  shutdown.add('sample traffic', () => traffic.sample.stop());
  shutdown.add('listener', () => server.stopAccepting());
  seedInBackground(storage, live, logging, shutdown);
  await claim.publishAddress(
    { url: server.url, token: door.token, pid: process.pid, version, startedAt: startedAt.toISOString() },
    log,
  );
  shutdown.add('watch of the data directory', watchDataDir({ claim, ...storage, log }));
  if (config.demo) await traffic.sample.start();
  log.info({ url: server.url, dataDir: config.dataDir }, 'GatewayReady');
  return {
    url: server.url,
    token: door.token,
    dashboard: () => loginLink(server.url, door),
    configure: configured.configure,
    stop: () => shutdown.run(),
  };
}

interface Front {
  readonly config: GatewayConfig;
  readonly options: StartOptions;
  readonly storage: Storage;
  readonly configured: ConfiguredParts;
  readonly live: Live;
  readonly traffic: Traffic;
  readonly door: Door;
  readonly url: () => string;
}

function startFront({ config, options, storage, configured, live, traffic, door, url }: Front): Control {
  const { logging, version } = options;
  const startedMs = performance.now();
  const { journal, warehouse, files } = storage;
  const { recording } = traffic;
  const sources = { version, startedMs, journal, warehouse, files, tracker: live.tracker, recording: recording.state };
  return startControl({
    ask: storage.ask,
    hub: live.hub,
    counters: live.counters,
    health: () => healthReport({ ...sources, upstreams: () => config.upstreams }),
    about: () => ({
      version,
      url: url(),
      dataDir: config.dataDir,
      pid: process.pid,
      node: process.version,
      pricesAsOf: storage.prices.pricesAsOf,
      upstreams: config.upstreams.map(({ name, origin, provider }) => ({
        name,
        origin: origin.origin,
        provider,
        baseUrl: `${url()}/${name}`,
      })),
    }),
    sample: traffic.sample,
    recording,
    ...configured.api,
    door,
    url,
    version,
    uiDir: config.uiDir,
    secure: config.tls !== null,
    proxyInFlight: () => traffic.inFlight(),
    log: logging.component('api'),
    webSocketLog: logging.component('websocket'),
  });
}

/** The names this gateway answers to; made anew when the port is known. */
function guardOf(config: GatewayConfig, port: () => number): () => GuardPolicy {
  const names = [...ownAddresses(config.host), ...config.allowedHosts];
  const scheme = config.tls === null ? 'http' : 'https';
  let made: { readonly port: number; readonly policy: GuardPolicy } | null = null;
  return () => {
    if (made?.port !== port()) made = { port: port(), policy: guardPolicy(scheme, port(), names) };
    return made.policy;
  };
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
