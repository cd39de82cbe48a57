/**
 * The team's Snowflake as the gateway manages it: which one holds now, who said so, and what its owner does with it. What the desktop app
 * hands over goes before the environment and `.env`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ParentMessage, SnowflakeState } from '../contract/snowflake.ts';
import type { SnowflakeApi } from './api/snowflake-routes.ts';
import type { SnowflakeAccount, SnowflakeConfig } from './config-snowflake.ts';
import type { RunningJournal } from './journal/client.ts';
import type { Log } from './log.ts';
import type { WarehouseClient } from './warehouse/warehouse-client.ts';

export interface SnowflakeControl extends SnowflakeApi {
  /** What the app says now; null = nothing of its own. */
  configure(fromApp: ParentMessage['snowflake']): void;
  isConfigured(): boolean;
}

export interface SnowflakeControlOptions {
  readonly fromEnvironment: SnowflakeConfig | null;
  readonly installId: string;
  readonly warehouse: Pick<WarehouseClient, 'configureSnowflake' | 'carryOut' | 'snowflakeHealth'>;
  readonly journal: Pick<RunningJournal, 'setDestinations'>;
  readonly log: Log;
}

/** After so long a `Sync now` is answered with what is known, while the sending goes on. */
const syncAnswerMs = 20_000;

interface InUse extends SnowflakeAccount {
  readonly by: NonNullable<SnowflakeState['configuredBy']>;
}

export function createSnowflakeControl(options: SnowflakeControlOptions): SnowflakeControl {
  const { fromEnvironment, warehouse, log } = options;
  for (const warning of fromEnvironment?.warnings ?? []) log.warn({ detail: warning }, 'SnowflakeSettingsWarning');
  let inUse: InUse | null = null;
  const configure = (fromApp: ParentMessage['snowflake']): void => {
    inUse = choose(fromApp, fromEnvironment);
    apply(inUse, options);
  };
  return {
    configure,
    isConfigured: () => inUse !== null,
    state: () => describe(inUse, warehouse.snowflakeHealth()),
    test: (signal) => warehouse.carryOut('testSnowflake', null, signal),
    setup: (dryRun, signal) => warehouse.carryOut('setupSnowflake', { dryRun }, signal),
    async sync(signal) {
      await Promise.race([warehouse.carryOut('sync', null, signal), sleep(syncAnswerMs, undefined, { ref: false })]);
      return warehouse.snowflakeHealth();
    },
    fleet: (signal) => warehouse.carryOut('fleet', null, signal),
    audit: (signal) => warehouse.carryOut('audit', null, signal),
  };
}

function choose(fromApp: ParentMessage['snowflake'], fromEnvironment: SnowflakeConfig | null): InUse | null {
  if (fromApp !== null) return { by: 'app', settings: fromApp.settings, secrets: () => fromApp.secrets };
  return fromEnvironment === null ? null : { by: 'environment', ...fromEnvironment };
}

/** The journal keeps rows for every destination that takes them, and for no other. */
function apply(inUse: InUse | null, { warehouse, journal, installId, log }: SnowflakeControlOptions): void {
  const delivers = inUse?.settings.delivery.enabled === true;
  journal.setDestinations(delivers ? ['duckdb', 'snowflake'] : ['duckdb']);
  const order = inUse === null ? null : { settings: inUse.settings, secrets: inUse.secrets(), installId };
  warehouse.configureSnowflake(order);
  if (inUse !== null)
    log.info({ account: inUse.settings.profile.account, configuredBy: inUse.by, delivers }, 'SnowflakeConfigured');
}

const editNotes = {
  environment:
    'Set by the SNOWFLAKE_* names of the gateway (environment, .env or settings file). Change it there and restart.',
  app: 'Set in the desktop app that started this gateway. Change it there.',
} as const;

function describe(inUse: InUse | null, health: SnowflakeState['health']): SnowflakeState {
  const secrets = inUse?.secrets() ?? {};
  return {
    settings: inUse?.settings ?? null,
    configuredBy: inUse?.by ?? null,
    secretsKnown: Object.entries(secrets).flatMap(([name, value]) => (value === null ? [] : [name])),
    secretsKept: null,
    keptNote: null,
    editable: false,
    editNote: editNotes[inUse?.by ?? 'environment'],
    health,
  };
}
