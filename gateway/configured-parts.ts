/** The parts that may be configured while the gateway runs: Snowflake, how long calls are kept, own prices, budgets and alarms. */
import type { ParentMessage } from '../contract/snowflake.ts';
import { startAlertParts, type AlertParts } from './alert-parts.ts';
import type { GatewayConfig } from './config.ts';
import type { LiveHub } from './live/hub.ts';
import type { Logging } from './log.ts';
import { createPricesControl, type PricesControl } from './prices-control.ts';
import { createRetention, type RetentionControl } from './retention.ts';
import type { Shutdown } from './shutdown.ts';
import { createSnowflakeControl, type SnowflakeControl } from './snowflake-control.ts';
import type { Storage } from './storage.ts';

export interface ConfiguredParts {
  readonly api: AlertParts & {
    readonly snowflake: SnowflakeControl;
    readonly retention: RetentionControl;
    readonly prices: PricesControl;
  };
  /** What the desktop app says holds from now on. */
  readonly configure: (message: ParentMessage) => void;
}

/** The app speaks when its user's keyring is open; one that does not speak by then has nothing to say. */
const appSpeaksWithinMs = 60_000;

export async function startConfigured(
  config: GatewayConfig,
  storage: Storage,
  hub: LiveHub,
  logging: Logging,
  shutdown: Shutdown,
): Promise<ConfiguredParts> {
  const { install, journal, warehouse, prices: book } = storage;
  const log = logging.component('delivery');
  const snowflake = createSnowflakeControl({ fromEnvironment: config.snowflake, ...install, warehouse, journal, log });
  const retention = createRetention({
    fromEnvironment: config.retention,
    journalKeepDays: config.journal.keepDays,
    warehouse,
    journal,
    snowflakeConfigured: () => snowflake.isConfigured(),
    log,
  });
  shutdown.add('retention', () => retention.stop());
  const prices = createPricesControl({
    dataDir: config.dataDir,
    prices: book,
    warehouse,
    snowflakeConfigured: () => snowflake.isConfigured(),
    log,
  });
  shutdown.add('re-pricing', () => prices.reprice.stop());
  // Until the app has spoken the journal keeps rows for a Snowflake that it may name; one from the environment needs no waiting.
  const waitsForApp = config.parentPipe && config.snowflake === null;
  const silence = setTimeout(() => snowflake.configure(null), waitsForApp ? appSpeaksWithinMs : 0);
  shutdown.add('wait for the app', () => clearTimeout(silence));
  const watch = await startAlertParts(config.dataDir, { ...storage, hub }, logging, shutdown);
  return {
    api: { snowflake, retention, prices, ...watch },
    configure(message) {
      clearTimeout(silence);
      snowflake.configure(message.snowflake);
      retention.configure(message.retention);
    },
  };
}
