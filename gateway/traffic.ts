/** The way of a call: proxy, with the meter as its observer. Sample traffic takes the same way through a proxy of its own. */
import type { GatewayConfig } from './config.ts';
import { isSamplePath } from './dispatch.ts';
import type { Live } from './live-parts.ts';
import type { Logging } from './log.ts';
import { createMeter } from './meter.ts';
import { createProxy, type Proxy } from './proxy/proxy.ts';
import { createRecording, type Recording } from './recording.ts';
import { createSampleControl, type SampleControl } from './sample-control.ts';
import type { Storage } from './storage.ts';
import { lateAttribution } from './usage/attribution.ts';

export interface Traffic {
  readonly sample: SampleControl;
  readonly recording: Recording;
  /** Who forwards a request of this path. */
  proxyFor(path: string): Proxy;
  inFlight(): number;
  /** Waits for running calls, then breaks off those that still run. */
  drain(): Promise<void>;
  /** Breaks off running calls now; each still gets its row. */
  hasten(): void;
  readonly drainDeadlineMs: number;
}

export interface TrafficOptions {
  readonly config: GatewayConfig;
  readonly logging: Logging;
  readonly storage: Storage;
  readonly live: Live;
  readonly url: () => string;
}

const drainMs = 10_000;

export function startTraffic({ config, logging, storage, live, url }: TrafficOptions): Traffic {
  const log = logging.component('proxy');
  const { journal, warehouse, prices, install, ask } = storage;
  const { hub } = live;
  const attribution = lateAttribution(() => install.salt(), config.userIds);
  const { holdMs } = config.proxy;
  const onFault = (error: unknown): void => log.error({ err: error }, 'MeterFault');
  const recording = createRecording(logging.component('gateway'));
  const meter = createMeter({
    journal,
    hub,
    prices,
    attribution,
    holdMs,
    onFault,
    usageFaults: live.counters.usageFaults,
  });
  const openExchange = recording.through(meter);
  const { drains } = live.counters;
  const proxy = createProxy({ upstreams: config.upstreams, openExchange, config: config.proxy, log, drains });
  const sample = createSampleControl({
    gatewayUrl: url,
    openExchange: meter, // sample traffic is asked for, and labelled
    config: config.proxy,
    journal,
    warehouse,
    hub,
    ask,
    log,
  });
  return {
    sample,
    recording,
    proxyFor: (path) => (isSamplePath(path) ? (sample.proxy() ?? proxy) : proxy),
    inFlight: () => proxy.inFlight() + (sample.proxy()?.inFlight() ?? 0),
    drain: () => proxy.stop(drainMs),
    hasten: () => void proxy.stop(0),
    drainDeadlineMs: drainMs + 2000,
  };
}
