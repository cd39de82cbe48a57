/** One page of new prices into DuckDB: the old ones into the audit table, then the new ones into the rows. Belongs in one transaction. */
import { factTable, priceChangeTable, sqlType } from '../table.ts';
import { auditColumns, auditValues, pageJson, pricesDiffer, samePlace, type PricePage } from './price-page.ts';

type Run = (sql: string, binds: (string | number)[]) => Promise<unknown>;

const shape = JSON.stringify({
  call_id: sqlType('duckdb', 'text'),
  stream_id: sqlType('duckdb', 'text'),
  seq: sqlType('duckdb', 'integer'),
  cost_usd: sqlType('duckdb', 'money'),
  cost_source: sqlType('duckdb', 'text'),
  price_version: sqlType('duckdb', 'text'),
});
const prices = `(SELECT UNNEST(from_json(?, '[${shape}]'), recursive := true)) AS p`;
const affected = `${samePlace} AND m.started_ms BETWEEN ? AND ? AND ${pricesDiffer}`;

const noteOldPrices = `INSERT INTO ${priceChangeTable} (${auditColumns})
SELECT ${auditValues}, make_timestamp(?::BIGINT * 1000)
FROM ${factTable} AS m, ${prices}
WHERE ${affected}`;

const setNewPrices = `UPDATE ${factTable} AS m
SET cost_usd = p.cost_usd, cost_source = p.cost_source, price_version = p.price_version
FROM ${prices}
WHERE ${affected}`;

export async function writePrices(run: Run, page: PricePage): Promise<void> {
  const { firstMs, lastMs, changedAtMs } = page;
  const json = pageJson(page);
  await run(noteOldPrices, [changedAtMs, json, firstMs, lastMs]);
  await run(setNewPrices, [json, firstMs, lastMs]);
}
