/**
 * An account, or a user, may have other defaults for its sessions than Snowflake's own. Everything the product does is done here under such
 * defaults, and comes to the same.
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { PriceOverride } from '../../../../contract/prices.ts';
import type { Protocol } from '../../../../gateway/warehouse/snowflake/loader.ts';
import { auditStreams } from '../../../../gateway/warehouse/snowflake/audit.ts';
import { readFleet } from '../../../../gateway/warehouse/snowflake/fleet.ts';
import { openSession } from '../../../../gateway/warehouse/snowflake/open-session.ts';
import { openPriceWriter } from '../../../../gateway/warehouse/snowflake/price-writer.ts';
import { applyRetention, previewRetention } from '../../../../gateway/warehouse/snowflake/retention.ts';
import { openSnowflakeWarehouse } from '../../../../gateway/warehouse/snowflake/snowflake-warehouse.ts';
import { testConnection } from '../../../../gateway/warehouse/snowflake/steps.ts';
import { fromRow, recordColumnNames } from '../../../../gateway/warehouse/table.ts';
import { persistently } from '../../../../gateway/warehouse-process/snowflake-prices.ts';
import type { ParameterValue } from '../../../helpers/snowflake-server/parameters.ts';
import { standardNames } from '../../../helpers/snowflake-server/standard-account.ts';
import { auditOf, bookOf, dayMs, pricedCalls, reprice, startMs } from '../repricing/reprice-kit.ts';
import { quick } from './persistent-kit.ts';
import { batchOf, deliverFrom, destinationOf, setUp, startSnowflake, type TestSnowflake } from './snowflake-kit.ts';

const streamId = 'install:epoch';
const rows = pricedCalls(40, { streamId, stepMs: 3_600_000 });
const own: PriceOverride = {
  provider: 'google',
  model: 'gemini-2.5-flash',
  inputPerMillionUsd: 1,
  outputPerMillionUsd: 7,
};

type Defaults = Readonly<Record<string, ParameterValue>>;
const everything: Defaults = {
  AUTOCOMMIT: false,
  TIMEZONE: 'Pacific/Auckland',
  TIMESTAMP_TYPE_MAPPING: 'TIMESTAMP_LTZ',
  TIMESTAMP_INPUT_FORMAT: 'DD/MM/YYYY',
  TIMESTAMP_NTZ_OUTPUT_FORMAT: 'DD/MM/YYYY HH12:MI AM',
  TIMESTAMP_OUTPUT_FORMAT: 'DD/MM/YYYY',
  DATE_OUTPUT_FORMAT: 'DD/MM/YYYY',
  JSON_INDENT: 8,
  ROWS_PER_RESULTSET: 7,
  TRANSACTION_ABORT_ON_ERROR: true,
  LOCK_TIMEOUT: 0,
  STATEMENT_TIMEOUT_IN_SECONDS: 1,
  WEEK_START: 7,
};
const cases: readonly (readonly [string, Defaults, 'account' | 'user', Protocol])[] = (
  ['procedure', 'guarded'] as const
).flatMap((protocol) => [
  ['AUTOCOMMIT = FALSE', { AUTOCOMMIT: false }, 'account', protocol] as const,
  ['AUTOCOMMIT = FALSE', { AUTOCOMMIT: false }, 'user', protocol] as const,
  ['TRANSACTION_ABORT_ON_ERROR = TRUE', { TRANSACTION_ABORT_ON_ERROR: true }, 'account', protocol] as const,
  ['ROWS_PER_RESULTSET = 7', { ROWS_PER_RESULTSET: 7 }, 'user', protocol] as const,
  ['everything that can be set', everything, 'account', protocol] as const,
]);

let snowflake: TestSnowflake;
afterEach(() => snowflake.stop());

const count = async (table: string): Promise<number> =>
  Number((await snowflake.server.rows(`SELECT COUNT(*) AS n FROM ${table}`))[0]?.['N']);

describe.each(cases)('with %s', (_, defaults, whose, protocol) => {
  it(`on the ${whose}, by the ${protocol} protocol: setup, delivery, questions, fleet, audit, re-pricing and retention`, async () => {
    snowflake = await startSnowflake({ detachedTransactionMs: 60_000 });
    const { server, access } = snowflake;
    server.administrator.setDefaults(defaults, whose === 'user' ? standardNames.user : null);
    await setUp(snowflake, protocol);
    expect(await testConnection(openSession, access)).toMatchObject({ ok: true });

    const destination = destinationOf(access, quick);
    expect(await deliverFrom(destination, rows.slice(0, 30))).toEqual({ kind: 'stored' });
    expect(await destination.deliver(batchOf(rows.slice(0, 30)))).toEqual({ kind: 'moved', cursor: 30 });
    expect(await deliverFrom(destination, rows.slice(0, 39))).toEqual({ kind: 'stored' });
    const [last] = rows.slice(39);
    if (last === undefined) throw new Error('No row');
    expect(await destination.park({ streamId, from: 39, to: 40, row: last, reason: 'odd' })).toEqual({
      kind: 'stored',
    });
    await destination.close();
    expect([await count('api_usage_metrics'), await count('parked_rows')]).toEqual([39, 1]);
    // Nothing stays open: a transaction left behind would hold the lock of all gateways.
    expect(server.openTransactions()).toEqual([]);
    expect(server.lockHolders()).toEqual([]);

    const warehouse = openSnowflakeWarehouse(access);
    const stored = await warehouse.query(
      `SELECT ${recordColumnNames.join(', ')} FROM api_usage_metrics ORDER BY seq`,
      [],
    );
    expect(stored.map(fromRow)).toEqual(rows.slice(0, 39));
    expect(await auditStreams(warehouse)).toMatchObject([
      { streamId, rows: 39, duplicates: 0, position: 40, problems: [] },
    ]);
    const fleet = await readFleet(warehouse, 'install');
    expect(fleet.gateways).toMatchObject([{ installId: 'install', rows: 39, newestCallAt: rows[38]?.startedAt }]);
    expect(Math.abs(Date.now() - Date.parse(fleet.asOf ?? ''))).toBeLessThan(120_000);

    const writer = openPriceWriter(openSession, access);
    const write = writer.write;
    const target = { warehouse, streams: 'install:', write, attempt: persistently };
    expect(await reprice(target, bookOf([own]))).toMatchObject({ rowsTotal: 39, rowsChanged: 39 });
    expect(await reprice(target, bookOf([own]))).toMatchObject({ rowsTotal: 39, rowsChanged: 0 });
    expect(await auditOf({ warehouse })).toHaveLength(39);
    await writer.close();

    const retention = { days: 1, nowMs: startMs + 2 * dayMs };
    expect(await previewRetention(openSession, access, retention)).toMatchObject({ rows: 24, totalRows: 39 });
    expect(await applyRetention(openSession, access, retention)).toMatchObject({ deletedRows: 24 });
    expect(await count('api_usage_metrics')).toBe(15);
    await warehouse.close();
    expect(server.openTransactions()).toEqual([]);
  }, 60_000);
});
