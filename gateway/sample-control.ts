/**
 * Sample traffic as the control API sees it. Its upstreams come and go, so they get a proxy of their own: the configured upstreams are never
 * touched by a demo.
 */
import { AppError, type ErrorCode } from '../contract/errors.ts';
import type { SampleAction, SampleState } from '../contract/gateway-api.ts';
import { sampleTag } from '../contract/usage-record.ts';
import type { Ask } from './api/list-export.ts';
import type { GatewayConfig, Upstream } from './config.ts';
import type { RunningJournal } from './journal/client.ts';
import type { LiveHub } from './live/hub.ts';
import type { Log } from './log.ts';
import type { OpenExchange } from './proxy/exchange.ts';
import { createProxy, type Proxy } from './proxy/proxy.ts';
import { createSample } from './sample/sample.ts';

export interface SampleControl {
  /** The proxy of the sample upstreams, while sample traffic runs. */
  proxy(): Proxy | null;
  start(): Promise<void>;
  state(): Promise<SampleState>;
  act(action: SampleAction['action']): Promise<SampleState>;
  stop(): Promise<void>;
}

export interface SampleControlOptions {
  readonly gatewayUrl: () => string;
  readonly openExchange: OpenExchange;
  readonly config: GatewayConfig['proxy'];
  readonly journal: Pick<RunningJournal, 'removeSample'>;
  readonly warehouse: { removeSample(): Promise<number> };
  readonly hub: Pick<LiveHub, 'forgetSample'>;
  readonly ask: Ask;
  readonly log: Log;
}

export function createSampleControl(options: SampleControlOptions): SampleControl {
  const switcher = createProxySwitch(options);
  const sample = createSample({ gatewayUrl: options.gatewayUrl, setUpstreams: switcher.set });
  const state = async (): Promise<SampleState> => ({ ...sample.state(), rows: await countRows(options) });
  return {
    proxy: switcher.current,
    start: () => sample.start(),
    state,
    async act(action) {
      if (action === 'start') await sample.start();
      else await sample.stop();
      if (action === 'remove') {
        await switcher.stop(); // calls that were running get their rows first
        await removeRows(options);
      }
      return state();
    },
    async stop() {
      await sample.stop();
      await switcher.stop();
    },
  };
}

function createProxySwitch({ openExchange, config, log }: SampleControlOptions) {
  let current: Proxy | null = null;
  const ending = new Set<Promise<void>>();
  return {
    current: () => current,
    set(upstreams: readonly Upstream[]) {
      const previous = current;
      current = upstreams.length === 0 ? null : createProxy({ upstreams, openExchange, config, log });
      if (previous === null) return;
      const end = previous.stop(0).finally(() => ending.delete(end));
      ending.add(end);
    },
    stop: async () => void (await Promise.all(ending)),
  };
}

/** Journal first: what it no longer has cannot be delivered again. */
async function removeRows({ journal, warehouse, hub, log }: SampleControlOptions): Promise<void> {
  const fromJournal = await journal.removeSample();
  const fromWarehouse = await warehouse.removeSample();
  hub.forgetSample();
  log.info({ fromJournal, fromWarehouse }, 'SampleRowsRemoved');
}

const yearMs = 365 * 86_400_000;
const countMs = 5000;
const unavailable: ReadonlySet<ErrorCode> = new Set(['warehouse_unavailable', 'cancelled', 'timeout']);

/** @returns null while the warehouse cannot be asked: the traffic itself can still be started and stopped */
async function countRows({ ask }: SampleControlOptions): Promise<number | null> {
  const now = Date.now();
  const from = new Date(now - yearMs).toISOString();
  const to = new Date(now + 60_000).toISOString();
  const filter = { tags: { [sampleTag.name]: [sampleTag.value] } };
  try {
    const answer = await ask(
      'metrics',
      { from, to, tz: 'UTC', filter, source: 'duckdb' },
      AbortSignal.timeout(countMs),
    );
    return answer.totals.calls;
  } catch (error) {
    if (error instanceof AppError && unavailable.has(error.code)) return null;
    throw error;
  }
}
