/**
 * Sample traffic, so that a new user sees the product work before any real call (DESIGN §10 `--demo`). Its upstreams exist only while it runs;
 * its rows carry the sample tag (meter.ts) and can be removed together.
 */
import type { SampleState } from '../../contract/gateway-api.ts';
import { sampleUpstreamPrefix } from '../../contract/usage-record.ts';
import type { Upstream } from '../config.ts';
import { startSampleTraffic, type SampleTraffic } from './sample-traffic.ts';
import { startSampleUpstream, type SampleUpstream } from './sample-upstream.ts';

export interface Sample {
  start(): Promise<void>;
  stop(): Promise<void>;
  state(): Omit<SampleState, 'rows'>;
}

export interface SampleOptions {
  readonly gatewayUrl: () => string;
  /** Registers upstreams with the proxy; called with an empty list when the sample stops. */
  readonly setUpstreams: (upstreams: readonly Upstream[]) => void;
  readonly seed?: number;
}

interface Running {
  readonly upstream: SampleUpstream;
  readonly traffic: SampleTraffic;
}

export function createSample(options: SampleOptions): Sample {
  const seed = options.seed ?? Date.now();
  let running: Running | null = null;
  let sentBefore = 0;
  let turn: Promise<void> = Promise.resolve();

  /** start and stop take turns, so that a quick double click cannot leave two samples running. */
  const inTurn = (step: () => Promise<void>): Promise<void> => {
    turn = turn.then(step, step);
    return turn;
  };

  return {
    start: () =>
      inTurn(async () => {
        if (running !== null) return;
        const upstream = await startSampleUpstream(seed);
        options.setUpstreams(sampleUpstreams(upstream.origin));
        running = { upstream, traffic: startSampleTraffic(options.gatewayUrl(), seed + 1) };
      }),
    stop: () =>
      inTurn(async () => {
        if (running === null) return;
        const { upstream, traffic } = running;
        running = null;
        await traffic.stop();
        sentBefore += traffic.sent();
        options.setUpstreams([]);
        await upstream.stop();
      }),
    state: () => ({ running: running !== null, callsSent: sentBefore + (running?.traffic.sent() ?? 0) }),
  };
}

function sampleUpstreams(origin: URL): readonly Upstream[] {
  return [
    { name: `${sampleUpstreamPrefix}gemini`, provider: 'google', origin },
    { name: `${sampleUpstreamPrefix}openai`, provider: 'openai', origin },
    { name: `${sampleUpstreamPrefix}anthropic`, provider: 'anthropic', origin },
  ];
}
