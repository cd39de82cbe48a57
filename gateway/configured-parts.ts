/** The parts that may be configured while the gateway runs: Snowflake, how long calls are kept, own prices, budgets and alarms. */
import type { ClockHealth } from '../contract/gateway-api.ts';
import type { ParentMessage } from '../contract/snowflake.ts';
import { startAlertParts, type AlertParts } from './alert-parts.ts';
import { zoneProblem } from './alerts/period.ts';
import { startClock } from './clock-parts.ts';
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
  /** The clock and the zones that times go by. */
  readonly clock: { health(): ClockHealth };
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
  const { journal, warehouse } = storage;
  const log = logging.component('delivery');
  const clock = await startClock(config.dataDir, storage, logging, shutdown);
  const { installId } = storage.install;
  const snowflake = createSnowflakeControl({ fromEnvironment: config.snowflake, installId, warehouse, journal, log });
  const snowflakeConfigured = (): boolean => snowflake.isConfigured();
  const retention = createRetention({
    fromEnvironment: config.retention,
    journalKeepDays: config.journal.keepDays,
    warehouse,
    journal,
    snowflakeConfigured,
    clock,
    log,
  });
  shutdown.add('retention', () => retention.stop());
  const prices = createPricesControl({ dataDir: config.dataDir, ...storage, snowflakeConfigured, log });
  shutdown.add('re-pricing', () => prices.reprice.stop());
  const endWait = waitForApp(config, snowflake, shutdown);
  const watch = await startAlertParts(config.dataDir, { ...storage, hub, clock }, logging, shutdown);
  return {
    api: { snowflake, retention, prices, ...watch },
    clock: { health: () => clock.health(zoneProblem(watch.thresholds.state().thresholds.tz)) },
    configure(message) {
      endWait();
      snowflake.configure(message.snowflake);
      retention.configure(message.retention);
    },
  };
}

/** Until the app has spoken the journal keeps rows for a Snowflake that it may name; one from the environment needs no waiting. */
function waitForApp(
  { parentPipe, snowflake: fromEnvironment }: GatewayConfig,
  snowflake: SnowflakeControl,
  shutdown: Shutdown,
): () => void {
  const waitsForApp = parentPipe && fromEnvironment === null;
  const silence = setTimeout(() => snowflake.configure(null), waitsForApp ? appSpeaksWithinMs : 0);
  const end = (): void => clearTimeout(silence);
  shutdown.add('wait for the app', end);
  return end;
}
