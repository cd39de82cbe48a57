import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SnowflakeSetup } from '../../../../contract/snowflake.ts';
import { openSession } from '../../../../gateway/warehouse/snowflake/open-session.ts';
import { runSetup } from '../../../../gateway/warehouse/snowflake/setup.ts';
import { createTable, tableShapes } from '../../../../gateway/warehouse/table.ts';
import { generateRows } from '../../../helpers/generated-rows.ts';
import { standardNames } from '../../../helpers/snowflake-server/standard-account.ts';
import {
  accessOf,
  replaceProcedure,
  deliverFrom,
  destinationOf,
  schemaName,
  startSnowflake,
  type TestSnowflake,
} from './snowflake-kit.ts';

let snowflake: TestSnowflake;
beforeEach(async () => {
  snowflake = await startSnowflake();
});
afterEach(() => snowflake.stop());

const setUp = (dryRun = false): Promise<SnowflakeSetup> => runSetup(openSession, snowflake.access, { dryRun });
const statesOf = ({ statements }: SnowflakeSetup): Record<string, string> =>
  Object.fromEntries(statements.map((line) => [line.name, line.state]));
const everything = [
  'table API_USAGE_METRICS',
  'table STREAM_OFFSETS',
  'table PARKED_ROWS',
  'table PRICE_CHANGES',
  'procedure LOAD_API_USAGE',
  'view API_USAGE_DAILY',
  'view API_USAGE_MODELS',
  'view API_USAGE_ENDPOINTS',
  'view API_USAGE_USERS',
  'view API_USAGE_SESSIONS',
];
const all = (state: string) => Object.fromEntries(everything.map((name) => [name, state]));
const changes = (): string[] =>
  snowflake.server
    .statementsSeen()
    .map((seen) => seen.text)
    .filter((sql) => /^\s*(CREATE|ALTER TABLE|DROP|INSERT|UPDATE|DELETE|GRANT)/i.test(sql));

describe('setup', () => {
  it('makes everything, and the second time finds everything there', async () => {
    const first = await setUp();
    expect(first).toMatchObject({ ok: true, dryRun: false });
    expect(statesOf(first)).toEqual(all('done'));
    const made = changes().length;
    const second = await setUp();
    expect(second.ok).toBe(true);
    expect(statesOf(second)).toEqual(all('present'));
    expect(changes()).toHaveLength(made);
  });

  it('changes nothing in a dry run, and says what it would do', async () => {
    const dry = await setUp(true);
    expect(dry).toMatchObject({ ok: true, dryRun: true });
    expect(statesOf(dry)).toEqual(all('would'));
    expect(changes()).toEqual([]);
    expect(dry.statements.every((line) => line.sql.includes(schemaName))).toBe(true);
    expect(statesOf(await setUp())).toEqual(all('done'));
  });

  it('never drops anything, and keeps the rows that are there', async () => {
    await setUp();
    const destination = destinationOf(snowflake.access);
    await deliverFrom(destination, generateRows({ count: 5, seed: 1, fromMs: 0, toMs: 1e12 }));
    await destination.close();
    await setUp();
    expect(await snowflake.server.rows('SELECT COUNT(*) AS n FROM api_usage_metrics')).toEqual([{ N: 5 }]);
    expect(changes().filter((sql) => /DROP/i.test(sql))).toEqual([]);
  });

  it('adds the columns that an older table lacks, and rows then go in', async () => {
    const shape = tableShapes.get('api_usage_metrics') ?? [];
    const older = shape.filter((column) => !['tags', 'client', 'ttft_ms'].includes(column.name));
    await snowflake.server.rows(createTable('snowflake', 'api_usage_metrics', older));
    await snowflake.server.rows(
      `GRANT OWNERSHIP ON TABLE ${schemaName}.api_usage_metrics TO ROLE ${standardNames.role}`,
    );
    const result = await setUp();
    expect(statesOf(result)).toEqual({
      ...all('done'),
      'table API_USAGE_METRICS': 'present',
      'column API_USAGE_METRICS.TTFT_MS': 'done',
      'column API_USAGE_METRICS.CLIENT': 'done',
      'column API_USAGE_METRICS.TAGS': 'done',
    });
    const rows = generateRows({ count: 20, seed: 2, fromMs: 0, toMs: 1e12 });
    const destination = destinationOf(snowflake.access);
    expect(await deliverFrom(destination, rows)).toEqual({ kind: 'stored' });
    await destination.close();
    const clients = await snowflake.server.rows('SELECT COUNT(client) AS n FROM api_usage_metrics');
    expect(clients).toEqual([{ N: rows.filter((row) => row.client !== null).length }]);
  });

  it('works without the right to create a procedure, and says what is used instead', async () => {
    snowflake.server.administrator.revoke(standardNames.role, 'schema', schemaName, 'create procedure');
    const result = await setUp();
    expect(result.ok).toBe(true);
    expect(statesOf(result)).toEqual({ ...all('done'), 'procedure LOAD_API_USAGE': 'failed' });
    const line = result.statements.find(({ name }) => name.startsWith('procedure'));
    expect(line?.detail).toMatch(/guarded insert/);
  });

  it('is not fine without the right to create a table, and says whose turn it is', async () => {
    snowflake.server.administrator.revoke(standardNames.role, 'schema', schemaName, 'create table');
    const result = await setUp();
    expect(result.ok).toBe(false);
    expect(statesOf(result)['table API_USAGE_METRICS']).toBe('failed');
    expect(result.statements[0]?.detail).toMatch(/administrator/);
  });

  it('reports a column of another type and leaves it alone', async () => {
    const shape = tableShapes.get('api_usage_metrics') ?? [];
    const odd = shape.map((column) => (column.name === 'cost_usd' ? { ...column, kind: 'integer' as const } : column));
    await snowflake.server.rows(createTable('snowflake', 'api_usage_metrics', odd));
    await snowflake.server.rows(
      `GRANT OWNERSHIP ON TABLE ${schemaName}.api_usage_metrics TO ROLE ${standardNames.role}`,
    );
    const result = await setUp();
    expect(result.ok).toBe(false);
    const failed = result.statements.filter((line) => line.state === 'failed');
    expect(failed.map((line) => line.detail)).toEqual([
      expect.stringMatching(/^cost_usd is number\(38,0\), not NUMBER\(18,9\)\. Setup changes no column/),
    ]);
  });

  it('replaces its own older procedure and views', async () => {
    await setUp();
    await snowflake.server.rows('DROP VIEW api_usage_daily');
    const session = await openSession(snowflake.access);
    await session.execute({
      sql: `CREATE VIEW ${schemaName}.api_usage_daily COMMENT = 'older' AS SELECT 1 AS one`,
      tag: 'test',
    });
    await session.close();
    await replaceProcedure(snowflake, 'older');
    const result = await setUp();
    expect(statesOf(result)).toEqual({
      ...all('present'),
      'procedure LOAD_API_USAGE': 'done',
      'view API_USAGE_DAILY': 'done',
    });
    expect(statesOf(await setUp())).toEqual(all('present'));
  });

  it('makes views whose figures are those of the rows', async () => {
    await setUp();
    const rows = generateRows({ count: 200, seed: 3, fromMs: 1.7e12, toMs: 1.7e12 + 1e9 });
    const destination = destinationOf(snowflake.access);
    await deliverFrom(destination, rows);
    await destination.close();
    for (const view of ['daily', 'models', 'endpoints', 'users', 'sessions']) {
      const [sum] = await snowflake.server.rows(
        `SELECT SUM(calls) AS calls, SUM(generations) AS generations FROM api_usage_${view}`,
      );
      expect(Number(sum?.['CALLS'])).toBe(rows.length);
      expect(Number(sum?.['GENERATIONS'])).toBeGreaterThan(0);
    }
    const models = await snowflake.server.rows('SELECT COUNT(*) AS n FROM api_usage_models');
    expect(Number(models[0]?.['N'])).toBe(new Set(rows.map((row) => `${row.provider} ${row.model}`)).size);
  });

  it('throws what keeps it from asking at all', async () => {
    const nowhere = accessOf(snowflake.standard, { accessUrl: 'http://127.0.0.1:1' });
    await expect(runSetup(openSession, nowhere, { dryRun: false })).rejects.toMatchObject({ kind: 'network' });
    const dry = await runSetup(openSession, nowhere, { dryRun: true });
    expect(statesOf(dry)).toEqual(all('would'));
    expect(dry.statements.every(({ sql, detail }) => sql !== '' && detail.startsWith('Not compared'))).toBe(true);
  });
});
