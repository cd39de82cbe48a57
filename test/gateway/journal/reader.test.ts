import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageRecord } from '../../../contract/usage-record.ts';
import type { JournalReader } from '../../../gateway/journal/journal.ts';
import { checkJournal } from '../../../gateway/journal/check.ts';
import { journalPath } from '../../../gateway/journal/files.ts';
import { openJournalReader } from '../../../gateway/journal/reader.ts';
import { damagePage } from './damage.ts';
import { endedCall, freshDataDir, startTestJournal, type DataDir } from './journal-kit.ts';

const longMs = 10_000;
const noLimit = 1e9;
let dir: DataDir;
let reader: JournalReader;
beforeEach(() => {
  dir = freshDataDir();
  reader = openJournalReader(dir.path);
});
afterEach(() => {
  reader.close();
  dir[Symbol.dispose]();
});

/** All rows after `afterSeq` of a stream, batch by batch, with the cursor each batch leaves. */
function readAll(
  streamId: string,
  afterSeq: number,
  maxRows: number,
  maxBytes = noLimit,
): { seqs: number[]; cursors: number[] } {
  const seqs: number[] = [];
  const cursors: number[] = [];
  for (
    let batch = reader.readBatch(streamId, afterSeq, maxRows, maxBytes);
    batch !== null;
    batch = reader.readBatch(streamId, batch.to, maxRows, maxBytes)
  ) {
    expect(batch.rows.length).toBeLessThanOrEqual(maxRows);
    seqs.push(...batch.rows.map((row) => row.seq));
    cursors.push(batch.to);
  }
  return { seqs, cursors };
}

describe('a reader', () => {
  it('waits for a journal that does not exist yet', async () => {
    expect([reader.streams(), reader.lastSeq(), reader.readBatch('x', 0, 1, 1)]).toEqual([[], 0, null]);
    const journal = await startTestJournal(dir.path);
    expect(reader.streams()).toEqual([]);
    await journal.close(endedCall(), longMs);
    expect(reader.streams()).toEqual([{ streamId: journal.streamId, firstSeq: 1, lastSeq: 1 }]);
    await journal.stop();
  });

  it('says what waits after a cursor without reading it: rows, size of the first ones, and when the first one began', async () => {
    expect(reader.pending('x', 0)).toBeNull();
    const journal = await startTestJournal(dir.path);
    const startedAt = new Date(Date.now() - 60_000).toISOString();
    const calls = Array.from({ length: 12 }, (_, index) => endedCall(index === 4 ? { startedAt } : {}));
    for (const call of calls) await journal.close(call, longMs);
    const bytes = calls.slice(4).reduce((sum, call) => sum + Buffer.byteLength(JSON.stringify(call)), 0);
    expect(reader.pending(journal.streamId, 4)).toEqual({
      rows: 8,
      sampledRows: 8,
      sampledBytes: bytes,
      firstStartedMs: Date.parse(startedAt),
    });
    expect(reader.pending(journal.streamId, 12)).toBeNull();
    expect(reader.remembered('snowflake')).toBe(0);
    await journal.stop();
  });

  it('gives whole usage records with their stream and number', async () => {
    const journal = await startTestJournal(dir.path);
    const call = endedCall();
    await journal.close(call, longMs);
    const batch = reader.readBatch(journal.streamId, 0, 10, noLimit);
    expect(batch).toEqual({
      streamId: journal.streamId,
      from: 0,
      to: 1,
      rows: [{ ...call, streamId: journal.streamId, seq: 1 }],
      damaged: [],
    });
    expect(UsageRecord.parse(batch?.rows[0])).toEqual(batch?.rows[0]);
    await journal.stop();
  });

  it('ends a batch at its rows or bytes, with at least one row', async () => {
    const journal = await startTestJournal(dir.path);
    await Promise.all(Array.from({ length: 10 }, () => journal.close(endedCall(), longMs)));
    await journal.stop();
    expect(readAll(journal.streamId, 0, 4)).toEqual({ seqs: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], cursors: [4, 8, 10] });
    expect(readAll(journal.streamId, 7, 100)).toEqual({ seqs: [8, 9, 10], cursors: [10] });
    expect(readAll(journal.streamId, 0, 100, 1).cursors).toHaveLength(10);
    expect(readAll(journal.streamId, 10, 100).cursors).toEqual([]);
  });

  it('never stalls at removed rows', async () => {
    const journal = await startTestJournal(dir.path);
    const sample = { tags: { aism: 'sample' } };
    for (const tags of [{}, sample, sample, {}, sample, sample]) await journal.close(endedCall(tags), longMs);
    await journal.removeSample();
    await journal.stop();
    expect(readAll(journal.streamId, 0, 1)).toEqual({ seqs: [1, 4], cursors: [3, 6] });
    expect(reader.readBatch(journal.streamId, 4, 10, noLimit)).toEqual({
      streamId: journal.streamId,
      from: 4,
      to: 6,
      rows: [],
      damaged: [],
    });
  });

  it('keeps the streams of several starts apart', async () => {
    const streams: string[] = [];
    for (const count of [3, 2, 4]) {
      const journal = await startTestJournal(dir.path);
      await Promise.all(Array.from({ length: count }, () => journal.close(endedCall(), longMs)));
      streams.push(journal.streamId);
      await journal.stop();
    }
    expect(reader.streams().map((stream) => stream.streamId)).toEqual(streams);
    expect(streams.map((streamId) => readAll(streamId, 0, 100).seqs)).toEqual([
      [1, 2, 3],
      [4, 5],
      [6, 7, 8, 9],
    ]);
    expect(reader.lastSeq()).toBe(9);
    expect(readAll('test-install:unknown', 0, 100).seqs).toEqual([]);
  });

  it('sees rows while they are written', async () => {
    const journal = await startTestJournal(dir.path);
    for (let count = 1; count <= 20; count += 1) {
      await journal.close(endedCall(), longMs);
      expect(reader.lastSeq()).toBe(count);
    }
    await journal.stop();
  });

  it(
    'is one of several beside a writer that checkpoints, and all see every row as written',
    { timeout: 60_000 },
    async () => {
      const journal = await startTestJournal(dir.path);
      const readers = Array.from({ length: 4 }, () => ({
        reader: openJournalReader(dir.path),
        cursor: 0,
        seen: [] as string[],
      }));
      const calls: string[] = [];
      for (let round = 0; round < 30; round += 1) {
        const group = Array.from({ length: 1000 }, () => endedCall());
        calls.push(...group.map((call) => call.callId));
        const written = Promise.all(group.map((call) => journal.close(call, longMs)));
        for (const each of readers) {
          const batch = each.reader.readBatch(journal.streamId, each.cursor, 700, noLimit);
          each.cursor = batch?.to ?? each.cursor;
          each.seen.push(...(batch?.rows ?? []).map((row) => row.callId));
        }
        await written;
      }
      for (const each of readers) {
        each.seen.push(
          ...(each.reader.readBatch(journal.streamId, each.cursor, 1e6, noLimit)?.rows ?? []).map((row) => row.callId),
        );
        each.reader.close();
        expect(each.seen).toEqual(calls);
      }
      expect(checkJournal(dir.path)).toMatchObject({ ok: true, rows: 30_000 });
      await journal.stop();
    },
  );

  it('goes on with the new file after the old one was set aside', async () => {
    const first = await startTestJournal(dir.path);
    await Promise.all(Array.from({ length: 300 }, () => first.close(endedCall(), longMs)));
    await first.stop();
    const before = readAll(first.streamId, 0, 1000).seqs;
    damagePage(journalPath(dir.path), 'last-leaf');
    const second = await startTestJournal(dir.path);
    await second.close(endedCall(), longMs);
    const after = readAll(first.streamId, 0, 1000).seqs;
    expect(before).toHaveLength(300);
    expect(after.length).toBeGreaterThan(280);
    expect(before).toEqual(expect.arrayContaining(after));
    expect(readAll(second.streamId, 0, 1000).seqs).toEqual([301]);
    expect(reader.streams().map((stream) => stream.streamId)).toEqual([first.streamId, second.streamId]);
    await second.stop();
  });

  it('goes on with the new file after the old one was deleted', async () => {
    const first = await startTestJournal(dir.path);
    await first.close(endedCall(), longMs);
    await first.stop();
    expect(reader.lastSeq()).toBe(1);
    rmSync(journalPath(dir.path));
    expect(reader.lastSeq()).toBe(0);
    const second = await startTestJournal(dir.path);
    await second.close(endedCall(), longMs);
    expect(readAll(second.streamId, 0, 10).seqs).toEqual([1]);
    await second.stop();
  });
});
