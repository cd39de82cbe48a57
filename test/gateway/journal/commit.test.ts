import { statSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningJournal } from '../../../gateway/journal/client.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import {
  endedCall,
  freshDataDir,
  gaplessFrom,
  journalConfig,
  openCallIds,
  rawRows,
  runningCall,
  startTestJournal,
  type DataDir,
} from './journal-kit.ts';

const longMs = 10_000;
let dir: DataDir;
let journal: RunningJournal;
beforeEach(async () => {
  dir = freshDataDir();
  journal = await startTestJournal(dir.path);
});
afterEach(async () => {
  await journal.stop();
  dir[Symbol.dispose]();
});

describe('a journal', () => {
  it('gives ended calls gapless numbers in the order they were closed', async () => {
    const calls = Array.from({ length: 500 }, () => endedCall());
    const results = await Promise.all(calls.map((call) => journal.close(call, longMs)));
    expect(results.map((result) => result.durable && result.seq)).toEqual(gaplessFrom(1, 500));
    expect(rawRows(dir.path).map((row) => row.call_id)).toEqual(calls.map((call) => call.callId));
    expect(results.every((result) => result.streamId === journal.streamId)).toBe(true);
  });

  it('stores the record as it was given, without a place of its own', async () => {
    const call = endedCall({ tags: { team: 'a "quoted" näme', nul: '\u0000' } });
    await journal.close(call, longMs);
    expect(JSON.parse(rawRows(dir.path)[0]?.record ?? '')).toEqual(call);
  });

  it('commits what gathered during a commit as one group', async () => {
    const commits: number[] = [];
    journal.onCommitted((lastSeq) => commits.push(lastSeq));
    await Promise.all(Array.from({ length: 1000 }, () => journal.close(endedCall(), longMs)));
    expect(commits.at(-1)).toBe(1000);
    expect(commits.length).toBeLessThan(20);
  });

  it('keeps a running call until it ends', async () => {
    const running = runningCall();
    journal.open(running);
    await waitFor('the open row', () => openCallIds(dir.path).includes(running.callId));
    await waitFor('health to show it', () => journal.health().openRows === 1);
    await journal.close(endedCall({ callId: running.callId }), longMs);
    expect(openCallIds(dir.path)).toEqual([]);
    expect(rawRows(dir.path).map((row) => row.call_id)).toEqual([running.callId]);
  });

  it('never writes the open row of a call that ends at once', async () => {
    const call = endedCall();
    journal.open(runningCall({ callId: call.callId }));
    journal.progress(runningCall({ callId: call.callId, outputTokens: 5 }));
    await journal.close(call, longMs);
    expect(openCallIds(dir.path)).toEqual([]);
    expect(journal.health()).toMatchObject({ rows: 1, openRows: 0 });
  });

  it('gives a call that is closed twice its first place again', async () => {
    const call = endedCall();
    const first = await journal.close(call, longMs);
    const second = await journal.close(call, longMs);
    expect(second).toEqual(first);
    expect(await journal.close(endedCall(), longMs)).toMatchObject({ seq: 2 });
  });

  it('keeps counting after a restart and begins a new stream', async () => {
    await journal.close(endedCall(), longMs);
    const firstStream = journal.streamId;
    await journal.stop();
    journal = await startTestJournal(dir.path);
    expect(journal.streamId).not.toBe(firstStream);
    expect(await journal.close(endedCall(), longMs)).toEqual({ durable: true, seq: 2, streamId: journal.streamId });
  });

  it('gives no number of a removed row again', async () => {
    await journal.close(endedCall({ tags: { aism: 'sample' } }), longMs);
    expect(await journal.removeSample()).toBe(1);
    await journal.stop();
    journal = await startTestJournal(dir.path);
    expect(await journal.close(endedCall(), longMs)).toMatchObject({ seq: 2 });
  });

  it('releases a caller at its deadline and counts the late commit', async () => {
    const result = await journal.close(endedCall(), 0);
    const row = await waitFor('the row', () => rawRows(dir.path)[0]);
    expect(row.seq).toBe(1);
    expect(journal.health().lateCommits).toBe(result.durable ? 0 : 1);
  });

  it('removes sample rows only, those still in memory too', async () => {
    const real = endedCall();
    await journal.close(real, longMs);
    const samples = Array.from({ length: 2500 }, () => journal.close(endedCall({ tags: { aism: 'sample' } }), longMs));
    expect(await journal.removeSample()).toBe(2500);
    await Promise.all(samples);
    expect(rawRows(dir.path).map((row) => row.call_id)).toEqual([real.callId]);
    expect(journal.health().rows).toBe(1);
  });

  it('writes what is queued before it stops and leaves no log behind', async () => {
    const closes = Array.from({ length: 200 }, () => journal.close(endedCall(), longMs));
    await journal.stop();
    expect((await Promise.all(closes)).every((result) => result.durable)).toBe(true);
    expect(readdirSync(dir.path)).not.toContain('journal.db-wal');
    expect(journal.health()).toMatchObject({ state: 'down', lostRows: 0, waitingRows: 0 });
  });

  it('loses and counts a row that is closed after the stop', async () => {
    await journal.stop();
    expect(await journal.close(endedCall(), longMs)).toMatchObject({ durable: false });
    expect(journal.health().lostRows).toBe(1);
  });

  it.skipIf(process.platform === 'win32')('lets only the owner read its files', async () => {
    await journal.close(endedCall(), longMs);
    const modes = readdirSync(dir.path).map((name) => [
      name,
      (statSync(join(dir.path, name)).mode & 0o777).toString(8),
    ]);
    expect(modes.map(([name]) => name)).toEqual(
      expect.arrayContaining(['journal.db', 'journal.db-wal', 'journal.db-shm', 'journal.reserve', 'journal.state']),
    );
    expect(modes.filter(([, mode]) => mode !== '600')).toEqual([]);
  });

  it('keeps the log small under a steady load', { timeout: 60_000 }, async () => {
    for (let group = 0; group < 40; group += 1) {
      await Promise.all(Array.from({ length: 1000 }, () => journal.close(endedCall(), longMs)));
    }
    expect(statSync(join(dir.path, 'journal.db-wal')).size).toBeLessThan(64 * 1024 * 1024);
    expect(journal.health()).toMatchObject({ state: 'ok', rows: 40_000 });
  });
});

describe('a journal told not to wait for the disk', () => {
  it('acknowledges before it writes', async () => {
    await journal.stop();
    journal = await startTestJournal(dir.path, { config: { ...journalConfig, durable: false } });
    expect(await journal.close(endedCall(), longMs)).toMatchObject({ durable: false });
    expect(rawRows(dir.path)).toEqual([]);
    await waitFor('the row', () => rawRows(dir.path).length === 1);
    expect(journal.health()).toMatchObject({ lateCommits: 0, lostRows: 0 });
  });
});
