/** A Snowflake stand-in with a standard account, and our parts pointed at it through the real driver. */
import type { SnowflakeProfile } from '../../../../contract/snowflake.ts';
import type { DeliveryResult } from '../../../../gateway/delivery/destination.ts';
import type { UsageRecord } from '../../../../contract/usage-record.ts';
import {
  createSnowflakeDestination,
  type SnowflakeDestination,
  type SnowflakeDestinationOptions,
} from '../../../../gateway/warehouse/snowflake/destination.ts';
import type { Protocol } from '../../../../gateway/warehouse/snowflake/loader.ts';
import { openSession } from '../../../../gateway/warehouse/snowflake/open-session.ts';
import type { SnowflakeAccess } from '../../../../gateway/warehouse/snowflake/session.ts';
import { runSetup } from '../../../../gateway/warehouse/snowflake/setup.ts';
import type { Warehouse } from '../../../../gateway/warehouse/warehouse.ts';
import { snowflakeDialect } from '../../../../gateway/warehouse/snowflake/snowflake-dialect.ts';
import {
  startSnowflakeServer,
  type ServerOptions,
  type SnowflakeServer,
} from '../../../helpers/snowflake-server/server.ts';
import {
  createStandardAccount,
  standardNames,
  type StandardAccount,
} from '../../../helpers/snowflake-server/standard-account.ts';
import type { LoggedLine } from '../../delivery/delivery-kit.ts';

export interface TestSnowflake {
  readonly server: SnowflakeServer;
  readonly standard: StandardAccount;
  /** By access token: quicker than a key pair, and the login is not what is tested here. */
  readonly access: SnowflakeAccess;
  stop(): Promise<void>;
}

export async function startSnowflake(options: ServerOptions = {}): Promise<TestSnowflake> {
  const server = await startSnowflakeServer(options);
  const standard = await createStandardAccount(server);
  const access = accessOf(standard);
  return { server, standard, access, stop: () => server.stop() };
}

export function accessOf(standard: StandardAccount, profile: Partial<SnowflakeProfile> = {}): SnowflakeAccess {
  return {
    profile: { ...standard.profileFor('PROGRAMMATIC_ACCESS_TOKEN'), ...profile },
    secrets: () => standard.secretsFor('PROGRAMMATIC_ACCESS_TOKEN'),
  };
}

export const schemaName = `${standardNames.database}.${standardNames.schema}`;

/** Setup, with the load procedure or, where the role may not create one, without. */
export async function setUp(snowflake: TestSnowflake, protocol: Protocol): Promise<void> {
  const { administrator } = snowflake.server;
  if (protocol === 'guarded') administrator.revoke(standardNames.role, 'schema', schemaName, 'create procedure');
  const { ok, statements } = await runSetup(openSession, snowflake.access, { dryRun: false });
  if (!ok) throw new Error(`Setup failed: ${JSON.stringify(statements.filter((line) => line.state === 'failed'))}`);
}

export interface TestDestination extends SnowflakeDestination {
  readonly protocols: readonly Protocol[];
  readonly lines: readonly LoggedLine[];
}

export function destinationOf(
  access: SnowflakeAccess,
  options: Partial<SnowflakeDestinationOptions> = {},
): TestDestination {
  const protocols: Protocol[] = [];
  const lines: LoggedLine[] = [];
  const note = (fields: object, event: string) => void lines.push({ event, fields });
  const destination = createSnowflakeDestination({
    open: openSession,
    access,
    log: { info: note, warn: note },
    onProtocol: (protocol) => protocols.push(protocol),
    ...options,
  });
  return {
    name: destination.name,
    readCursor: (streamId) => destination.readCursor(streamId),
    deliver: (batch) => destination.deliver(batch),
    park: (row) => destination.park(row),
    close: () => destination.close(),
    protocols,
    lines,
  };
}

/** The stand-in's committed rows, seen by its administrator, as a warehouse that can be audited. Takes no binds. */
export function auditable(server: SnowflakeServer): Warehouse {
  return {
    engine: 'snowflake',
    dialect: snowflakeDialect,
    query: async (sql) =>
      (await server.rows(sql)).map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value])),
      ),
    close: () => Promise.resolve(),
  };
}

export async function storedSeqs(server: SnowflakeServer): Promise<number[]> {
  const rows = await server.rows('SELECT seq FROM api_usage_metrics ORDER BY seq');
  return rows.map((row) => Number(row['SEQ']));
}

export function batchOf(rows: readonly UsageRecord[], from = 0) {
  return { streamId: rows[0]?.streamId ?? 'install:epoch', from, to: rows.at(-1)?.seq ?? from, rows };
}

/** As delivery does it: reads the position, then delivers what is behind it. */
export async function deliverFrom(
  destination: SnowflakeDestination,
  rows: readonly UsageRecord[],
): Promise<DeliveryResult> {
  const batch = batchOf(rows);
  const from = await destination.readCursor(batch.streamId);
  return destination.deliver({ ...batch, from, rows: rows.filter((row) => row.seq > from) });
}

/** Puts a procedure of another version in the place of ours, as its owner. */
export async function replaceProcedure({ access }: TestSnowflake, comment: string): Promise<void> {
  const session = await openSession(access);
  await session.execute({
    sql: `CREATE OR REPLACE PROCEDURE ${schemaName}.load_api_usage(
      STREAM_ID VARCHAR, FROM_SEQ NUMBER(38,0), TO_SEQ NUMBER(38,0), ROWS_JSON VARCHAR, PARKED_JSON VARCHAR)
      RETURNS VARCHAR LANGUAGE SQL COMMENT = '${comment}' EXECUTE AS CALLER AS $$ BEGIN RETURN 'nonsense'; END; $$`,
    tag: 'test',
  });
  await session.close();
}
