/** What an answer waits for its own row is part of that row's duration and overhead, up to the longest wait, and of no other row. */
import Database from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkJournal } from '../../../gateway/journal/check.ts';
import type { RunningJournal } from '../../../gateway/journal/client.ts';
import { heldAt, leftBetween, sharedClockMs, withHeld } from '../../../gateway/journal/held.ts';
import type { JournalRecord } from '../../../gateway/journal/journal.ts';
import { JournalOpener } from '../../../gateway/journal/opener.ts';
import { toClosedRow } from '../../../gateway/journal/rows.ts';
import { endedCall, freshDataDir, installId, rawRows, startTestJournal, type DataDir } from './journal-kit.ts';

let dir: DataDir;
beforeEach(() => {
  dir = freshDataDir();
});
afterEach(() => dir[Symbol.dispose]());

const stalledMs = 300;

/** Nobody can write to the journal's file for that long: this wait is what is tested. */
async function stall(): Promise<void> {
  const other = new Database(join(dir.path, 'journal.db'));
  other.exec('BEGIN IMMEDIATE');
  await sleep(stalledMs);
  other.exec('COMMIT');
  other.close();
}

const storedTimes = (index = 0): Pick<JournalRecord, 'durationMs' | 'overheadMs'> =>
  JSON.parse(rawRows(dir.path)[index]?.record ?? '') as JournalRecord;

describe('a journal that is delayed', () => {
  let journal: RunningJournal;
  beforeEach(async () => {
    journal = await startTestJournal(dir.path);
  });
  afterEach(() => journal.stop());

  test('adds the delay to the row whose answer waits for it', async () => {
    const call = endedCall({ durationMs: 800, overheadMs: 0.4, tags: { durationMs: '5' } });
    await Promise.all([stall(), journal.close(call, 5_000, true)]);
    const { durationMs, overheadMs } = storedTimes();
    expect(overheadMs).toBeGreaterThan(stalledMs * 0.8);
    expect(overheadMs).toBeLessThan(5_000);
    expect((durationMs ?? 0) - 800).toBeCloseTo((overheadMs ?? 0) - 0.4, 2);
    expect(JSON.parse(rawRows(dir.path)[0]?.record ?? '')).toEqual({ ...call, durationMs, overheadMs });
  });

  test('adds no more than the longest wait, after which the answer leaves', async () => {
    await Promise.all([stall(), journal.close(endedCall({ overheadMs: 0.4 }), 50, true)]);
    await journal.close(endedCall(), 5_000);
    expect(storedTimes().overheadMs).toBeCloseTo(50.4, 3);
  });

  test('changes no row that no answer waits for', async () => {
    const call = endedCall();
    await Promise.all([stall(), journal.close(call, 5_000, false)]);
    expect(JSON.parse(rawRows(dir.path)[0]?.record ?? '')).toEqual(call);
  });

  test('still has rows whose checksums hold', async () => {
    await Promise.all([stall(), ...Array.from({ length: 50 }, () => journal.close(endedCall(), 20, true))]);
    await journal.close(endedCall(), 5_000, true);
    await journal.stop();
    expect(checkJournal(dir.path)).toMatchObject({ ok: true, rows: 51 });
  });
});

test('a write that takes longer than the answer waits is added to the row afterwards', () => {
  const opener = new JournalOpener({
    dataDir: dir.path,
    installId,
    installCopy: null,
    lock: null,
    run: randomUUID(),
    epoch: randomUUID(),
    minSeq: 0,
    synchronous: 'NORMAL',
    capBytes: 1e9,
    keepDays: 90,
    clock: null,
    destinations: ['duckdb'],
    delivered: [],
  });
  const journal = opener.open({ onSynced: () => undefined, onFault: () => undefined });
  const closes = Array.from({ length: 3_000 }, () => toClosedRow(endedCall({ overheadMs: 0.4 })));
  const holds = closes.map((_, index) => ({ heldMs: 2, leftMs: index < 10 ? 1 : 60_000 }));
  // The first ten leave 2 ms from now, in the middle of the write of all of them.
  const batch = { opens: [], progress: [], closes, holds, handedMs: sharedClockMs() + 1, delivered: [] };
  journal.store.commit(batch, 1e9);
  opener.close(journal, false);
  expect(storedTimes(0).overheadMs).toBe(3.4);
  expect(storedTimes(9).overheadMs).toBe(3.4);
  expect(storedTimes(10).overheadMs).toBeGreaterThanOrEqual(2.4);
  expect(checkJournal(dir.path)).toMatchObject({ ok: true, rows: 3_000 });
});

describe('a row', () => {
  const row = toClosedRow(endedCall({ durationMs: 800.25, overheadMs: 0.4 }));
  const batch = (heldMs: number, leftMs: number) => ({
    opens: [],
    progress: [],
    closes: [row],
    holds: [{ heldMs, leftMs }],
    handedMs: 1_000,
    delivered: [],
  });
  const times = (record: string) => {
    const { durationMs, overheadMs } = JSON.parse(record) as JournalRecord;
    return [durationMs, overheadMs];
  };

  test.each([
    ['before it is handed over', 3, 40, 990, [803.25, 3.4]],
    ['while it waits', 3, 40, 1_010, [813.25, 13.4]],
    ['after its answer has left', 3, 40, 9_999, [843.25, 43.4]],
    ['whose answer had left before', 50, 0, 9_999, [850.25, 50.4]],
    ['that no answer waits for', 0, 0, 9_999, [800.25, 0.4]],
  ])('%s', (_name, heldMs, leftMs, nowMs, expected) => {
    expect(times(withHeld(row.record, heldAt(batch(heldMs, leftMs), 0, nowMs)))).toEqual(expected);
  });

  test.each([
    ['still waits at its end', 1_005, 1_020, []],
    ['leaves during it', 1_005, 1_040, [0]],
    ['had left before it', 1_041, 1_050, []],
  ])('is corrected after a write when its answer %s: no, yes, no', (_name, fromMs, toMs, late) => {
    expect(leftBetween(batch(3, 40), fromMs, toMs)).toEqual(late);
  });
});
