import { hostname } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../../contract/errors.ts';
import { answer } from '../../../../gateway/analytics/answer.ts';
import {
  openSnowflakeWarehouse,
  type SnowflakeWarehouseOptions,
} from '../../../../gateway/warehouse/snowflake/snowflake-warehouse.ts';
import type { SnowflakeAccess } from '../../../../gateway/warehouse/snowflake/session.ts';
import type { Warehouse } from '../../../../gateway/warehouse/warehouse.ts';
import { waitFor } from '../../../helpers/wait-for.ts';
import { StandIn } from './stand-in-kit.ts';

let standIn: StandIn;
beforeAll(async () => {
  standIn = await StandIn.start();
});
afterAll(() => standIn.stop());

const warehouses: Warehouse[] = [];
afterEach(async () => {
  standIn.server.setFaults(null);
  await Promise.all(warehouses.splice(0).map((warehouse) => warehouse.close()));
});

function warehouseOn(access: SnowflakeAccess = standIn.access(), options: SnowflakeWarehouseOptions = {}): Warehouse {
  const warehouse = openSnowflakeWarehouse(access, options);
  warehouses.push(warehouse);
  return warehouse;
}

async function errorOf(work: Promise<unknown>): Promise<AppError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('It succeeded');
}

describe('a Snowflake warehouse', () => {
  it('does not connect before it is asked', async () => {
    const before = standIn.server.logins().length;
    const warehouse = warehouseOn();
    await warehouse.close();
    expect(standIn.server.logins()).toHaveLength(before);
  });

  it('answers with plain rows', async () => {
    const rows = await warehouseOn().query('SELECT ? AS name, 2 AS n', ['x']);
    expect(rows).toEqual([{ name: 'x', n: 2 }]);
  });

  it('tags each statement with product, question and host', async () => {
    const warehouse = warehouseOn();
    await errorOf(answer(warehouse, 'models', { range: '1h' })); // the table is not there
    const [seen] = standIn.server.statementsSeen().filter(({ text }) => text.includes('SUM(COUNT(*))'));
    expect(JSON.parse(seen?.tag ?? '')).toEqual({ app: 'ai-studio-monitor', purpose: 'models', host: hostname() });
  });

  it('asks once more on another session when one ended while it rested', async () => {
    const warehouse = warehouseOn();
    await warehouse.query('SELECT 1 AS one', []);
    let lost = false;
    standIn.server.setFaults(({ sqlText }) => {
      if (lost || sqlText?.includes('survivor') !== true) return null;
      lost = true;
      return { kind: 'loseSession' };
    });
    expect(await warehouse.query("SELECT 'survivor' AS text", [])).toEqual([{ text: 'survivor' }]);
  });

  it.each([
    ['a table that is missing', 'SELECT 1 FROM nowhere', 'snowflake_error', 'Run Setup'],
    ['a syntax error', 'SELEC 1', 'snowflake_error', ''],
  ])('tells %s by code, words and fix', async (_, sql, code, words) => {
    const error = await errorOf(warehouseOn().query(sql, []));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
  });

  it('tells a refused login, a lost network and a time-out apart', async () => {
    const denied = await errorOf(warehouseOn(standIn.access({ role: 'NOBODY' })).query('SELECT 1', []));
    expect(denied.code).toBe('snowflake_denied');
    expect(denied.message).toContain('Settings → Snowflake');
    standIn.server.setFaults(({ sqlText }) => (sqlText?.includes('unlucky') === true ? { kind: 'dropBefore' } : null));
    expect((await errorOf(warehouseOn().query("SELECT 'unlucky'", []))).code).toBe('snowflake_unavailable');
    standIn.server.setFaults(({ sqlText }) =>
      sqlText?.includes('endless') === true ? { kind: 'delay', ms: 20_000 } : null,
    );
    const impatient = warehouseOn(standIn.access(), { statementTimeoutMs: 200 });
    expect((await errorOf(impatient.query("SELECT 'endless'", []))).code).toBe('timeout');
  });

  it('cancels a question in Snowflake when nobody wants its answer any more', async () => {
    standIn.server.setFaults(({ sqlText }) =>
      sqlText?.includes('unloved') === true ? { kind: 'delay', ms: 20_000 } : null,
    );
    const caller = new AbortController();
    const work = errorOf(warehouseOn().query("SELECT 'unloved'", [], caller.signal));
    const seen = () => standIn.server.statementsSeen().find(({ text }) => text.includes('unloved'));
    await waitFor('the statement', () => seen() !== undefined);
    caller.abort();
    expect((await work).code).toBe('cancelled');
    await waitFor('its end in Snowflake', () => seen()?.errorCode === '000604');
  });

  it('asks nothing of a suspended warehouse while it rests', async () => {
    const warehouse = warehouseOn(standIn.access(), { pool: { checkAfterMs: 0 } });
    await warehouse.query('SELECT 1 AS one', []);
    const before = standIn.server.statementsSeen().length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(standIn.server.statementsSeen()).toHaveLength(before);
  });
});
