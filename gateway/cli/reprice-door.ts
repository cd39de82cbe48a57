/** How `reprice` reaches the warehouse: through the running gateway, or, when none runs, by opening what it would open, under its lock. */
import { RepriceState, type RepriceInput } from '../../contract/prices.ts';
import type { GatewayConfig } from '../config.ts';
import { createRepriceJob } from '../reprice-job.ts';
import type { GatewayEntries } from '../storage.ts';
import { withOwnStorage } from './own-storage.ts';
import { findRunningGateway, type GatewayRequest, type RunningGateway } from './running-gateway.ts';

/** Each may throw AppError. */
export interface RepriceDoor {
  start(input: RepriceInput): Promise<RepriceState>;
  state(): Promise<RepriceState>;
  cancel(): Promise<RepriceState>;
  close(): Promise<void>;
}

export async function openRepriceDoor(config: GatewayConfig, entries: GatewayEntries): Promise<RepriceDoor> {
  const gateway = await findRunningGateway(config.dataDir);
  return gateway === null ? ownDoor(config, entries) : gatewayDoor(gateway);
}

function gatewayDoor(gateway: RunningGateway): RepriceDoor {
  const ask = async (init?: GatewayRequest): Promise<RepriceState> =>
    RepriceState.parse(await (await gateway.fetch('/api/reprice', init)).json());
  return {
    start: (input) =>
      ask({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(input) }),
    state: () => ask(),
    cancel: () => ask({ method: 'DELETE' }),
    close: async () => undefined,
  };
}

function ownDoor(config: GatewayConfig, entries: GatewayEntries): Promise<RepriceDoor> {
  return withOwnStorage(config, entries, async ({ storage, logging, shutdown }, close) => {
    const { install, warehouse } = storage;
    const { snowflake } = config;
    if (snowflake !== null) {
      const { settings, secrets } = snowflake;
      warehouse.configureSnowflake({ settings, secrets: secrets(), installId: install.installId });
    }
    const job = createRepriceJob({
      warehouse,
      snowflakeConfigured: () => snowflake !== null,
      log: logging.component('delivery'),
    });
    shutdown.add('re-pricing', () => job.stop());
    return {
      start: async (input) => job.start(input),
      state: async () => job.state(),
      cancel: async () => job.cancel(),
      close,
    };
  });
}
