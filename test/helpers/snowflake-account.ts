/** A stand-in Snowflake and its account in the two shapes that a gateway takes it: environment names, and a line of the parent pipe. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ParentMessage, Retention, SnowflakeSettings, type SnowflakeDelivery } from '../../contract/snowflake.ts';
import { openSession } from '../../gateway/warehouse/snowflake/open-session.ts';
import { runSetup } from '../../gateway/warehouse/snowflake/setup.ts';
import { startSnowflakeServer, type SnowflakeServer } from './snowflake-server/server.ts';
import { createStandardAccount, type StandardAccount } from './snowflake-server/standard-account.ts';

export interface TestSnowflake {
  readonly server: SnowflakeServer;
  readonly account: StandardAccount;
  /** SNOWFLAKE_* with the key in a file of `directory`. */
  environment(directory: string): Record<string, string>;
  message(delivery?: Partial<SnowflakeDelivery>, retention?: Partial<Retention>): ParentMessage;
  /** Every secret there is, to be searched for where none may be. */
  readonly secrets: readonly string[];
  /** Committed calls, by stream and seq. */
  callsHeld(): Promise<readonly { readonly stream: string; readonly seq: number }[]>;
  stop(): Promise<void>;
}

/** @param ready false leaves the schema empty: Setup has not run */
export async function startTestSnowflake({ ready = true } = {}): Promise<TestSnowflake> {
  const server = await startSnowflakeServer();
  const account = await createStandardAccount(server);
  const keyPair = account.secretsFor('SNOWFLAKE_JWT');
  if (ready) await runSetup(openSession, { profile: account.profile, secrets: () => keyPair }, { dryRun: false });
  const { profile } = account;
  return {
    server,
    account,
    environment(directory) {
      const keyPath = join(directory, 'snowflake-key.p8');
      writeFileSync(keyPath, keyPair.privateKey ?? '', { mode: 0o600 });
      return {
        SNOWFLAKE_ACCOUNT: profile.account,
        SNOWFLAKE_USER: profile.user ?? '',
        SNOWFLAKE_WAREHOUSE: profile.warehouse,
        SNOWFLAKE_DATABASE: profile.database,
        SNOWFLAKE_SCHEMA: profile.schema,
        SNOWFLAKE_ROLE: profile.role ?? '',
        SNOWFLAKE_ACCESS_URL: profile.accessUrl ?? '',
        SNOWFLAKE_PRIVATE_KEY_PATH: keyPath,
        SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: keyPair.privateKeyPassphrase ?? '',
      };
    },
    message: (delivery = {}, retention = {}) =>
      ParentMessage.parse({
        kind: 'configure',
        snowflake: { settings: SnowflakeSettings.parse({ profile, delivery }), secrets: keyPair },
        retention: Retention.parse(retention),
      }),
    secrets: Object.values(account.secrets).filter((secret) => secret !== null),
    async callsHeld() {
      const rows = await server.rows(
        `SELECT stream_id AS "stream", seq AS "seq" FROM ${profile.database}.${profile.schema}.API_USAGE_METRICS ORDER BY stream_id, seq`,
      );
      return rows.map((row) => ({ stream: String(row['stream']), seq: Number(row['seq']) }));
    },
    stop: () => server.stop(),
  };
}
