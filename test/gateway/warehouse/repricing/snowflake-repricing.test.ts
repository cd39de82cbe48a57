/**
 * The same run over Snowflake (its stand-in, the real driver): whatever happens to a statement, each price changes once and each change is in
 * the audit table once.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PriceOverride } from '../../../../contract/prices.ts';
import type { UsageRecord } from '../../../../contract/usage-record.ts';
import type { PriceTarget } from '../../../../gateway/warehouse/repricing/reprice-range.ts';
import { openSession } from '../../../../gateway/warehouse/snowflake/open-session.ts';
import { openPriceWriter, type PriceWriter } from '../../../../gateway/warehouse/snowflake/price-writer.ts';
import { openSnowflakeWarehouse } from '../../../../gateway/warehouse/snowflake/snowflake-warehouse.ts';
import type { Warehouse } from '../../../../gateway/warehouse/warehouse.ts';
import { persistently } from '../../../../gateway/warehouse-process/snowflake-prices.ts';
import type { Fault } from '../../../helpers/snowflake-server/faults.ts';
import { standardNames } from '../../../helpers/snowflake-server/standard-account.ts';
import { startRepeatingProxy, type RepeatingProxy } from '../../../helpers/snowflake-repeating-proxy.ts';
import { faultAt } from '../snowflake/persistent-kit.ts';
import {
  accessOf,
  deliverFrom,
  destinationOf,
  schemaName,
  setUp,
  startSnowflake,
  type TestSnowflake,
} from '../snowflake/snowflake-kit.ts';
import { at, auditOf, bookOf, pricedCalls, reprice, startMs, storedPrices } from './reprice-kit.ts';

const own: PriceOverride = {
  provider: 'google',
  model: 'gemini-2.5-flash',
  inputPerMillionUsd: 0.123456789,
  outputPerMillionUsd: 7,
};
const listNano = 550_000;
const ownNano = 123_457 + 700_000;

let snowflake: TestSnowflake;
let warehouse: Warehouse;
let writer: PriceWriter;
beforeAll(async () => {
  snowflake = await startSnowflake({ detachedTransactionMs: 300 });
  await setUp(snowflake, 'procedure');
}, 30_000);
afterAll(() => snowflake.stop());
beforeEach(async () => {
  await snowflake.server.rows(`DELETE FROM ${schemaName}.api_usage_metrics`);
  await snowflake.server.rows(`DELETE FROM ${schemaName}.price_changes`);
  warehouse = openSnowflakeWarehouse(snowflake.access);
  writer = openPriceWriter(openSession, snowflake.access);
});
afterEach(async () => {
  snowflake.server.setFaults(null);
  await writer.close();
  await warehouse.close();
});

let stream = 0;
async function fill(count: number, streamId = `install:${(stream += 1)}`): Promise<readonly UsageRecord[]> {
  const rows = pricedCalls(count, { streamId });
  const destination = destinationOf(snowflake.access);
  await deliverFrom(destination, rows);
  await destination.close();
  return rows;
}

const target = (writing: PriceWriter = writer, streams = 'install:'): PriceTarget => ({
  warehouse,
  streams,
  write: (page, signal) => writing.write(page, signal),
  attempt: persistently,
});

async function expectRepriced(count: number): Promise<void> {
  expect((await storedPrices({ warehouse })).map(({ nano, source, version }) => [nano, source, version])).toEqual(
    Array.from({ length: count }, () => [ownNano, 'override', 'prices.json@test']),
  );
  expect(await auditOf({ warehouse })).toEqual(
    Array.from({ length: count }, (_, index) => [index + 1, listNano, ownNano, 'prices.json@test']),
  );
}

describe('in Snowflake', () => {
  it('an own price changes exactly its time, and a second run changes nothing', async () => {
    await fill(10);
    const dated = bookOf([{ ...own, from: at(startMs + 3 * 60_000), to: at(startMs + 7 * 60_000) }]);
    const tally = await reprice(target(), dated);
    expect(tally).toMatchObject({
      rowsTotal: 10,
      rowsSeen: 10,
      rowsChanged: 4,
      oldNanoUsd: 10 * listNano,
      newNanoUsd: 6 * listNano + 4 * ownNano,
    });
    const changed = (await storedPrices({ warehouse })).filter(({ source }) => source === 'override');
    expect(changed).toEqual(
      [4, 5, 6, 7].map((seq) => ({ seq, nano: ownNano, source: 'override', version: 'prices.json@test' })),
    );
    expect(await auditOf({ warehouse })).toHaveLength(4);
    expect(await reprice(target(), dated)).toMatchObject({ rowsChanged: 0 });
    expect(await auditOf({ warehouse })).toHaveLength(4);
  });

  it('the own price that was removed leaves no cost behind, and one that was known stays', async () => {
    const unknown = { model: 'nobody-knows-1', modelRequested: 'nobody-knows-1', costUsd: 0.5 };
    const streamId = `install:${(stream += 1)}`;
    const destination = destinationOf(snowflake.access);
    const fields = (index: number) => ({
      ...unknown,
      ...(index === 0
        ? { costSource: 'override' as const, priceVersion: 'prices.json@old' }
        : { costSource: 'list' as const, priceVersion: 'genai-prices@0.0.1' }),
    });
    await deliverFrom(destination, pricedCalls(2, { streamId, fields }));
    await destination.close();
    expect(await reprice(target(), bookOf())).toMatchObject({
      rowsChanged: 1,
      rowsKept: 1,
      oldNanoUsd: 1e9,
      newNanoUsd: 5e8,
    });
    expect(await storedPrices({ warehouse })).toEqual([
      { seq: 1, nano: null, source: 'none', version: null },
      { seq: 2, nano: 5e8, source: 'list', version: 'genai-prices@0.0.1' },
    ]);
  });

  it('calls of another installation keep the prices of their own gateway', async () => {
    await fill(3);
    await fill(2, 'elsewhere:1');
    expect(await reprice(target(), bookOf([own]))).toMatchObject({ rowsTotal: 3, rowsChanged: 3 });
    expect((await storedPrices({ warehouse })).filter(({ source }) => source === 'list')).toHaveLength(2);
  });

  it('a dry run asks and writes nothing', async () => {
    await fill(5);
    const before = snowflake.server.statementsSeen().length;
    expect(await reprice(target(), bookOf([own]), { dryRun: true })).toMatchObject({ rowsChanged: 5 });
    const seen = snowflake.server
      .statementsSeen()
      .slice(before)
      .map(({ text }) => text.trim().split(/\s/)[0]);
    expect(new Set(seen.filter((word) => word !== 'ALTER'))).toEqual(new Set(['SELECT']));
  });

  it('thousands of calls go in pages of their own transaction', async () => {
    await fill(11_000);
    const before = snowflake.server.statementsSeen().length;
    expect(await reprice(target(), bookOf([own]))).toMatchObject({ rowsChanged: 11_000, newNanoUsd: 11_000 * ownNano });
    const seen = snowflake.server
      .statementsSeen()
      .slice(before)
      .map(({ text }) => text.trim().split(/\s/)[0]);
    expect(seen.filter((word) => word === 'MERGE')).toHaveLength(3);
    expect(seen.filter((word) => word === 'COMMIT')).toHaveLength(3);
  }, 60_000);
});

describe('a page that is too large for one request', () => {
  const wordsSince = (count: number) =>
    snowflake.server
      .statementsSeen()
      .slice(count)
      .map(({ text }) => text.trim().split(/\s/)[0]);
  afterEach(() => snowflake.server.configure({ wireLimitBytes: 1024 * 1024 }));

  it('is written in parts when the server says so, each price once', async () => {
    await fill(2_000);
    snowflake.server.configure({ wireLimitBytes: 12_000 });
    const refused = snowflake.server.refusedBodies();
    const before = snowflake.server.statementsSeen().length;
    expect(await reprice(target(), bookOf([own]))).toMatchObject({ rowsTotal: 2_000, rowsChanged: 2_000 });
    expect(snowflake.server.refusedBodies()).toBeGreaterThan(refused);
    expect(wordsSince(before).filter((word) => word === 'COMMIT').length).toBeGreaterThan(1);
    await expectRepriced(2_000);
  }, 60_000);

  it('is a fault like any other when a single price is refused, and nothing waits for ever', async () => {
    await fill(2);
    snowflake.server.setFaults(({ statement }) => (statement === 'INSERT' ? { kind: 'status', status: 413 } : null));
    await expect(reprice(target(), bookOf([own]))).rejects.toMatchObject({ code: 'snowflake_error' });
  });
});

const faults: readonly (readonly [string, Fault])[] = [
  ['is lost on its way', { kind: 'dropBefore' }],
  ['is executed and its answer lost', { kind: 'dropAfter' }],
  ['is executed and gets 502', { kind: 'status', status: 502, executed: true }],
  ['gets 429', { kind: 'status', status: 429 }],
  ['finds its session gone', { kind: 'loseSession' }],
  ['finds its tokens expired', { kind: 'expireMaster' }],
];
describe.each(['BEGIN', 'INSERT', 'MERGE', 'COMMIT'])('when the %s of a page', (statement) => {
  it.each(faults)('%s, each price changes once and is noted once', async (_, fault) => {
    await fill(30);
    snowflake.server.setFaults(faultAt(statement, fault));
    expect(await reprice(target(), bookOf([own]))).toMatchObject({ rowsTotal: 30, rowsSeen: 30 });
    snowflake.server.setFaults(null);
    await expectRepriced(30);
  });
});

it('a gateway that vanished in the middle of a page leaves nothing of it, and the next run finishes', async () => {
  await fill(30);
  let commits = 0;
  snowflake.server.setFaults(({ kind, statement }) => {
    if (statement === 'COMMIT') commits += 1;
    // Its transaction is open, and nobody says goodbye: Snowflake rolls it back when it notices.
    return kind === 'logout' || (statement === 'COMMIT' && commits === 1) ? { kind: 'dropBefore' } : null;
  });
  await reprice(target(), bookOf([own]));
  expect(commits).toBe(2);
  snowflake.server.setFaults(null);
  await expectRepriced(30);
}, 60_000);

describe('a network that repeats statements', () => {
  let proxy: RepeatingProxy;
  beforeAll(async () => {
    proxy = await startRepeatingProxy(snowflake.access.profile.accessUrl ?? '');
  });
  afterAll(() => proxy.stop());

  it.each(['INSERT', 'MERGE', 'COMMIT'])('changes nothing by its second %s', async (statement) => {
    await fill(30);
    proxy.setPolicy((word) => (word === statement ? { kind: 'again' } : null));
    const through = openPriceWriter(openSession, accessOf(snowflake.standard, { accessUrl: proxy.url }));
    await reprice(target(through), bookOf([own]));
    expect(proxy.repeated()).toBeGreaterThan(0);
    await through.close();
    await expectRepriced(30);
  });
});

describe('a role that may not', () => {
  const facts = `${schemaName}.api_usage_metrics`;

  it('is told what to have granted, and nothing is half done', async () => {
    await fill(3);
    const { administrator } = snowflake.server;
    administrator.revoke(standardNames.role, 'table', facts);
    for (const privilege of ['select', 'insert']) administrator.grant(standardNames.role, privilege, 'table', facts);
    try {
      await expect(reprice(target(), bookOf([own]))).rejects.toMatchObject({
        code: 'snowflake_denied',
        message: expect.stringMatching(/grants script/),
      });
      expect(await auditOf({ warehouse })).toEqual([]);
      administrator.grant(standardNames.role, 'update', 'table', facts);
      await reprice(target(), bookOf([own]));
      await expectRepriced(3);
    } finally {
      administrator.grant(standardNames.role, 'ownership', 'table', facts);
    }
  });

  it('an account set up by an older version is told to run Setup', async () => {
    await fill(1);
    await snowflake.server.rows(`DROP TABLE ${schemaName}.price_changes`);
    try {
      await expect(reprice(target(), bookOf([own]))).rejects.toMatchObject({
        message: expect.stringMatching(/Run Setup/),
      });
    } finally {
      await setUp(snowflake, 'procedure');
    }
  });
});

// The last one: a process that has met such a network stays with uncompressed bodies.
it('a network that takes no compressed bodies gets a page in parts of its own accord', async () => {
  await fill(5_000);
  snowflake.server.configure({ takesGzip: false });
  const refused = snowflake.server.refusedBodies();
  const before = snowflake.server.statementsSeen().length;
  expect(await reprice(target(), bookOf([own]))).toMatchObject({ rowsTotal: 5_000, rowsChanged: 5_000 });
  expect(snowflake.server.refusedBodies()).toBe(refused + 1);
  const seen = snowflake.server.statementsSeen().slice(before);
  expect(seen.filter(({ text }) => text === 'COMMIT').length).toBeGreaterThan(1);
  expect(seen.map(({ encoding }) => encoding)).not.toContain('gzip');
  await expectRepriced(5_000);
}, 60_000);
