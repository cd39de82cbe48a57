/**
 * The product's own SQL through the stand-in: its DDL and load procedure fill the tables, and every question must give the answer that the
 * embedded DuckDB gives over the same records.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { questions, type QuestionInput, type QuestionName } from '../../../contract/analytics.ts';
import { answer } from '../../../gateway/analytics/answer.ts';
import { encodeRows } from '../../../gateway/warehouse/snowflake/batch-json.ts';
import { callProcedure, createProcedure } from '../../../gateway/warehouse/snowflake/load-procedure.ts';
import { reportingViews } from '../../../gateway/warehouse/snowflake/reporting-views.ts';
import { snowflakeDialect } from '../../../gateway/warehouse/snowflake/snowflake-dialect.ts';
import { auditStreams } from '../../../gateway/warehouse/snowflake/audit.ts';
import { ddl } from '../../../gateway/warehouse/table.ts';
import type { SqlRow, SqlValue, Warehouse } from '../../../gateway/warehouse/warehouse.ts';
import { filledWarehouse, type FilledWarehouse } from '../../gateway/analytics/warehouse-kit.ts';
import { generateRows } from '../../helpers/generated-rows.ts';
import { variantText } from '../../helpers/snowflake-server/sql/compile.ts';
import { SqlKit } from './duck-kit.ts';

const place = { database: 'db', schema: 's' };
const streamId = 'install:epoch';
const records = generateRows({
  count: 1_500,
  seed: 7,
  fromMs: Date.parse('2026-10-24T00:00:00Z'),
  toMs: Date.parse('2026-10-27T00:00:00Z'),
});
const range = { from: '2026-10-24T00:00:00.000Z', to: '2026-10-27T00:00:00.000Z', tz: 'Europe/Berlin' };

let kit: SqlKit;
let embedded: FilledWarehouse;
const asked: string[] = [];

const bindType = (value: SqlValue) => {
  if (typeof value === 'boolean') return 'BOOLEAN';
  if (typeof value !== 'number') return 'TEXT';
  return Number.isInteger(value) ? 'FIXED' : 'REAL';
};

/** Cells as the product's driver reads them: numbers, text, flags; VARIANT as Snowflake's text. */
async function query(sql: string, binds: readonly SqlValue[]): Promise<readonly SqlRow[]> {
  asked.push(sql);
  const { rows, statement } = await kit.run(sql, binds, binds.map(bindType));
  const columns = statement.kind === 'query' ? statement.columns : [];
  return rows.map((row) =>
    Object.fromEntries(
      columns.map(({ name, type }, index) => {
        const cell = row[index] ?? null;
        if (type.kind === 'number' && cell !== null) return [name.toLowerCase(), Number(String(cell))];
        if (type.kind === 'variant' && cell !== null) return [name.toLowerCase(), variantText(String(cell))];
        return [name.toLowerCase(), cell];
      }),
    ),
  );
}

const warehouse: Warehouse = { engine: 'snowflake', dialect: snowflakeDialect, query, close: () => Promise.resolve() };

beforeAll(async () => {
  embedded = await filledWarehouse(records);
  kit = await SqlKit.open();
  for (const sql of ddl('snowflake')) await kit.run(sql);
  await kit.run(createProcedure(place));
  for (const view of reportingViews(place)) await kit.run(view.sql);
  await kit.run('INSERT INTO stream_offsets (stream_id, last_seq, updated_at) VALUES (?, 0, SYSDATE())', [streamId]);
  const rows = encodeRows(records);
  if (!rows.ok) throw new Error(rows.reason);
  const said = await kit.values(callProcedure(place), [streamId, 0, records.length, rows.json, '[]']);
  if (said[0] !== 'stored') throw new Error(`The load said ${String(said[0])}`);
});

afterAll(async () => {
  kit.close();
  await embedded.close();
});

/** Numbers of ten digits that agree: means and percentiles are computed in another order. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(6));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, rounded(member)]));
}

const inputs: readonly (readonly [QuestionName, Record<string, unknown>])[] = [
  ['metrics', {}],
  ['metrics', { filter: { provider: ['google'], tags: { team: ['blue'] } } }],
  ['usage', {}],
  ['usage', { bucket: '1d' }],
  ['usage', { bucket: '1h', groupBy: 'model', groupLimit: 2 }],
  ['usage', { bucket: '6h', groupBy: 'tag.team', groupLimit: 2 }],
  ['models', {}],
  ['endpoints', {}],
  ['users', {}],
  ['sessions', { filter: { outcome: ['ok'], user: ['user-1', 'user-2'] } }],
  ['keys', {}],
  ['errors', {}],
  ['unmetered', {}],
  ['limits', {}],
  ['calls', { limit: 40 }],
  ['calls', { limit: 40, search: 'GPT' }],
  ['calls', { filter: { tags: { 'cost.center/"x"': ['a~b'] } } }],
];

describe('the dashboard over the Snowflake stand-in', () => {
  it.each(inputs)('answers %s %j as the embedded DuckDB does', async (name, extra) => {
    const input = { ...range, ...extra } satisfies Partial<QuestionInput<QuestionName>>;
    const [remote, local] = [await answer(warehouse, name, input), await answer(embedded.store.warehouse, name, input)];
    expect(rounded(remote)).toEqual(rounded(local));
  });

  it('asks every question there is', () => {
    expect([...new Set(inputs.map(([name]) => name))].toSorted()).toEqual(Object.keys(questions).toSorted());
    expect(asked.length).toBeGreaterThan(inputs.length);
  });

  it('pages through all calls without losing or repeating one', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await answer(warehouse, 'calls', {
        ...range,
        limit: 400,
        ...(cursor === undefined ? {} : { cursor }),
      });
      seen.push(...page.calls.map((call) => call.callId));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(records.length);
    expect(new Set(seen).size).toBe(records.length);
  });

  it('audits the stream it was filled with', async () => {
    expect(await auditStreams(warehouse)).toMatchObject([
      { streamId, rows: records.length, duplicates: 0, position: records.length, problems: [] },
    ]);
  });

  it('reads the reporting views', async () => {
    const [row] = await query('SELECT SUM(calls) AS calls, SUM(cost_usd) AS cost FROM api_usage_models', []);
    const cost = records.reduce((sum, record) => sum + (record.costUsd ?? 0), 0);
    expect(row?.['calls']).toBe(records.length);
    expect(Number(row?.['cost'])).toBeLessThanOrEqual(cost + 1e-6);
  });
});
