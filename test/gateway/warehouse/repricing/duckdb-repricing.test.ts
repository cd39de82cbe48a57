/** History priced again in a real DuckDB: exactly the range, to the nano-dollar, each change once in the audit table. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PriceOverride } from '../../../../contract/prices.ts';
import type { UsageRecord } from '../../../../contract/usage-record.ts';
import type { DuckDbStore } from '../../../../gateway/warehouse/duckdb.ts';
import type { RepriceTally } from '../../../../gateway/warehouse/repricing/tally.ts';
import { deliverAll, freshDir, openStore, removeDir } from '../../analytics/warehouse-kit.ts';
import { at, auditOf, bookOf, duckDbTarget, pricedCalls, reprice, startMs, storedPrices } from './reprice-kit.ts';

const model = 'gemini-2.5-flash';
/** By the public list: 1,000 × $0.30 and 100 × $2.50 a million. */
const listNano = 300_000 + 250_000;
const own: PriceOverride = { provider: 'google', model, inputPerMillionUsd: 0.123456789, outputPerMillionUsd: 7 };
/** 1,000 × $0.123456789 and 100 × $7 a million, rounded to whole nano-dollars. */
const ownNano = 123_457 + 700_000;

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

const filled = async (rows: readonly UsageRecord[]): Promise<void> => deliverAll(store, rows);
const run = (book = bookOf([own]), options = {}): Promise<RepriceTally> => reprice(duckDbTarget(store), book, options);

describe('an own price for a time', () => {
  it('changes exactly the calls from its first to its last instant', async () => {
    await filled(pricedCalls(10));
    const dated = { ...own, from: at(startMs + 3 * 60_000), to: at(startMs + 7 * 60_000) };
    const tally = await run(bookOf([dated]));
    expect((await storedPrices(store)).map(({ nano }) => nano)).toEqual([
      ...Array.from({ length: 3 }, () => listNano),
      ...Array.from({ length: 4 }, () => ownNano),
      ...Array.from({ length: 3 }, () => listNano),
    ]);
    expect(tally).toEqual({
      rowsTotal: 10,
      rowsSeen: 10,
      rowsChanged: 4,
      rowsKept: 0,
      rowsUnreadable: 0,
      oldNanoUsd: 10 * listNano,
      newNanoUsd: 6 * listNano + 4 * ownNano,
    });
    expect(await auditOf(store)).toEqual([4, 5, 6, 7].map((seq) => [seq, listNano, ownNano, 'prices.json@test']));
  });

  it('leaves calls outside of the asked range alone: the first instant is in, the last is out', async () => {
    await filled(pricedCalls(10));
    await run(bookOf([own]), { fromMs: startMs + 2 * 60_000, toMs: startMs + 5 * 60_000 });
    const changed = (await storedPrices(store)).filter(({ source }) => source === 'override');
    expect(changed.map(({ seq }) => seq)).toEqual([3, 4, 5]);
  });
});

describe('a run', () => {
  it('a second time changes nothing and notes nothing', async () => {
    await filled(pricedCalls(50));
    expect(await run()).toMatchObject({ rowsChanged: 50 });
    const audit = await auditOf(store);
    expect(await run()).toMatchObject({
      rowsSeen: 50,
      rowsChanged: 0,
      oldNanoUsd: 50 * ownNano,
      newNanoUsd: 50 * ownNano,
    });
    expect(await auditOf(store)).toEqual(audit);
  });

  it('that is dry says what it would change, and changes nothing', async () => {
    await filled(pricedCalls(50));
    const dry = await run(bookOf([own]), { dryRun: true });
    expect((await storedPrices(store)).every(({ nano }) => nano === listNano)).toBe(true);
    expect(await auditOf(store)).toEqual([]);
    expect(await run()).toEqual(dry);
  });

  it('notes both prices, so that the audit leads from the first one to the last', async () => {
    await filled(pricedCalls(1));
    await run(bookOf([own], 'prices.json@one'));
    await run(bookOf([{ ...own, outputPerMillionUsd: 8 }], 'prices.json@two'));
    expect(await auditOf(store)).toEqual([
      [1, listNano, ownNano, 'prices.json@one'],
      [1, ownNano, ownNano + 100_000, 'prices.json@two'],
    ]);
  });

  it('ends between two pages when it is cancelled, and the next one finishes', async () => {
    await filled(pricedCalls(12_000, { stepMs: 10 }));
    const controller = new AbortController();
    const seen: number[] = [];
    const work = run(bookOf([own]), {
      signal: controller.signal,
      onPage: (tally: RepriceTally) => {
        seen.push(tally.rowsSeen);
        if (tally.rowsSeen > 0) controller.abort();
      },
    });
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    expect(seen).toEqual([0, 5_000]);
    expect(await auditOf(store)).toHaveLength(5_000);
    expect(await run()).toMatchObject({ rowsSeen: 12_000, rowsChanged: 7_000, newNanoUsd: 12_000 * ownNano });
    expect(await auditOf(store)).toHaveLength(12_000);
  });

  it('sees every call once when many start at the same instant, and one that an older version stored twice', async () => {
    await filled(pricedCalls(10_001, { stepMs: 0 }));
    await store.warehouse.query(
      "INSERT INTO api_usage_metrics SELECT * REPLACE ('install:next' AS stream_id, 1 AS seq) FROM api_usage_metrics LIMIT 1",
      [],
    );
    expect(await run()).toMatchObject({ rowsTotal: 10_002, rowsSeen: 10_002, rowsChanged: 10_002 });
  });

  it('over nothing has nothing to say', async () => {
    expect(await run()).toMatchObject({ rowsTotal: 0, rowsSeen: 0, oldNanoUsd: null, newNanoUsd: null });
  });

  it('goes through 100,000 calls in pages', async () => {
    await filled(pricedCalls(100_000, { stepMs: 20 }));
    const pages: number[] = [];
    const tally = await run(bookOf([own]), { onPage: ({ rowsSeen }: RepriceTally) => pages.push(rowsSeen) });
    expect(Math.max(...pages.map((seen, index) => seen - (pages[index - 1] ?? 0)))).toBe(5_000);
    expect(tally).toMatchObject({ rowsChanged: 100_000, newNanoUsd: 100_000 * ownNano });
    const [sum] = await store.warehouse.query(
      'SELECT CAST(SUM(cost_usd) * 1e9 AS BIGINT) AS nano FROM api_usage_metrics',
      [],
    );
    expect(sum?.['nano']).toBe(100_000 * ownNano);
  }, 120_000);
});

describe('a price that is not known any more', () => {
  const unknown = () => ({ model: 'nobody-knows-1', modelRequested: 'nobody-knows-1' });

  it('leaves the cost that was known, and is counted', async () => {
    const fields = () => ({
      ...unknown(),
      costUsd: 0.5,
      costSource: 'list' as const,
      priceVersion: 'genai-prices@0.0.1',
    });
    await filled(pricedCalls(3, { fields }));
    expect(await run(bookOf())).toMatchObject({ rowsChanged: 0, rowsKept: 3, oldNanoUsd: 15e8, newNanoUsd: 15e8 });
    expect(await auditOf(store)).toEqual([]);
  });

  it('is unknown again when it was the own price that was removed', async () => {
    const fields = () => ({
      ...unknown(),
      costUsd: 0.5,
      costSource: 'override' as const,
      priceVersion: 'prices.json@old',
    });
    await filled(pricedCalls(2, { fields }));
    expect(await run(bookOf())).toMatchObject({ rowsChanged: 2, rowsKept: 0, oldNanoUsd: 1e9, newNanoUsd: null });
    expect(await storedPrices(store)).toEqual(
      [1, 2].map((seq) => ({ seq, nano: null, source: 'none', version: null })),
    );
    expect(await auditOf(store)).toEqual([1, 2].map((seq) => [seq, 5e8, null, null]));
  });

  it('is the list price again where the list has one', async () => {
    const fields = () => ({ costUsd: 0.5, costSource: 'override' as const, priceVersion: 'prices.json@old' });
    await filled(pricedCalls(2, { fields }));
    await run(bookOf());
    expect((await storedPrices(store)).map(({ nano, source }) => [nano, source])).toEqual([
      [listNano, 'list'],
      [listNano, 'list'],
    ]);
  });

  it('and a call that never had a price gets one when a list has it', async () => {
    await filled(pricedCalls(2, { fields: unknown }));
    expect((await storedPrices(store)).map(({ nano }) => nano)).toEqual([null, null]);
    expect(await run(bookOf([{ ...own, model: 'nobody-*' }]))).toMatchObject({ rowsChanged: 2, oldNanoUsd: null });
    expect((await storedPrices(store)).map(({ nano }) => nano)).toEqual([ownNano, ownNano]);
  });
});

it('a row that no record of this version can be is left as it is, and counted', async () => {
  await filled(pricedCalls(3, { fields: (index) => (index === 1 ? { outcome: 'ok', surface: 'models' } : {}) }));
  await filled(pricedCalls(3, { streamId: 'newer:epoch' }));
  await store.close();
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(`${dataDir}/warehouse.duckdb`);
  const connection = await instance.connect();
  await connection.run(
    "UPDATE api_usage_metrics SET surface = 'telepathy' WHERE stream_id = 'newer:epoch' AND seq = 2",
  );
  connection.closeSync();
  instance.closeSync();
  store = await openStore(dataDir);
  expect(await run()).toMatchObject({ rowsSeen: 6, rowsChanged: 4, rowsUnreadable: 1 });
});
