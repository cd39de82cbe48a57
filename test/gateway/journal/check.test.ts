import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkJournal } from '../../../gateway/journal/check.ts';
import { journalPath } from '../../../gateway/journal/files.ts';
import { seededRandom } from '../../../gateway/sample/answer-plan.ts';
import { damage } from './damage.ts';
import { endedCall, freshDataDir, runningCall, startTestJournal, type DataDir } from './journal-kit.ts';

const longMs = 10_000;
let dir: DataDir;
beforeEach(async () => {
  dir = freshDataDir();
  const journal = await startTestJournal(dir.path);
  for (const tags of [{}, {}, { aism: 'sample' }, {}]) await journal.close(endedCall({ tags }), longMs);
  journal.open(runningCall());
  journal.delivered('duckdb', 3);
  await journal.close(endedCall(), longMs);
  await journal.stop();
});
afterEach(() => {
  dir[Symbol.dispose]();
});

function change(sql: string): void {
  const file = new Database(journalPath(dir.path));
  file.exec(sql);
  file.close();
}

describe('the journal check', () => {
  it('finds nothing wrong with a sound journal, and changes nothing', () => {
    const hash = (): string =>
      createHash('sha256')
        .update(readFileSync(journalPath(dir.path)))
        .digest('hex');
    const before = hash();
    expect(checkJournal(dir.path)).toEqual({
      path: journalPath(dir.path),
      ok: true,
      problems: [],
      schemaVersion: 1,
      rows: 5,
      openRows: 1,
      firstSeq: 1,
      lastSeq: 5,
      gaps: [],
      removedSampleRows: 0,
      damagedSeqs: [],
      duplicateCalls: [],
      deliveries: [{ destination: 'duckdb', seq: 3 }],
      quarantined: [],
    });
    expect(hash()).toBe(before);
  });

  it('looks at a journal in use', async () => {
    const journal = await startTestJournal(dir.path);
    expect(checkJournal(dir.path)).toMatchObject({ ok: true, rows: 6 });
    await journal.stop();
  });

  it('explains the gap of removed sample rows', async () => {
    const journal = await startTestJournal(dir.path);
    await journal.removeSample();
    await journal.stop();
    expect(checkJournal(dir.path)).toMatchObject({ ok: true, gaps: [{ from: 3, to: 3 }], removedSampleRows: 1 });
  });

  it('names a gap nobody explains', () => {
    change('DELETE FROM calls WHERE seq = 2');
    expect(checkJournal(dir.path)).toMatchObject({
      ok: false,
      gaps: [{ from: 2, to: 2 }],
      problems: [expect.stringContaining('1 sequence numbers have no row')],
    });
  });

  it('names a row that is not what was written', () => {
    change("UPDATE calls SET record = replace(record, '480', '481') WHERE seq = 4");
    expect(checkJournal(dir.path)).toMatchObject({ ok: false, damagedSeqs: [4] });
  });

  it('names a position beyond the last row', () => {
    change('UPDATE deliveries SET seq = 999');
    expect(checkJournal(dir.path).problems).toEqual([
      'The position of duckdb is 999, but the last row ever written is 5.',
    ]);
  });

  it('reports a file it cannot read', () => {
    damage(journalPath(dir.path), 'first-page', seededRandom(1));
    expect(checkJournal(dir.path)).toMatchObject({ ok: false, problems: [expect.stringContaining('cannot be read')] });
  });

  it('reports that there is none', () => {
    const other = freshDataDir();
    expect(checkJournal(other.path)).toMatchObject({
      ok: false,
      problems: ['There is no journal in this data directory yet.'],
    });
    other[Symbol.dispose]();
  });
});
