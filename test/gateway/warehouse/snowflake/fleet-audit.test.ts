/** Fleet and audit are SQL that both engines run; here on DuckDB, on the Snowflake stand-in in destination.test.ts and the campaign. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UsageRecord } from '../../../../contract/usage-record.ts';
import { auditStreams } from '../../../../gateway/warehouse/snowflake/audit.ts';
import { readFleet } from '../../../../gateway/warehouse/snowflake/fleet.ts';
import type { DuckDbStore } from '../../../../gateway/warehouse/duckdb.ts';
import { usageRecord } from '../../../helpers/usage-records.ts';
import { deliverAll, freshDir, openStore, removeDir } from '../../analytics/warehouse-kit.ts';

let dataDir: string;
let store: DuckDbStore;
beforeEach(async () => {
  dataDir = freshDir();
  store = await openStore(dataDir);
});
afterEach(async () => {
  await store.close();
  removeDir(dataDir);
});

const rowsOf = (streamId: string, count: number, startedAt = '2026-11-20T10:00:00.000Z'): UsageRecord[] =>
  Array.from({ length: count }, (_, index) => usageRecord({ streamId, seq: index + 1, startedAt }));

describe('the fleet', () => {
  it('is empty, as of never, where nothing was delivered', async () => {
    expect(await readFleet(store.warehouse, 'install-a')).toEqual({ asOf: null, gateways: [] });
  });

  it('is one gateway an install, whatever the number of its starts', async () => {
    const before = Date.now();
    await deliverAll(store, [
      ...rowsOf('install-a:one', 3, '2026-11-20T10:00:00.000Z'),
      ...rowsOf('install-a:two', 2, '2026-11-21T10:00:00.000Z'),
      ...rowsOf('install-b:one', 4, '2026-11-22T10:00:00.000Z'),
    ]);
    const fleet = await readFleet(store.warehouse, 'install-b');
    const byName = new Map(fleet.gateways.map((gateway) => [gateway.installId, gateway]));
    expect([...byName.keys()].toSorted()).toEqual(['install-a', 'install-b']);
    expect(byName.get('install-a')).toMatchObject({ own: false, rows: 5, newestCallAt: '2026-11-21T10:00:00.000Z' });
    expect(byName.get('install-b')).toMatchObject({ own: true, rows: 4, newestCallAt: '2026-11-22T10:00:00.000Z' });
    expect(Date.parse(fleet.asOf ?? '')).toBeGreaterThanOrEqual(before);
    expect(Date.parse(fleet.asOf ?? '')).toBeLessThanOrEqual(Date.now());
    expect(fleet.asOf).toBe(fleet.gateways[0]?.lastDeliveredAt);
  });

  it('keeps a gateway whose calls retention has removed', async () => {
    await deliverAll(store, rowsOf('install-a:one', 3));
    await store.deleteBefore(Date.now());
    const { gateways } = await readFleet(store.warehouse, 'install-a');
    expect(gateways).toMatchObject([{ installId: 'install-a', rows: 0, newestCallAt: null }]);
  });
});

describe('the audit', () => {
  it('finds nothing wrong with what delivery wrote', async () => {
    await deliverAll(store, [...rowsOf('install-a:one', 5), ...rowsOf('install-b:one', 2)]);
    expect(await auditStreams(store.warehouse)).toMatchObject([
      { streamId: 'install-a:one', rows: 5, duplicates: 0, firstSeq: 1, lastSeq: 5, position: 5, problems: [] },
      { streamId: 'install-b:one', rows: 2, duplicates: 0, firstSeq: 1, lastSeq: 2, position: 2, problems: [] },
    ]);
  });

  it('names a row that is there twice and a position behind the rows', async () => {
    await deliverAll(store, rowsOf('install-a:one', 5));
    await store.warehouse.query('INSERT INTO api_usage_metrics SELECT * FROM api_usage_metrics WHERE seq > 3', []);
    const tooFar = [usageRecord({ streamId: 'install-b:one', seq: 9 })];
    await store.destination.deliver({ streamId: 'install-b:one', from: 0, to: 2, rows: tooFar });
    const [doubled, behind] = await auditStreams(store.warehouse);
    expect(doubled).toMatchObject({ rows: 7, duplicates: 2, problems: ['2 rows are there more than once'] });
    expect(behind?.problems).toEqual(['its newest row is 9, but its position is 2']);
  });

  it('counts parked rows and takes no gap for a fault', async () => {
    const row = usageRecord({ streamId: 'install-a:one', seq: 4 });
    await store.destination.park({ streamId: 'install-a:one', from: 0, to: 4, row, reason: 'odd' });
    expect(await auditStreams(store.warehouse)).toMatchObject([
      { rows: 0, parkedRows: 1, firstSeq: null, lastSeq: null, position: 4, problems: [] },
    ]);
  });
});
