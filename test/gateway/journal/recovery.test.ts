import Database from 'better-sqlite3';
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournalReader } from '../../../gateway/journal/reader.ts';
import { readState } from '../../../gateway/journal/state-file.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { runChild } from './child-runner.ts';
import {
  endedCall,
  freshDataDir,
  openCallIds,
  rawRows,
  runningCall,
  startTestJournal,
  type DataDir,
} from './journal-kit.ts';

const longMs = 10_000;
let dir: DataDir;
beforeEach(() => {
  dir = freshDataDir();
});
afterEach(() => {
  dir[Symbol.dispose]();
});

const file = (name: string): string => join(dir.path, name);

const interruptedIds = (): string[] =>
  rawRows(dir.path)
    .filter((row) => String(JSON.parse(row.record).outcome) === 'interrupted')
    .map((row) => row.call_id);

/** The journal's files as they stand now, taken while it is open. */
function backUp(): void {
  for (const suffix of ['', '-wal'])
    if (existsSync(file(`journal.db${suffix}`))) copyFileSync(file(`journal.db${suffix}`), file(`backup${suffix}`));
}

function restore(): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file(`journal.db${suffix}`), { force: true });
  for (const suffix of ['', '-wal'])
    if (existsSync(file(`backup${suffix}`))) renameSync(file(`backup${suffix}`), file(`journal.db${suffix}`));
}

describe('calls in flight when the gateway ended', () => {
  it('come back as interrupted with the last usage they reported', async () => {
    const first = await startTestJournal(dir.path);
    const running = runningCall({ statusCode: 200, inputTokens: 12, outputTokens: null });
    first.open(running);
    await waitFor('the open row', () => openCallIds(dir.path).length === 1);
    first.progress({ ...running, outputTokens: 77 });
    await first.stop();

    const second = await startTestJournal(dir.path);
    await second.stop();
    const [row] = rawRows(dir.path);
    expect(JSON.parse(row?.record ?? '')).toEqual({
      ...running,
      outcome: 'interrupted',
      outputTokens: 77,
      durationMs: null,
    });
    expect(openCallIds(dir.path)).toEqual([]);
  });

  it('come back once, whatever number of starts follows', async () => {
    await runChild(dir.path, { options: { workers: 100 }, kill: () => openCallIds(dir.path).length > 0 });
    await (await startTestJournal(dir.path)).stop();
    const rows = rawRows(dir.path);
    await (await startTestJournal(dir.path)).stop();
    expect(rawRows(dir.path)).toEqual(rows);
    expect(rows.some((row) => String(JSON.parse(row.record).outcome) === 'interrupted')).toBe(true);
  });
});

describe('a journal that was put back from a backup', () => {
  it('continues under a stream of its own, so no destination mistakes new rows for old ones', async () => {
    const first = await startTestJournal(dir.path);
    await Promise.all(Array.from({ length: 10 }, () => first.close(endedCall(), longMs)));
    await first.stop();
    backUp();
    const second = await startTestJournal(dir.path);
    const lost = await second.close(endedCall(), longMs);
    await second.stop();
    restore();

    const third = await startTestJournal(dir.path);
    const kept = await third.close(endedCall(), longMs);
    await third.stop();
    expect(lost).toMatchObject({ seq: 11 });
    expect(kept).toMatchObject({ seq: 11 });
    expect(kept.streamId).not.toBe(lost.streamId);
    const reader = openJournalReader(dir.path);
    expect(reader.streams().map(({ firstSeq, lastSeq }) => [firstSeq, lastSeq])).toEqual([
      [1, 10],
      [11, 11],
    ]);
    reader.close();
  });

  it('forgets the calls that were running when the backup was made: what became of them may be delivered', async () => {
    const first = await startTestJournal(dir.path);
    const running = runningCall();
    first.open(running);
    await waitFor('the open row', () => openCallIds(dir.path).length === 1);
    backUp();
    await first.close(endedCall({ callId: running.callId }), longMs);
    await first.stop();
    await (await startTestJournal(dir.path)).stop();
    restore();

    await (await startTestJournal(dir.path)).stop();
    expect(openCallIds(dir.path)).toEqual([]);
    expect(rawRows(dir.path)).toEqual([]);
  });

  it('starts anew when it was deleted', async () => {
    const first = await startTestJournal(dir.path);
    const before = await first.close(endedCall(), longMs);
    await first.stop();
    rmSync(file('journal.db'));
    const second = await startTestJournal(dir.path);
    const after = await second.close(endedCall(), longMs);
    expect(after).toMatchObject({ durable: true, seq: 1 });
    expect(after.streamId).not.toBe(before.streamId);
    expect(second.health()).toMatchObject({
      state: 'degraded',
      detail: expect.stringContaining('ends at row 0, the last run had written 1'),
    });
    await second.stop();
  });

  it('is noticed while the gateway runs: the old numbers are never given again', async () => {
    const journal = await startTestJournal(dir.path);
    const before = await journal.close(endedCall(), longMs);
    for (const suffix of ['', '-wal', '-shm']) rmSync(file(`journal.db${suffix}`));
    await waitFor('the journal to notice', () => existsSync(file('journal.db')));
    const after = await waitFor('a durable row', async () => {
      const result = await journal.close(endedCall(), longMs);
      return result.durable ? result : null;
    });
    expect(after.seq).toBeGreaterThan(1);
    expect(after.streamId).not.toBe(before.streamId);
    await journal.stop();
    expect(rawRows(dir.path).at(-1)?.seq).toBe(after.seq);
  });
});

describe('a journal killed while its file was being created', () => {
  it('starts anew', async () => {
    const half = new Database(file('half.db'));
    half.pragma('cache_size = 1'); // so that pages go to the file before the transaction ends
    half.exec('BEGIN; CREATE TABLE t (x)');
    for (let row = 0; row < 100; row += 1) half.prepare('INSERT INTO t VALUES (zeroblob(2000))').run();
    for (const suffix of ['', '-journal']) copyFileSync(file(`half.db${suffix}`), file(`journal.db${suffix}`));
    half.close();
    const journal = await startTestJournal(dir.path);
    expect(journal.health()).toMatchObject({ state: 'ok', quarantined: null });
    expect(await journal.close(endedCall(), longMs)).toMatchObject({ durable: true, seq: 1 });
    await journal.stop();
  });
});

describe('a killed journal whose log was deleted', () => {
  it(
    'keeps what the file holds and forgets the calls whose end may have been in the log',
    { timeout: 30_000 },
    async () => {
      await runChild(dir.path, {
        options: { workers: 50 },
        kill: () => (readState(dir.path)?.lastSeq ?? 0) > 0 && openCallIds(dir.path).length > 0,
      });
      for (const suffix of ['-wal', '-shm']) rmSync(file(`journal.db${suffix}`), { force: true });
      const journal = await startTestJournal(dir.path);
      expect(await journal.close(endedCall(), longMs)).toMatchObject({ durable: true });
      await journal.stop();
      expect(interruptedIds()).toEqual([]);
      expect(openCallIds(dir.path)).toEqual([]);
    },
  );
});

describe('a killed journal that another program opened and closed', () => {
  it('still has its running calls', { timeout: 30_000 }, async () => {
    await runChild(dir.path, { options: { workers: 50 }, kill: () => openCallIds(dir.path).length > 0 });
    const other = new Database(file('journal.db'));
    const running = other.prepare<[], number>('SELECT COUNT(*) FROM open_calls').pluck().get() ?? 0;
    other.close(); // which moves the log into the file and removes it
    expect(existsSync(file('journal.db-wal'))).toBe(false);
    await (await startTestJournal(dir.path)).stop();
    expect(running).toBeGreaterThan(0);
    expect(interruptedIds()).toHaveLength(running);
  });
});
