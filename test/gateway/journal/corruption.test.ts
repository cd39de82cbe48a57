/** A damaged journal never stops the gateway, is set aside by name, and what can be read lives on under its old stream and number. */
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningJournal } from '../../../gateway/journal/client.ts';
import type { CloseResult, JournalRecord } from '../../../gateway/journal/journal.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { checkJournal } from '../../../gateway/journal/check.ts';
import { journalPath } from '../../../gateway/journal/files.ts';
import { openJournalReader } from '../../../gateway/journal/reader.ts';
import { seededRandom } from '../../../gateway/sample/answer-plan.ts';
import { runChild } from './child-runner.ts';
import { damage, damagePage, mutations, replaceBytes, scribble, type Mutation } from './damage.ts';
import { endedCall, freshDataDir, rawRows, startTestJournal, type DataDir, type RawRow } from './journal-kit.ts';

const longMs = 10_000;
const rounds = Number(process.env['AISM_TEST_CORRUPTION_ROUNDS'] ?? 6); // for each kind of damage

let dir: DataDir;
beforeEach(() => {
  dir = freshDataDir();
});
afterEach(() => {
  dir[Symbol.dispose]();
});

/** Everything a destination would get from this journal, by stream and seq. */
function delivered(dataDir: string): { rows: Map<string, string>; damaged: number } {
  const reader = openJournalReader(dataDir);
  const rows = new Map<string, string>();
  let damaged = 0;
  for (const { streamId } of reader.streams()) {
    for (
      let batch = reader.readBatch(streamId, 0, 500, 1e9);
      batch !== null;
      batch = reader.readBatch(streamId, batch.to, 500, 1e9)
    ) {
      damaged += batch.damaged.length;
      for (const { seq, ...row } of batch.rows) rows.set(`${streamId} ${seq}`, row.callId);
    }
  }
  reader.close();
  return { rows, damaged };
}

const healthy = (journal: RunningJournal): Promise<true> =>
  waitFor('the journal to heal', () => isWriting(journal) && journal.health().waitingRows === 0);

/** Rows that are gone for good are said, and hold up nothing. */
const isWriting = (journal: RunningJournal): boolean =>
  journal.health().state === 'ok' || journal.health().detail.startsWith('A damaged journal was set aside');

describe('seeded damage', () => {
  let template: DataDir;
  let original: RawRow[];
  beforeAll(async () => {
    template = freshDataDir();
    for (let run = 0; run < 2; run += 1)
      await runChild(template.path, { options: { calls: 300, synchronous: 'NORMAL' }, kill: null });
    // Killed, so that part of the rows is in the write-ahead log only.
    await runChild(template.path, { options: { workers: 20, synchronous: 'NORMAL' }, kill: 200 });
    const copy = freshDataDir();
    cpSync(template.path, copy.path, { recursive: true });
    original = rawRows(copy.path);
    copy[Symbol.dispose]();
  });
  afterAll(() => template[Symbol.dispose]());

  const cases = mutations.flatMap((mutation) =>
    Array.from({ length: rounds }, (_, seed) => [mutation, seed + 1] as const),
  );
  it.each(cases)(
    '%s, seed %i: starts, writes, and hands out nothing that was not written',
    { timeout: 30_000 },
    async (mutation: Mutation, seed) => {
      mkdirSync(dir.path, { recursive: true });
      for (const name of readdirSync(template.path).filter((entry) => !entry.endsWith('-shm')))
        copyFileSync(join(template.path, name), join(dir.path, name));
      damage(journalPath(dir.path), mutation, seededRandom(seed * 7919));

      const journal = await startTestJournal(dir.path);
      const call = endedCall();
      const result = await journal.close(call, longMs);
      const health = journal.health();
      await journal.stop();

      expect(result.durable).toBe(true);
      const isMissingSome = /could not be read|was lost or put back/.test(health.detail);
      expect(health.state).toBe(isMissingSome ? 'degraded' : 'ok');
      expect(health.quarantined === null || existsSync(join(dir.path, health.quarantined))).toBe(true);
      expect(readdirSync(dir.path).filter((name) => name.startsWith('journal.salvage'))).toEqual([]);
      const written = new Map(original.map((row) => [`test-install:${row.epoch} ${row.seq}`, row.call_id]));
      const { rows } = delivered(dir.path);
      const kept = [...written].filter(([place]) => rows.has(place));
      expect(kept.filter(([place, callId]) => rows.get(place) !== callId)).toEqual([]);
      const fresh = [...rows.values()].filter((callId) => callId === call.callId);
      expect(fresh).toHaveLength(1);
      expect(new Set(rows.values()).size).toBe(rows.size);
      // Local damage costs what it hit: with the first page gone, everything else is still found.
      expect(kept.length).toBeGreaterThanOrEqual(mutation === 'first-page' ? original.length : 0);
      expect(checkJournal(dir.path).duplicateCalls).toEqual([]);
    },
  );
});

describe('a damaged page', () => {
  it('costs its own rows; the others keep stream and number, and new rows get new ones', async () => {
    const first = await startTestJournal(dir.path);
    await Promise.all(Array.from({ length: 400 }, () => first.close(endedCall(), longMs)));
    const oldStream = first.streamId;
    await first.stop();
    const before = delivered(dir.path).rows;
    damagePage(journalPath(dir.path), 'last-leaf');

    const second = await startTestJournal(dir.path);
    const result = await second.close(endedCall(), longMs);
    const health = second.health();
    await second.stop();
    const after = delivered(dir.path).rows;
    const kept = [...before].filter(([place, callId]) => after.get(place) === callId).length;
    expect(health).toMatchObject({
      state: 'degraded',
      quarantined: expect.stringMatching(/^journal\.corrupt-.*\.db$/),
    });
    expect(health.detail).toContain(`${kept} rows were taken over`);
    expect(kept).toBeGreaterThan(380);
    expect(kept).toBeLessThan(400);
    expect(result).toMatchObject({ durable: true, seq: 401 });
    expect(result.streamId).not.toBe(oldStream);
  });

  it(
    'found while the gateway runs is handled on the spot, with no newly ended call lost',
    { timeout: 30_000 },
    async () => {
      const first = await startTestJournal(dir.path);
      await Promise.all(Array.from({ length: 3000 }, () => first.close(endedCall(), longMs)));
      await first.stop(); // all of it in the file, none in the log
      const journal = await startTestJournal(dir.path);
      const stream = journal.streamId;
      // From another process, as a failing disk would: closing the file here would drop the thread's locks.
      await scribble(journalPath(dir.path));
      const calls: JournalRecord[] = [];
      const closing: Promise<CloseResult>[] = [];
      journal.delivered('duckdb', 2000); // pruning reads pages that nobody has looked at since the start
      await waitFor('the damage to be found', () => {
        const call = endedCall();
        calls.push(call);
        closing.push(journal.close(call, longMs));
        return journal.health().quarantined !== null && calls.length > 50;
      });
      const results = await Promise.all(closing);
      await healthy(journal);
      const health = journal.health();
      await journal.stop();

      expect(results.every((result) => result.durable)).toBe(true);
      expect(health).toMatchObject({
        lostRows: 0,
        quarantined: expect.stringMatching(/^journal\.corrupt-/),
      });
      expect(journal.streamId).not.toBe(stream);
      const present = new Set(rawRows(dir.path).map((row) => row.call_id));
      expect(calls.filter((call) => !present.has(call.callId))).toEqual([]);
      expect(checkJournal(dir.path)).toMatchObject({ ok: true });
    },
  );
});

describe('a flipped bit inside a record', () => {
  it('is reported as damaged by the reader and by the check, and never delivered', async () => {
    const journal = await startTestJournal(dir.path);
    const call = endedCall({ outputTokens: 123_456_789 });
    await Promise.all([
      journal.close(endedCall(), longMs),
      journal.close(call, longMs),
      journal.close(endedCall(), longMs),
    ]);
    await journal.stop();
    replaceBytes(journalPath(dir.path), '123456789', '923456789');

    const reader = openJournalReader(dir.path);
    const [stream] = reader.streams();
    expect(reader.readBatch(stream?.streamId ?? '', 0, 10, 1e6)).toMatchObject({
      to: 3,
      damaged: [2],
      rows: [{ seq: 1 }, { seq: 3 }],
    });
    reader.close();
    expect(checkJournal(dir.path)).toMatchObject({ ok: false, damagedSeqs: [2] });
  });
});

describe('files set aside', () => {
  it('are kept, the newest three', async () => {
    for (let round = 0; round < 5; round += 1) {
      const journal = await startTestJournal(dir.path);
      await journal.close(endedCall(), longMs);
      await journal.stop();
      damage(journalPath(dir.path), 'first-page', seededRandom(1));
    }
    await (await startTestJournal(dir.path)).stop();
    expect(
      readdirSync(dir.path).filter((name) => name.startsWith('journal.corrupt-') && name.endsWith('.db')),
    ).toHaveLength(3);
    expect(rawRows(dir.path)).toHaveLength(5);
  });
});
