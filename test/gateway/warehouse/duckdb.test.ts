import { DuckDBInstance } from '@duckdb/node-api';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleTag, type UsageRecord } from '../../../contract/usage-record.ts';
import type { DuckDbStore } from '../../../gateway/warehouse/duckdb.ts';
import { fromRow, recordColumnNames } from '../../../gateway/warehouse/table.ts';
import { generateRows } from '../../helpers/generated-rows.ts';
import { deliverAll, freshDir, openStore, removeDir } from '../analytics/warehouse-kit.ts';

const rows = generateRows({
  count: 3_000,
  seed: 11,
  fromMs: Date.parse('2026-11-01T00:00:00Z'),
  toMs: Date.parse('2026-11-02T00:00:00Z'),
});
const streamId = 'install:epoch';

let dataDir: string;
let store: DuckDbStore | null = null;
const path = () => join(dataDir, 'warehouse.duckdb');

beforeEach(() => {
  dataDir = freshDir();
});
afterEach(async () => {
  await store?.close();
  store = null;
  removeDir(dataDir);
});

async function open(): Promise<DuckDbStore> {
  store = await openStore(dataDir);
  return store;
}

async function close(): Promise<void> {
  await store?.close();
  store = null;
}

async function storedRecords(from: DuckDbStore): Promise<UsageRecord[]> {
  const stored = await from.warehouse.query(
    `SELECT ${recordColumnNames.join(', ')} FROM api_usage_metrics ORDER BY seq`,
    [],
  );
  return stored.map(fromRow);
}

describe('the DuckDB store', () => {
  it('gives records back exactly as they came, after a restart too', async () => {
    await deliverAll(await open(), rows);
    await close();
    expect(await storedRecords(await open())).toEqual(rows);
  });

  it('refuses replays, gaps and another beginning, and writes nothing then', async () => {
    const { destination } = await open();
    const batch = { streamId, from: 0, to: 10, rows: rows.slice(0, 10) };
    expect(await destination.deliver(batch)).toEqual({ kind: 'stored' });
    expect(await destination.deliver(batch)).toEqual({ kind: 'moved', cursor: 10 });
    expect(await destination.deliver({ streamId, from: 5, to: 15, rows: rows.slice(5, 15) })).toEqual({
      kind: 'moved',
      cursor: 10,
    });
    expect(await destination.deliver({ streamId, from: 12, to: 15, rows: rows.slice(12, 15) })).toEqual({
      kind: 'moved',
      cursor: 10,
    });
    expect(await destination.deliver({ streamId: 'install:other', from: 3, to: 4, rows: rows.slice(3, 4) })).toEqual({
      kind: 'moved',
      cursor: 0,
    });
    expect(await storedRecords(await openedAgain())).toEqual(rows.slice(0, 10));
  });

  it('counts a call once that comes again under another stream', async () => {
    const { destination } = await open();
    await destination.deliver({ streamId, from: 0, to: 10, rows: rows.slice(0, 10) });
    const again = rows.slice(5, 20).map((row) => ({ ...row, streamId: 'another:epoch' }));
    expect(await destination.deliver({ streamId: 'another:epoch', from: 0, to: 20, rows: again })).toEqual({
      kind: 'stored',
      known: 5,
    });
    expect(await destination.readCursor('another:epoch')).toBe(20);
    const stored = await storedRecords(await openedAgain());
    expect(stored.map(({ callId }) => callId)).toEqual(rows.slice(0, 20).map(({ callId }) => callId));
    expect(stored.filter((row) => row.streamId === streamId)).toHaveLength(10);
  });

  async function openedAgain(): Promise<DuckDbStore> {
    await close();
    return open();
  }

  it('lets questions see committed rows only, while a delivery is under way', async () => {
    const opened = await open();
    const count = async () =>
      (await opened.warehouse.query('SELECT COUNT(*) AS calls FROM api_usage_metrics', []))[0]?.['calls'];
    const delivering = deliverAll(opened, rows);
    const seen = new Set<unknown>();
    for (let asked = 0; asked < 20; asked += 1) seen.add(await count());
    await delivering;
    expect([...seen].filter((calls) => calls !== 0 && calls !== rows.length)).toEqual([]);
    expect(await count()).toBe(rows.length);
  });

  it('removes sample rows and nothing else', async () => {
    const opened = await open();
    const mixed = rows.map((row, index) =>
      index % 3 === 0 ? { ...row, tags: { ...row.tags, [sampleTag.name]: sampleTag.value } } : row,
    );
    await deliverAll(opened, mixed);
    expect(await opened.removeSample()).toBe(1_000);
    expect(await storedRecords(opened)).toEqual(mixed.filter((_, index) => index % 3 !== 0));
    expect(await opened.destination.readCursor(streamId)).toBe(3_000);
  });

  it('removes what is older than the retention', async () => {
    const opened = await open();
    await deliverAll(opened, rows);
    const limit = rows[1_200]?.startedAt ?? '';
    expect(await opened.deleteBefore(Date.parse(limit))).toBe(rows.filter((row) => row.startedAt < limit).length);
  });

  it('is readable by its owner only and reaches nothing outside its file', async () => {
    const { warehouse } = await open();
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    await expect(warehouse.query(`SELECT * FROM read_text('/etc/hostname')`, [])).rejects.toThrow(/Permission Error/);
    await expect(warehouse.query(`COPY (SELECT 1) TO '${dataDir}/out.csv'`, [])).rejects.toThrow(/Permission Error/);
  });

  it('ends a cancelled question at once and can be asked again', async () => {
    const { warehouse } = await open();
    const endless = 'SELECT SUM(a.range * b.range) AS total FROM range(10000000) AS a, range(10000000) AS b';
    const controller = new AbortController();
    const asked = warehouse.query(endless, [], controller.signal);
    setTimeout(() => controller.abort(), 50);
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    await expect(warehouse.query(endless, [], AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    for (let asking = 0; asking < 5; asking += 1)
      expect(await warehouse.query('SELECT 1 AS one', [])).toEqual([{ one: 1 }]);
  });

  it('adds columns that an older file lacks and keeps its rows', async () => {
    await deliverAll(await open(), rows.slice(0, 100));
    await close();
    const older = await DuckDBInstance.create(path());
    const connection = await older.connect();
    await connection.run('ALTER TABLE api_usage_metrics DROP COLUMN price_version');
    await connection.run('CHECKPOINT');
    connection.closeSync();
    older.closeSync();
    const opened = await open();
    await opened.destination.deliver({ streamId, from: 100, to: 200, rows: rows.slice(100, 200) });
    const expected = rows.slice(0, 200).map((row, index) => (index < 100 ? { ...row, priceVersion: null } : row));
    expect(await storedRecords(opened)).toEqual(expected);
  });
});

const damages: readonly (readonly [string, (file: Buffer) => Buffer])[] = [
  ['text', () => Buffer.from('this is not a database')],
  ['nothing', () => Buffer.alloc(0)],
  ['zeroes in the header', (file) => file.fill(0, 0, 4_096)],
  ['a flipped header byte', (file) => file.fill((file[9] ?? 0) ^ 0xff, 9, 10)],
  ['half the file', (file) => file.subarray(0, Math.floor(file.length / 2))],
  ['noise in every block', (file) => file.fill(0xa5, 12_288)],
];

describe('a damaged file', () => {
  it.each(damages)('of %s is set aside with its name shown, and an empty one takes its place', async (_, damage) => {
    await deliverAll(await open(), rows);
    await close();
    const damaged = damage(readFileSync(path()));
    writeFileSync(path(), damaged);
    const opened = await open();
    const name = opened.setAside?.name ?? '';
    expect(name).toMatch(/^warehouse\.corrupt-\d{8}T\d{9}Z\.duckdb$/);
    expect(readFileSync(join(dataDir, name)).equals(damaged)).toBe(true);
    expect(await opened.destination.readCursor(streamId)).toBe(0);
    await deliverAll(opened, rows);
    expect(await storedRecords(opened)).toEqual(rows);
  });

  it('that cannot be written is no damage: the file stays and the fault is named', async () => {
    mkdirSync(path());
    await expect(openStore(dataDir)).rejects.toMatchObject({ code: 'warehouse_unavailable' });
    expect(readdirSync(dataDir)).toEqual(['warehouse.duckdb']);
  });
});

/** A small file system of its own, where this machine lets a test mount one. */
function mountTmpfs(directory: string, megabytes: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory], { stdio: 'pipe' });
    return true;
  } catch {
    return false; // no right to mount: the case is skipped and says so
  }
}

it('a full disk fails the batch and nothing else; the batch goes through when there is room', async ({ skip }) => {
  if (!mountTmpfs(dataDir, 24)) skip('this user may not mount a file system');
  try {
    const opened = await open();
    await deliverAll(opened, rows);
    const ballast = join(dataDir, 'ballast');
    expect(() => writeFileSync(ballast, Buffer.alloc(64 * 1024 * 1024))).toThrow(/ENOSPC/);
    await expect(fillUntilFull(opened)).rejects.toThrow(/No space left|invalidated/);
    removeDir(ballast);
    await close();
    const again = await open();
    expect(again.setAside).toBeNull();
    const cursor = await again.destination.readCursor(streamId);
    const [count] = await again.warehouse.query(
      'SELECT COUNT(*) AS calls, MAX(seq) AS last_seq FROM api_usage_metrics',
      [],
    );
    expect(count).toEqual({ calls: cursor, last_seq: cursor });
    await deliverAll(again, shifted(cursor));
  } finally {
    await close();
    execFileSync('umount', [dataDir]);
  }
});

/** Other calls of the same kind. */
const shifted = (by: number): UsageRecord[] =>
  rows.map((row) => ({ ...row, seq: row.seq + by, callId: `${row.callId}-${by}` }));

async function fillUntilFull(opened: DuckDbStore): Promise<void> {
  for (let delivered = 3_000; delivered < 300_000; delivered += 3_000) await deliverAll(opened, shifted(delivered));
}
