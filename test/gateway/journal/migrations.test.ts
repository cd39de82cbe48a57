import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../gateway/journal/database.ts';
import { journalPath } from '../../../gateway/journal/files.ts';
import { migrations } from '../../../gateway/journal/migrations/migrate.ts';
import { openJournalReader } from '../../../gateway/journal/reader.ts';
import { endedCall, freshDataDir, rawRows, startTestJournal, withFile, type DataDir } from './journal-kit.ts';
import { laterMigrations } from './later-migrations.ts';

const upgrader = fileURLToPath(new URL('later-migrations.ts', import.meta.url));
let dir: DataDir;
beforeEach(() => {
  dir = freshDataDir();
});
afterEach(() => {
  dir[Symbol.dispose]();
});

async function journalWithRows(count: number): Promise<void> {
  const journal = await startTestJournal(dir.path);
  await Promise.all(Array.from({ length: count }, () => journal.close(endedCall(), 10_000)));
  await journal.stop();
}

const versionOf = (): number =>
  withFile(dir.path, (database) => Number(database.pragma('user_version', { simple: true })));
const columnsOf = (): string[] =>
  withFile(dir.path, (database) =>
    database.prepare<[], string>("SELECT name FROM pragma_table_info('calls')").pluck().all(),
  );
const hash = (): string =>
  createHash('sha256')
    .update(readFileSync(journalPath(dir.path)))
    .digest('hex');

describe('the schema', () => {
  it('is numbered without gaps and every table is STRICT', async () => {
    await journalWithRows(1);
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
    const loose = withFile(dir.path, (database) =>
      database
        .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'")
        .all(),
    );
    expect(loose).toEqual([]);
  });

  it('keeps the rows of an older version when it grows', async () => {
    await journalWithRows(5);
    const before = rawRows(dir.path);
    openDatabase(journalPath(dir.path), 'FULL', laterMigrations).close();
    expect(versionOf()).toBe(laterMigrations.length);
    expect(rawRows(dir.path)).toEqual(before);
  });

  it('is the old one or the new one after a kill in the middle, and the next start finishes', async () => {
    await journalWithRows(50);
    const before = rawRows(dir.path);
    const oldColumns = columnsOf();
    for (const [point, version] of [
      ['journal.migration:1', 1],
      ['journal.afterMigration:1', 2],
      ['journal.migration:1', 2],
    ] as const) {
      const run = spawnSync(process.execPath, [upgrader, journalPath(dir.path)], {
        env: { ...process.env, AISM_CRASH_AT: point },
      });
      expect(run.signal).toBe('SIGKILL');
      expect(versionOf()).toBe(version);
      expect(columnsOf()).toEqual(version === 1 ? oldColumns : [...oldColumns, 'later']);
    }
    const run = spawnSync(process.execPath, [upgrader, journalPath(dir.path)]);
    expect([run.status, versionOf()]).toEqual([0, 3]);
    expect(rawRows(dir.path)).toEqual(before);
  });
});

describe('a journal of a newer version', () => {
  it('is refused in words and left untouched, while calls are still answered', async () => {
    await journalWithRows(3);
    openDatabase(journalPath(dir.path), 'FULL', laterMigrations).close();
    const before = hash();
    const journal = await startTestJournal(dir.path);
    expect(journal.health()).toMatchObject({
      state: 'degraded',
      quarantined: null,
      detail: expect.stringContaining('schema version 3'),
    });
    expect(await journal.close(endedCall(), 20)).toMatchObject({ durable: false });
    await journal.stop();
    expect(hash()).toBe(before);
  });

  it('is left untouched too when its last commit is in the log only', async () => {
    await journalWithRows(3);
    const run = spawnSync(process.execPath, [upgrader, journalPath(dir.path)], {
      env: { ...process.env, AISM_CRASH_AT: 'journal.afterMigration:2' },
    });
    expect(run.signal).toBe('SIGKILL');
    const before = [
      hash(),
      createHash('sha256')
        .update(readFileSync(`${journalPath(dir.path)}-wal`))
        .digest('hex'),
    ];
    await (await startTestJournal(dir.path)).stop();
    expect([
      hash(),
      createHash('sha256')
        .update(readFileSync(`${journalPath(dir.path)}-wal`))
        .digest('hex'),
    ]).toEqual(before);
    expect(versionOf()).toBe(3);
  });
});

describe('a file that is no journal', () => {
  it('is set aside', async () => {
    const other = new Database(journalPath(dir.path));
    other.exec('CREATE TABLE recipes (name TEXT)');
    other.close();
    const journal = await startTestJournal(dir.path);
    expect(await journal.close(endedCall(), 10_000)).toMatchObject({ durable: true, seq: 1 });
    expect(journal.health().quarantined).toMatch(/^journal\.corrupt-/);
    await journal.stop();
  });

  it('with a flipped schema number is damaged, not newer', async () => {
    await journalWithRows(20);
    const file = new Database(journalPath(dir.path));
    file.pragma('user_version = 65');
    file.close();
    const journal = await startTestJournal(dir.path);
    expect(journal.health()).toMatchObject({
      state: 'ok',
      quarantined: expect.stringMatching(/^journal\.corrupt-/),
      rows: 20,
    });
    await journal.stop();
    const reader = openJournalReader(dir.path);
    expect(reader.lastSeq()).toBe(20);
    reader.close();
  });
});
