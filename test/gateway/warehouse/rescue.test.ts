/** A database file that is suspected, damaged or copied from: what can be read of it is never lost, and a native abort hurts nobody. */
import { DuckDBInstance } from '@duckdb/node-api';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DuckDbOptions, DuckDbStore } from '../../../gateway/warehouse/duckdb.ts';
import { createRescuer, type Rescuer } from '../../../gateway/warehouse/rescue.ts';
import { generateRows } from '../../helpers/generated-rows.ts';
import { deliverAll, freshDir, openStore, removeDir } from '../analytics/warehouse-kit.ts';
import { entry } from './supervisor-kit.ts';

const rows = generateRows({
  count: 3_000,
  seed: 5,
  fromMs: Date.parse('2026-11-01T00:00:00Z'),
  toMs: Date.parse('2026-11-02T00:00:00Z'),
});
const streamId = 'install:epoch';
const times = 50; // 150,000 rows: two row groups
const rescuer = createRescuer(entry);
const slow = { timeout: 90_000 };

let dataDir: string;
let store: DuckDbStore | null = null;
const path = () => join(dataDir, 'warehouse.duckdb');
beforeEach(() => {
  dataDir = freshDir();
});
afterEach(async () => {
  await close();
  removeDir(dataDir);
});

async function open(options: Partial<DuckDbOptions> = {}): Promise<DuckDbStore> {
  store = await openStore(dataDir, { rescuer, ...options });
  return store;
}

async function close(): Promise<void> {
  await store?.close();
  store = null;
}

async function filled(): Promise<void> {
  const opened = await open();
  await deliverAll(opened, rows);
  await opened.noteRepriced('2026-11-03T00:00:00.000Z');
  await close();
}

/** Many row groups, so that one can be damaged and others not. */
async function filledLarge(): Promise<void> {
  await filled();
  const instance = await DuckDBInstance.create(path());
  const connection = await instance.connect();
  await connection.run(
    `INSERT INTO api_usage_metrics SELECT f.* REPLACE (f.call_id || '-' || i AS call_id) FROM api_usage_metrics f, range(1, ${times}) AS r(i)`,
  );
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
}

const counted = async (): Promise<{ calls: number; ids: number; cost: number }> => {
  const [row] = (await store?.warehouse.query(
    'SELECT COUNT(*) AS calls, COUNT(DISTINCT call_id) AS ids, SUM(cost_usd) AS cost FROM api_usage_metrics',
    [],
  )) ?? [{}];
  return { calls: Number(row?.['calls']), ids: Number(row?.['ids']), cost: Number(row?.['cost']) };
};

/** Writes over one block that holds values of this row group, found through the database itself. */
async function damageRowGroup(rowGroup: number): Promise<void> {
  const instance = await DuckDBInstance.create(path(), { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const result = await connection.run(
    `SELECT block_id FROM pragma_storage_info('api_usage_metrics')
     WHERE row_group_id = ${rowGroup} AND column_name = 'call_id' AND segment_type = 'VARCHAR' AND block_id >= 0
       AND block_id NOT IN (SELECT block_id FROM pragma_storage_info('api_usage_metrics') WHERE row_group_id <> ${rowGroup} AND block_id IS NOT NULL)
     LIMIT 1`,
  );
  const [row] = await result.getRows();
  connection.closeSync();
  instance.closeSync();
  const block = Number(row?.[0]);
  expect(block).toBeGreaterThanOrEqual(0);
  const at = 12_288 + block * 262_144;
  writeFileSync(path(), readFileSync(path()).fill(0xa5, at, at + 262_144));
}

describe('a look at a suspect file', () => {
  it('finds a whole one intact, with the rows in its log, and changes nothing', async () => {
    await filled();
    const before = readFileSync(path());
    expect(await rescuer.verify(path())).toBe('intact');
    expect(readFileSync(path()).equals(before)).toBe(true);
  });

  it.each([0, 1])('finds damage in row group %d', slow, async (rowGroup) => {
    await filledLarge();
    await damageRowGroup(rowGroup);
    expect(await rescuer.verify(path())).toBe('damaged');
  });

  it('says nothing about a file that another process holds', async () => {
    await filled();
    await open();
    expect(await rescuer.verify(path())).toBe('unknown');
  });

  it('takes a native abort for damage and lives on', async () => {
    await filled();
    expect(await aborting('verify').verify(path())).toBe('damaged');
  });
});

/** Its processes die of the named task. */
function aborting(task: string): Rescuer {
  vi.stubEnv('AISM_TEST_ABORT_TASK', task);
  return createRescuer(new URL('aborting-process.ts', import.meta.url));
}

describe('opening after crashes', () => {
  it('goes on with an intact file', async () => {
    await filled();
    const opened = await open({ suspect: { kind: 'crashes', reason: 'three aborts' } });
    expect(opened.setAside).toBeNull();
    expect((await counted()).calls).toBe(rows.length);
  });

  it('copies an intact file when they go on: rows, positions and what it has seen', async () => {
    await filled();
    const opened = await open({ suspect: { kind: 'crashes_again', reason: 'three more' } });
    expect(opened.setAside).toMatchObject({ reason: 'three more', rescued: 'all' });
    expect((await counted()).calls).toBe(rows.length);
    expect(await opened.destination.readCursor(streamId)).toBe(rows.length);
    expect(await opened.warehouse.query('SELECT run_at FROM repriced_runs', [])).toHaveLength(1);
  });

  it('keeps an intact file when it cannot be copied', async () => {
    await filled();
    const opened = await open({
      suspect: { kind: 'crashes_again', reason: 'x' },
      rescuer: { verify: rescuer.verify, copy: async () => 'nothing' },
    });
    expect(opened.setAside).toBeNull();
    expect((await counted()).calls).toBe(rows.length);
  });
});

describe('opening a damaged file', () => {
  it('brings back what can be read, and delivery fills in the rest once', slow, async () => {
    await filledLarge();
    await damageRowGroup(1);
    const opened = await open({ suspect: { kind: 'damage', reason: 'checksum' } });
    expect(opened.setAside).toMatchObject({ rescued: 'part' });
    const { calls, ids } = await counted();
    expect(ids).toBe(calls);
    expect(calls).toBe(122_880);
    expect(await opened.destination.readCursor(streamId)).toBe(0);
    await opened.destination.deliver({ streamId, from: 0, to: rows.length, rows });
    const after = await counted();
    expect(after.ids).toBe(after.calls);
    const there = await opened.warehouse.query(
      "SELECT call_id FROM api_usage_metrics WHERE call_id NOT LIKE '%-%-%-%-%-%'",
      [],
    );
    expect(new Set(there.map((row) => row['call_id']))).toEqual(new Set(rows.map(({ callId }) => callId)));
  });

  it('is not stopped by a native abort while it copies', slow, async () => {
    await filledLarge();
    const opened = await open({ suspect: { kind: 'damage', reason: 'x' }, rescuer: aborting('copy') });
    expect(opened.setAside).toMatchObject({ rescued: 'part' });
    expect((await counted()).calls).toBe(rows.length * times);
  });

  it('begins empty when nothing can be read, and leaves no draft behind', async () => {
    await filled();
    writeFileSync(path(), 'no database');
    const opened = await open();
    expect(opened.setAside).toMatchObject({ rescued: 'nothing' });
    expect((await counted()).calls).toBe(0);
    expect(readdirSync(dataDir).filter((name) => name.includes('rescue'))).toEqual([]);
  });

  it('finishes what a kill left half done: the copy takes the empty place', async () => {
    await filled();
    renameSync(path(), join(dataDir, 'warehouse.rescued.duckdb'));
    await open();
    expect((await counted()).calls).toBe(rows.length);
    expect(existsSync(join(dataDir, 'warehouse.rescued.duckdb'))).toBe(false);
  });
});
