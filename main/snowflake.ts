import { safeStorage } from 'electron';
import { setTimeout as sleep } from 'node:timers/promises';
import { gatewaySource, type Source, sourceByQuery } from './analytics.ts';
import type { GatewayControl } from './gateway-control.ts';
import type { Log } from './log.ts';
import type { Places } from './places.ts';
import { createSecretBox } from './secrets.ts';
import type { SettingsStore } from './settings.ts';
import { SnowflakeConfig } from './snowflake-config.ts';
import type { TakenNames } from './snowflake-environment.ts';
import type { SnowflakeTools } from './snowflake-handlers.ts';
import { SnowflakeSource } from './snowflake-source.ts';

export interface SnowflakeConfigParts {
  readonly places: Places;
  readonly settings: SettingsStore;
  readonly environment: TakenNames;
  readonly log: Log;
}

/** What this app is set up for. Call it when the app is ready: the key store is not there before. */
export const openConfig = ({ places, settings, environment, log }: SnowflakeConfigParts): SnowflakeConfig =>
  new SnowflakeConfig({
    settings,
    environment,
    log,
    secretsFile: places.secretsFile,
    box: createSecretBox(safeStorage, process.platform),
  });

const load = async (): Promise<SnowflakeTools> => (await import('./snowflake-tools.ts')).snowflakeTools;

/** The driver's folder comes into memory with the first call. */
export const lazyTools: SnowflakeTools = {
  openPool: async (account) => (await load()).openPool(account),
  test: async (account, onSteps, signal) => (await load()).test(account, onSteps, signal),
  setUp: async (account, dryRun, signal) => (await load()).setUp(account, dryRun, signal),
};

export interface Analytics {
  readonly source: Source;
  stop(): Promise<void>;
}

/** A session on the way to a network that is gone would hold up the end of the app; Snowflake ends it by itself. */
const goodbyeMs = 3000;

/** Answers the analytics questions: the fleet's from Snowflake itself, where this app may log in, the others from the gateway. */
export function startAnalytics(gateway: GatewayControl, config: SnowflakeConfig, log: Log): Analytics {
  const snowflake = new SnowflakeSource({ account: () => config.current(), open: lazyTools.openPool });
  const direct = (): boolean => config.current() !== null && gateway.foreign() === null;
  const close = (): Promise<void> =>
    snowflake.close().catch((error: unknown) => log.warn(`SnowflakeSessionsNotClosed ${String(error)}`));
  let used = config.current();
  const unfollow = config.onChange(() => {
    if (config.current() === used) return; // the retention changed, not the way in
    used = config.current();
    void close();
  });
  return {
    source: sourceByQuery(gatewaySource(gateway.link.rest), snowflake, direct),
    async stop() {
      unfollow();
      await Promise.race([close(), sleep(goodbyeMs, undefined, { ref: false })]);
    },
  };
}
