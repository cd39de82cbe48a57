import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import type { Delivery } from '../../../gateway/delivery/delivery.ts';
import type { DuckDbStore } from '../../../gateway/warehouse/duckdb.ts';
import { seededRandom } from '../../../gateway/sample/answer-plan.ts';
import { generateRows } from '../../helpers/generated-rows.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { freshDir, openStore, removeDir } from '../analytics/warehouse-kit.ts';
import { arraySource, faulty, namesOf, startDelivery, storedRows } from './delivery-kit.ts';

let dataDir: string;
let store: DuckDbStore;
let delivery: (Delivery & { lines: readonly { event: string; fields: object }[] }) | null = null;

beforeEach(async () => {
  dataDir = freshDir();
  store = await openStore(dataDir);
});
afterEach(async () => {
  await delivery?.stop();
  delivery = null;
  await store.close();
  removeDir(dataDir);
});

const hour = { fromMs: Date.parse('2026-11-01T00:00:00Z'), toMs: Date.parse('2026-11-01T01:00:00Z') };
const rowsOf = (count: number, streamId = 'install:one', firstSeq = 1): UsageRecord[] =>
  generateRows({ count, seed: firstSeq, streamId, firstSeq, ...hour });

const idle = (running: Delivery) => () => running.state().phase === 'idle' && running.state().backlogRows === 0;
const delivered = (count: number) => async () => (await storedRows(store)).length === count;

describe('delivery', () => {
  it('brings every row of every stream, oldest stream first, and says how far it got', async () => {
    const rows = [...rowsOf(30, 'install:old', 1), ...rowsOf(45, 'install:new', 31)];
    delivery = startDelivery({
      source: arraySource(rows),
      destination: store.destination,
      limits: { maxRows: 7, maxBytes: 1e6 },
    });
    await waitFor('all rows', delivered(rows.length));
    await waitFor('idle', idle(delivery));
    expect(await storedRows(store)).toEqual(namesOf(rows));
    expect(delivery.state()).toMatchObject({
      streamId: 'install:new',
      deliveredSeq: 75,
      deliveredRows: 75,
      parkedRows: 0,
    });
    expect(await store.destination.readCursor('install:old')).toBe(30);
  });

  it('starts a new epoch at its own first row although the seq is lower than the old cursor', async () => {
    const rows = rowsOf(40, 'install:one');
    delivery = startDelivery({ source: arraySource(rows), destination: store.destination });
    await waitFor('the first stream', delivered(40));
    await delivery.stop();
    const restored = generateRows({ count: 10, seed: 2, streamId: 'install:two', firstSeq: 1, ...hour }); // other calls
    delivery = startDelivery({ source: arraySource(restored), destination: store.destination });
    await waitFor('the second stream', delivered(50));
    expect(await store.destination.readCursor('install:two')).toBe(10);
  });

  it('wakes within the coalescing time, long before its own timer', async () => {
    const rows = rowsOf(1);
    delivery = startDelivery({ source: arraySource(rows), destination: store.destination, pollMs: 600_000 });
    await waitFor('the first row', delivered(1));
    rows.push(...rowsOf(3, 'install:one', 2));
    delivery.wake();
    await waitFor('the rows after the wake-up', delivered(4), 5_000);
    expect(await storedRows(store)).toEqual(namesOf(rows));
  });

  it('finds rows that nobody announced', async () => {
    const rows = rowsOf(1);
    delivery = startDelivery({ source: arraySource(rows), destination: store.destination });
    await waitFor('the first row', delivered(1));
    rows.push(...rowsOf(5, 'install:one', 2));
    await waitFor('unannounced rows', delivered(6));
    expect(await storedRows(store)).toEqual(namesOf(rows));
  });

  it('moves the cursor over a gap of removed rows', async () => {
    const source = arraySource([]);
    const gap = {
      streams: () => [{ streamId: 'install:one', firstSeq: 1, lastSeq: 20 }],
      readBatch: (streamId: string, from: number) =>
        from < 20 ? { streamId, from, to: 20, rows: [], damaged: [4, 5] } : source.readBatch(streamId, from, 1, 1),
      pending: source.pending,
    };
    delivery = startDelivery({ source: gap, destination: store.destination });
    await waitFor('idle', idle(delivery));
    expect(await store.destination.readCursor('install:one')).toBe(20);
    expect(delivery.state()).toMatchObject({ damagedRows: 2, backlogRows: 0, deliveredSeq: 20 });
    expect(delivery.lines).toContainEqual(expect.objectContaining({ event: 'DeliveryRowsDamaged' }));
  });

  it.each([1, 2, 3])('stores each row once when writes and answers get lost (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const rows = rowsOf(200);
    const sometimes = (why: string) => () => {
      if (random() < 0.3) throw new Error(why);
    };
    const destination = faulty(store.destination, {
      before: sometimes('lost on the way'),
      after: sometimes('answer lost'),
    });
    delivery = startDelivery({ source: arraySource(rows), destination, limits: { maxRows: 11, maxBytes: 1e6 } });
    await waitFor('all rows', delivered(200), 15_000);
    await waitFor('idle', idle(delivery), 15_000);
    expect(await storedRows(store)).toEqual(namesOf(rows));
  });

  it('says offline with the reason while the destination fails, and recovers', async () => {
    let broken = true;
    const rows = rowsOf(5);
    const destination = faulty(store.destination, {
      before: () => {
        if (broken) throw new Error('No space left on device');
      },
    });
    delivery = startDelivery({ source: arraySource(rows), destination });
    const running = delivery;
    const offline = await waitFor('offline', () => (running.state().phase === 'offline' ? running.state() : null));
    expect(offline).toMatchObject({ backlogRows: 5, lastError: 'No space left on device' });
    expect(offline.detail).toContain('No space left');
    broken = false;
    await waitFor('idle', idle(delivery));
    expect(await storedRows(store)).toEqual(namesOf(rows));
  });

  it('parks the rows that cannot be stored and delivers the rest', async () => {
    const rows = rowsOf(200);
    const poison: Partial<UsageRecord>[] = [
      { inputTokens: 1.5 },
      { costUsd: 1e300 },
      { errorCode: 'x'.repeat(20_000_000) },
      { durationMs: Number.NaN },
    ];
    const spoiled = rows.map((row, index) => (index % 50 === 17 ? { ...row, ...poison[Math.floor(index / 50)] } : row));
    delivery = startDelivery({ source: arraySource(spoiled), destination: store.destination });
    await waitFor('idle', idle(delivery));
    expect(await storedRows(store)).toEqual(namesOf(rows.filter((_, index) => index % 50 !== 17)));
    const parked = await store.warehouse.query('SELECT seq, reason, record FROM parked_rows ORDER BY seq', []);
    expect(parked.map((row) => row['seq'])).toEqual([18, 68, 118, 168]);
    expect(parked.map((row) => String(row['reason']).split(' ')[0])).toEqual([
      'inputTokens',
      'costUsd',
      'errorCode',
      'durationMs',
    ]);
    expect(String(parked[2]?.['record']).length).toBeLessThan(5_000);
    expect(JSON.parse(String(parked[0]?.['record']))).toMatchObject({ seq: 18, inputTokens: 1.5 });
    expect(delivery.state()).toMatchObject({ parkedRows: 4, deliveredRows: 196 });
  });

  it('stores text that only looks dangerous', async () => {
    const [row] = rowsOf(1);
    const odd = {
      errorCode: 'a\0b',
      finishReason: '\ud800',
      userId: "'; DROP TABLE stream_offsets; --",
      tags: { '': '', 'x"y': '\u2028' },
    };
    delivery = startDelivery({
      source: arraySource([{ ...row, ...odd } as UsageRecord]),
      destination: store.destination,
    });
    await waitFor('the row', delivered(1));
    const [stored] = await store.warehouse.query('SELECT error_code, user_id, tags FROM api_usage_metrics', []);
    expect(stored).toMatchObject({ error_code: odd.errorCode, user_id: odd.userId, tags: JSON.stringify(odd.tags) });
  });

  it('stops with an alarm when the destination is ahead of the journal', async () => {
    await store.destination.deliver({ streamId: 'install:one', from: 0, to: 50, rows: rowsOf(50) });
    const copy = rowsOf(20).map((row) => ({ ...row, userId: 'from-the-copy' }));
    delivery = startDelivery({ source: arraySource(copy), destination: store.destination });
    const running = delivery;
    await waitFor('the alarm', () => running.state().phase === 'needs_attention');
    expect(running.state().detail).toContain('another writer');
    expect(await storedRows(store)).toHaveLength(50);
  });

  it('stops with an alarm when somebody else moves the cursor meanwhile', async () => {
    const rows = rowsOf(30);
    let stolen = false;
    const destination = faulty(store.destination, {});
    const racing = {
      ...destination,
      deliver: async (batch: Parameters<typeof destination.deliver>[0]) => {
        if (!stolen) {
          stolen = true;
          await store.destination.deliver({ ...batch, to: 35, rows: rowsOf(35) });
        }
        return destination.deliver(batch);
      },
    };
    delivery = startDelivery({ source: arraySource(rows), destination: racing });
    const running = delivery;
    await waitFor('the alarm', () => running.state().phase === 'needs_attention');
    expect(await storedRows(store)).toEqual(namesOf(rowsOf(35)));
  });

  it('runs other work between batches, never beside one', async () => {
    const rows = rowsOf(300);
    let writing = false;
    let overlaps = 0;
    const destination = faulty(store.destination, {
      before: () => {
        writing = true;
      },
      after: () => {
        writing = false;
      },
    });
    delivery = startDelivery({ source: arraySource(rows), destination, limits: { maxRows: 10, maxBytes: 1e6 } });
    const running = delivery;
    const tasks = Array.from({ length: 20 }, () =>
      running.betweenBatches(async () => {
        if (writing) overlaps += 1;
      }),
    );
    await Promise.all(tasks);
    await waitFor('idle', idle(delivery));
    expect(overlaps).toBe(0);
    expect(await storedRows(store)).toHaveLength(300);
  });
});
