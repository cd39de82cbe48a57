/** The gateway's own surface put together from its parts: control API, health, and the names it answers to. */
import type { About, BackgroundHealth, Health } from '../contract/gateway-api.ts';
import { startControl, type Control } from './api/control.ts';
import { guardPolicy, type GuardPolicy } from './api/guard.ts';
import type { Door } from './api/token.ts';
import { ownAddresses, type GatewayConfig } from './config.ts';
import type { ConfiguredParts } from './configured-parts.ts';
import { healthReport } from './health-report.ts';
import type { Live } from './live-parts.ts';
import type { Logging } from './log.ts';
import type { Storage } from './storage.ts';
import type { Traffic } from './traffic.ts';

export interface Front {
  readonly config: GatewayConfig;
  readonly version: string;
  readonly logging: Logging;
  readonly background: () => BackgroundHealth;
  readonly storage: Storage;
  readonly configured: ConfiguredParts;
  readonly live: Live;
  readonly traffic: Traffic;
  readonly door: Door;
  readonly url: () => string;
}

export function startFront(front: Front): Control {
  const { config, version, logging, storage, configured, live, traffic, door, url } = front;
  return startControl({
    ask: storage.ask,
    hub: live.hub,
    counters: live.counters,
    health: healthOf(front),
    about: () => aboutOf(front),
    sample: traffic.sample,
    recording: traffic.recording,
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

function healthOf({ config, version, background, storage, configured, live, traffic }: Front): () => Health {
  const startedMs = performance.now();
  const { journal, warehouse, files } = storage;
  const { state: recording } = traffic.recording;
  const upstreams = () => config.upstreams;
  const sources = { version, startedMs, journal, warehouse, files, recording, background, upstreams };
  return () => healthReport({ ...sources, clock: configured.clock, tracker: live.tracker });
}

function aboutOf({ config, version, storage, url }: Front): About {
  return {
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
  };
}

/** The names this gateway answers to; made anew when the port is known. */
export function guardOf(
  config: Pick<GatewayConfig, 'host' | 'allowedHosts' | 'tls'>,
  port: () => number,
): () => GuardPolicy {
  const names = [...ownAddresses(config.host), ...config.allowedHosts];
  const scheme = config.tls === null ? 'http' : 'https';
  let made: { readonly port: number; readonly policy: GuardPolicy } | null = null;
  return () => {
    if (made?.port !== port()) made = { port: port(), policy: guardPolicy(scheme, port(), names) };
    return made.policy;
  };
}
