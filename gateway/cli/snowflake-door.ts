/** How a command reaches Snowflake: by itself where its configuration names one, else through the running gateway that the app configured. */
import { SnowflakeSetup, SnowflakeState, SnowflakeTest } from '../../contract/snowflake.ts';
import { SnowflakeAudit } from '../api/snowflake-routes.ts';
import type { GatewayConfig } from '../config.ts';
import type { SnowflakeConfig } from '../config-snowflake.ts';
import { toAppError } from '../warehouse/snowflake/fault-answer.ts';
import type { SnowflakeAccess } from '../warehouse/snowflake/session.ts';
import { findRunningGateway, type RunningGateway } from './running-gateway.ts';

/** Each may throw AppError `snowflake_*`. */
export interface SnowflakeDoor {
  readonly account: string;
  setup(dryRun: boolean): Promise<SnowflakeSetup>;
  test(): Promise<SnowflakeTest>;
  audit(): Promise<SnowflakeAudit>;
}

/** Null when no Snowflake is configured anywhere. */
export async function openSnowflakeDoor(config: GatewayConfig): Promise<SnowflakeDoor | null> {
  if (config.snowflake !== null) return ownDoor(config.snowflake);
  const gateway = await findRunningGateway(config.dataDir);
  if (gateway === null) return null;
  const state = SnowflakeState.parse(await (await gateway.fetch('/api/snowflake')).json());
  return state.settings === null ? null : gatewayDoor(gateway, state.settings.profile.account);
}

function gatewayDoor(gateway: RunningGateway, account: string): SnowflakeDoor {
  const post = async (path: string, body: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    return (await gateway.fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  };
  return {
    account,
    setup: async (dryRun) => SnowflakeSetup.parse(await post('/api/snowflake/setup', { dryRun })),
    test: async () => SnowflakeTest.parse(await post('/api/snowflake/test', {})),
    audit: async () => SnowflakeAudit.parse(await (await gateway.fetch('/api/snowflake/audit')).json()),
  };
}

async function ownDoor({ settings, secrets }: SnowflakeConfig): Promise<SnowflakeDoor> {
  const parts = await import('../warehouse-process/snowflake-parts.ts');
  const access: SnowflakeAccess = { profile: settings.profile, secrets };
  const told = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw toAppError(error);
    });
  return {
    account: settings.profile.account,
    setup: (dryRun) => told(parts.runSetup(parts.openSession, access, { dryRun })),
    test: () => told(parts.testConnection(parts.openSession, access)),
    async audit() {
      const warehouse = parts.openSnowflakeWarehouse(access);
      try {
        return await parts.auditStreams(warehouse);
      } finally {
        await warehouse.close();
      }
    },
  };
}
