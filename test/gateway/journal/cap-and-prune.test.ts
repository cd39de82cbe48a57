import { statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalOptions, RunningJournal } from '../../../gateway/journal/client.ts';
import { checkJournal } from '../../../gateway/journal/check.ts';
import { journalPath } from '../../../gateway/journal/files.ts';
import { openJournalReader } from '../../../gateway/journal/reader.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { endedCall, freshDataDir, journalConfig, rawRows, startTestJournal, type DataDir } from './journal-kit.ts';

const longMs = 10_000;
const megabyte = 1024 * 1024;
let dir: DataDir;
let journal: RunningJournal | null = null;
beforeEach(() => {
  dir = freshDataDir();
});
afterEach(async () => {
  await journal?.stop();
  dir[Symbol.dispose]();
});

async function start(
  config: Partial<JournalOptions['config']>,
  changes: Partial<JournalOptions> = {},
): Promise<RunningJournal> {
  journal = await startTestJournal(dir.path, { ...changes, config: { ...journalConfig, ...config } });
  return journal;
}

async function write(target: RunningJournal, count: number): Promise<number> {
  const results = await Promise.all(Array.from({ length: count }, () => target.close(endedCall(), longMs)));
  return results.filter((result) => result.durable).length;
}

const seqs = (): number[] => rawRows(dir.path).map((row) => row.seq);

describe('pruning', () => {
  it('removes rows past the window that every destination has, and no other', async () => {
    const target = await start({ keepDays: 0 }, { destinations: ['duckdb', 'snowflake'] });
    await write(target, 3000);
    target.delivered('duckdb', 2500);
    target.delivered('snowflake', 1200);
    await waitFor('the prune', () => seqs().length === 1800);
    expect(seqs()[0]).toBe(1201);
    await waitFor('health to show it', () => target.health().rows === 1800);
    target.setDestinations(['duckdb']);
    await waitFor('the prune after Snowflake was switched off', () => seqs().length === 500);
  });

  it('keeps delivered rows inside the window', async () => {
    const target = await start({ keepDays: 1 });
    await write(target, 100);
    target.delivered('duckdb', 100);
    await write(target, 1);
    await waitFor('a round of housekeeping', async () => {
      const before = seqs().length;
      await new Promise((resolve) => setTimeout(resolve, 1200));
      return before === 101;
    });
    expect(seqs()).toHaveLength(101);
  });

  it('follows a window that is shortened while it runs', async () => {
    const target = await start({ keepDays: 1 });
    await write(target, 100);
    target.delivered('duckdb', 60);
    target.setKeepDays(0, Date.now());
    await waitFor('the prune', () => seqs().length === 40);
    expect(seqs()[0]).toBe(61);
  });

  it('counts the days back from the time that is trusted, not from a clock that may have jumped', async () => {
    const target = await start({ keepDays: 1 });
    target.setKeepDays(0, Date.now() - 3_600_000);
    await write(target, 100);
    target.delivered('duckdb', 60);
    await target.removeSample(); // a round of housekeeping
    await target.removeSample();
    expect(seqs()).toHaveLength(100);
    target.setKeepDays(0, Date.now());
    await waitFor('the prune', () => seqs().length === 40);
  });

  it('does not believe a position from an earlier run', async () => {
    const first = await start({ keepDays: 90 });
    await write(first, 50);
    first.delivered('duckdb', 50);
    await write(first, 1);
    await first.stop();
    const second = await start({ keepDays: 0 });
    await write(second, 1);
    await new Promise((resolve) => setTimeout(resolve, 1300)); // longer than a round of housekeeping: nothing may happen in it
    expect(seqs()).toHaveLength(52);
    second.delivered('duckdb', 20);
    await waitFor('the prune', () => seqs()[0] === 21);
  });

  it('forgets streams without rows and keeps the numbers of the rest', async () => {
    const first = await start({ keepDays: 0 });
    await write(first, 10);
    await first.stop();
    const second = await start({ keepDays: 0 });
    await write(second, 10);
    second.delivered('duckdb', 15);
    await waitFor('the prune', () => seqs()[0] === 16);
    const reader = openJournalReader(dir.path);
    expect(reader.streams()).toEqual([{ streamId: second.streamId, firstSeq: 11, lastSeq: 20 }]);
    reader.close();
    expect(checkJournal(dir.path)).toMatchObject({ ok: true, rows: 5, firstSeq: 16 });
  });
});

describe('the size cap', () => {
  it('raises the alarm at 80 % of rows nobody has taken', async () => {
    const target = await start({ capBytes: 4 * megabyte });
    await write(target, 1000);
    expect(target.health().state).toBe('ok');
    while (target.health().bytes < 0.82 * 4 * megabyte) await write(target, 100);
    expect(target.health()).toMatchObject({ state: 'degraded', lostRows: 0 });
    expect(target.health().detail).toMatch(/fill 8\d %/);
    target.delivered('duckdb', target.health().rows);
    await waitFor('the alarm to end', () => target.health().state === 'ok');
  });

  it('makes room by removing delivered rows inside the window, oldest first', { timeout: 60_000 }, async () => {
    const target = await start({ capBytes: 4 * megabyte });
    let durable = 0;
    for (let round = 0; round < 120; round += 1) {
      durable += await write(target, 100);
      target.delivered('duckdb', durable);
    }
    expect(durable).toBe(12_000);
    expect(target.health()).toMatchObject({ state: 'ok', lostRows: 0 });
    expect(target.health().bytes).toBeLessThan(4 * megabyte);
    expect(seqs().at(-1)).toBe(12_000);
    expect(seqs()[0]).toBeGreaterThan(5000);
    await target.stop();
    expect(statSync(journalPath(dir.path)).size).toBeLessThan(5 * megabyte);
  });

  it('never removes a row nobody has taken: it refuses new ones, counts them and says so', async () => {
    const target = await start({ capBytes: 3 * megabyte });
    let durable = 0;
    for (let round = 0; round < 60; round += 1) durable += await write(target, 100);
    const { lostRows, state, detail, bytes } = target.health();
    expect(durable + lostRows).toBe(6000);
    expect(lostRows).toBeGreaterThan(1000);
    expect(state).toBe('degraded');
    expect(detail).toContain('New calls are not recorded');
    expect(bytes).toBeLessThan(3.3 * megabyte);
    expect(seqs()).toHaveLength(durable);

    target.delivered('duckdb', durable);
    expect(await waitFor('room again', async () => (await write(target, 1)) === 1)).toBe(true);
    await waitFor('the alarm to end', () => target.health().state === 'ok');
    expect(checkJournal(dir.path)).toMatchObject({ ok: true, gaps: [] });
  });

  it('gives the file back its size when most of it is free', { timeout: 30_000 }, async () => {
    const target = await start({ keepDays: 0 });
    await write(target, 6000);
    target.delivered('duckdb', 5900);
    await waitFor('the prune', () => seqs().length === 100);
    await waitFor('the file to shrink', () => statSync(journalPath(dir.path)).size < megabyte);
    await waitFor('health to show it', () => target.health().rows === 100);
    expect(target.health().state).toBe('ok');
  });
});
