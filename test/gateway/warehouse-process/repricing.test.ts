/**
 * Re-pricing in the real warehouse process: killed in the middle, cancelled, with a bad price list, and after the database was rebuilt. The
 * oracle is the price book itself, and the audit table: it leads from each first price to the last one, once.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PriceOverride } from '../../../contract/prices.ts';
import type { RunningJournal } from '../../../gateway/journal/client.ts';
import type { JournalRecord } from '../../../gateway/journal/journal.ts';
import type { RepriceTally } from '../../../gateway/warehouse/repricing/tally.ts';
import type { WarehouseClient } from '../../../gateway/warehouse/warehouse-client.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { freshDir, openStore, removeDir } from '../analytics/warehouse-kit.ts';
import { endedCall } from '../journal/journal-kit.ts';
import { auditOf, storedPrices } from '../warehouse/repricing/reprice-kit.ts';
import { openJournal, startTestWarehouse, type Logged } from '../warehouse/supervisor-kit.ts';

const own: PriceOverride = { provider: 'google', model: '*', inputPerMillionUsd: 1, outputPerMillionUsd: 2 };
/** 120 in and 480 out, as the journal's example call has them: 120 × $1 and 480 × $2 a million. */
const ownNano = 1_080_000;
const journalNano = 1_236_000;
const startedAt = '2026-11-20T12:00:00.000Z';
const day = { fromMs: Date.parse('2026-11-20T00:00:00Z'), toMs: Date.parse('2026-11-21T00:00:00Z') };
const order = { ...day, engine: 'duckdb', dryRun: false } as const;
const patient = { silentMs: 15_000, degradedMs: 20_000 };

let dataDir: string;
let journal: RunningJournal;
let client: (WarehouseClient & { readonly lines: Logged[] }) | null = null;
beforeEach(async () => {
  dataDir = freshDir();
  journal = await openJournal(dataDir);
  writePrices([own]);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await client?.stop();
  client = null;
  await journal.stop();
  removeDir(dataDir);
});

function writePrices(entries: unknown): void {
  writeFileSync(join(dataDir, 'prices.json'), JSON.stringify(entries));
}

async function write(count: number, changes: Partial<JournalRecord> = {}): Promise<void> {
  const calls = Array.from({ length: count }, () => endedCall({ startedAt, ...changes }));
  await Promise.all(calls.map((call) => journal.close(call, 10_000)));
}

async function started() {
  client = startTestWarehouse(dataDir, patient);
  return client;
}

async function untilHeld(target: WarehouseClient, calls: number): Promise<void> {
  await waitFor(
    `${calls} calls`,
    async () => (await target.carryOut('previewRetention', { target: 'local', days: 1 })).totalRows === calls,
    30_000,
  );
}

/** What the file holds, looked at when nobody else has it. */
async function look() {
  await client?.stop();
  client = null;
  const store = await openStore(dataDir);
  try {
    return { prices: await storedPrices(store), audit: await auditOf(store) };
  } finally {
    await store.close();
  }
}

const rememberedRuns = (): unknown[] => JSON.parse(readFileSync(join(dataDir, 'repriced.json'), 'utf8')).runs;

describe('re-pricing in the warehouse process', { timeout: 120_000 }, () => {
  it('takes calls along that are still in the journal, and tells how far it is', async () => {
    await write(6_000);
    const seen: RepriceTally[] = [];
    const tally = await (await started()).carryOut('reprice', order, undefined, (now) => seen.push(now));
    expect(tally).toMatchObject({ rowsTotal: 6_000, rowsSeen: 6_000, rowsChanged: 6_000 });
    expect(tally).toMatchObject({ oldNanoUsd: 6_000 * journalNano, newNanoUsd: 6_000 * ownNano });
    expect(seen.map(({ rowsSeen }) => rowsSeen)).toEqual([0, 5_000, 6_000]);
    const { prices, audit } = await look();
    expect(new Set(prices.map(({ nano, source }) => `${nano} ${source}`))).toEqual(new Set([`${ownNano} override`]));
    expect(audit).toHaveLength(6_000);
  });

  it.each(['duckdb.beforeCommit', 'duckdb.afterCommit'])(
    'killed at %s of its second page doubles nothing, and the next run finishes',
    async (point) => {
      await write(10_100);
      await untilHeld(await started(), 10_100);
      await client?.stop();
      vi.stubEnv('AISM_CRASH_AT', `${point}:2`);
      const doomed = await started();
      const work = doomed.carryOut('reprice', order);
      await expect(work).rejects.toMatchObject({ code: 'warehouse_unavailable' });
      vi.stubEnv('AISM_CRASH_AT', '');
      await doomed.stop();
      const done = point === 'duckdb.beforeCommit' ? 5_000 : 10_000;
      expect((await look()).audit).toHaveLength(done);

      const again = await (await started()).carryOut('reprice', order);
      expect(again).toMatchObject({ rowsSeen: 10_100, rowsChanged: 10_100 - done, newNanoUsd: 10_100 * ownNano });
      const { prices, audit } = await look();
      expect(prices.every(({ nano }) => nano === ownNano)).toBe(true);
      expect(audit.map(([seq]) => seq)).toEqual(prices.map(({ seq }) => seq));
    },
  );

  it('ends soon after its caller gives up, and remembers only what was done', async () => {
    await write(10_100);
    const running = await started();
    const controller = new AbortController();
    const work = running.carryOut('reprice', order, controller.signal, ({ rowsSeen }) => {
      if (rowsSeen > 0) controller.abort();
    });
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    // The next one waits for the page that was in work.
    const next = await running.carryOut('reprice', { ...order, fromMs: day.toMs, toMs: day.toMs + 1 });
    expect(next.rowsTotal).toBe(0);
    const { audit } = await look();
    expect(audit.length).toBeGreaterThanOrEqual(5_000);
    expect(audit.length).toBeLessThan(10_100);
    expect(rememberedRuns()).toEqual([
      expect.objectContaining({ fromMs: day.fromMs, toMs: Date.parse(startedAt) + 1 }),
      expect.objectContaining({ fromMs: day.toMs }),
    ]);
  });

  it.each([
    ['no list', '{"a":1}', /prices\.json/],
    ['half a line', '[{"provider":"google",', /line 1/],
    [
      'a wrong field',
      '[{"provider":"google","model":"*","inputPerMillionUsd":-1,"outputPerMillionUsd":1}]',
      /\[0\]\.inputPerMillionUsd/,
    ],
  ])('changes nothing when prices.json is %s, and names the place', async (_, text, place) => {
    await write(3);
    writeFileSync(join(dataDir, 'prices.json'), text);
    const work = (await started()).carryOut('reprice', order);
    await expect(work).rejects.toMatchObject({ code: 'bad_config', message: expect.stringMatching(place) });
    expect((await look()).audit).toEqual([]);
  });
});

describe('a database that was rebuilt from the journal', { timeout: 60_000 }, () => {
  it('gets the prices again that a run had given it', async () => {
    await write(20);
    await write(5, { startedAt: '2026-11-22T12:00:00.000Z' });
    await (await started()).carryOut('reprice', order);
    const before = await look();
    expect(before.audit).toHaveLength(20);

    for (const name of ['warehouse.duckdb', 'warehouse.duckdb.wal']) rmSync(join(dataDir, name), { force: true });
    const rebuilt = await started();
    await waitFor('the run', () => rebuilt.lines.some(({ event }) => event === 'RepricedAfterRebuild'), 30_000);
    const after = await look();
    expect(after.prices).toEqual(before.prices);
    expect(after.audit).toHaveLength(20);

    const third = await started();
    await untilHeld(third, 25);
    expect(third.lines.some(({ event }) => event === 'RepricedAfterRebuild')).toBe(false);
  });

  it('keeps the prices of the journal where nothing was ever re-priced, or only looked at', async () => {
    await write(5);
    await (await started()).carryOut('reprice', { ...order, dryRun: true });
    await client?.stop();
    expect(existsSync(join(dataDir, 'repriced.json'))).toBe(false);
    rmSync(join(dataDir, 'warehouse.duckdb'));
    await untilHeld(await started(), 5);
    expect((await look()).prices.every(({ nano }) => nano === journalNano)).toBe(true);
  });

  it('remembers one run where a later one covers earlier ones', async () => {
    await write(1);
    const running = await started();
    await running.carryOut('reprice', order);
    await running.carryOut('reprice', { ...order, fromMs: day.fromMs - 1 });
    expect(rememberedRuns()).toHaveLength(1);
    await running.carryOut('reprice', order);
    expect(rememberedRuns()).toHaveLength(2);
  });
});

describe('one call by its id', () => {
  it('is found, and another is not', async () => {
    const call = endedCall({ startedAt });
    await journal.close(call, 10_000);
    const running = await started();
    await untilHeld(running, 1);
    const found = await running.carryOut('findCall', { callId: call.callId, source: 'duckdb' });
    expect(found).toMatchObject({ callId: call.callId, inputTokens: call.inputTokens });
    const none = await running.carryOut('findCall', {
      callId: '019aa000-0000-7000-8000-000000000000',
      source: 'duckdb',
    });
    expect(none).toBeNull();
  });
});
