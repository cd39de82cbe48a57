/**
 * Opening `journal.db`. An existing file is looked at through a read-only connection first: a read-write one would checkpoint the file of a
 * newer version, or build on a damaged one.
 */
import Database from 'better-sqlite3';
import { existsSync, statSync } from 'node:fs';
import { ensurePrivateFile } from './files.ts';
import { JournalFault } from './faults.ts';
import { migrate, migrations, newestVersion, schemaVersion } from './migrations/migrate.ts';
import type { Migration } from './migrations/migration.ts';

/** Older ones can lose pages when a checkpoint races a log reset: https://sqlite.org/wal.html#walresetbug */
const oldestLibrary = [3, 51, 3] as const;
const busyMs = 1000;
const walLimitBytes = 16 * 1024 * 1024;
const tables = ['calls', 'deliveries', 'epochs', 'meta', 'open_calls'];

/** Throws {@link JournalFault} `corrupt` or `newer`, or the driver's error. */
export function openDatabase(
  path: string,
  synchronous: 'FULL' | 'NORMAL',
  steps: readonly Migration[] = migrations,
): Database.Database {
  assertLibrary();
  if (existsSync(`${path}-journal`)) rollBack(path);
  if (existsSync(path) && statSync(path).size > 0) inspect(path, steps);
  ensurePrivateFile(path);
  const database = new Database(path, { timeout: busyMs });
  try {
    configure(database, synchronous);
    migrate(database, steps);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

export function assertLibrary(): void {
  const database = new Database(':memory:');
  const version = database.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '';
  database.close();
  const parts = version.split('.').map(Number);
  for (const [index, least] of oldestLibrary.entries()) {
    const part = parts[index] ?? 0;
    if (part > least) return;
    if (part < least)
      throw new Error(`SQLite ${version} is too old: the journal needs ${oldestLibrary.join('.')} or newer`);
  }
}

function configure(database: Database.Database, synchronous: 'FULL' | 'NORMAL'): void {
  database.pragma('auto_vacuum = INCREMENTAL'); // takes effect on an empty file only
  if (database.pragma('journal_mode = WAL', { simple: true }) !== 'wal')
    throw new JournalFault('io', 'The write-ahead log cannot be used on this disk');
  database.pragma(`synchronous = ${synchronous}`);
  database.pragma('wal_autocheckpoint = 0'); // the writer checkpoints itself, after it has answered
  database.pragma(`journal_size_limit = ${walLimitBytes}`);
  database.pragma('foreign_keys = OFF');
  database.pragma('temp_store = MEMORY');
  database.pragma('cache_size = -8000');
  database.pragma('mmap_size = 0'); // a mapped file turns a disk fault into SIGBUS
}

/**
 * A file killed while it was being created, before it had a write-ahead log: the half-made change stands in a rollback journal, which a
 * read-only connection may not undo (SQLITE_READONLY_ROLLBACK).
 */
function rollBack(path: string): void {
  const database = new Database(path, { timeout: busyMs });
  try {
    database.pragma('schema_version');
  } finally {
    database.close();
  }
}

function inspect(path: string, steps: readonly Migration[]): void {
  const database = new Database(path, { readonly: true, timeout: busyMs });
  try {
    const version = schemaVersion(database);
    const found = database
      .prepare<[], string>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
      )
      .pluck()
      .all();
    if (version > newestVersion(steps)) throw newerOrDamaged(database, version, found);
    const expected = version === 0 ? [] : tables;
    if (expected.some((name) => !found.includes(name)) || (version === 0 && found.length > 0)) {
      throw new JournalFault('corrupt', `the tables do not fit schema version ${version}`);
    }
    const verdict = database.prepare<[], string>('PRAGMA quick_check(1)').pluck().get() ?? 'no answer';
    if (verdict !== 'ok') throw new JournalFault('corrupt', verdict);
  } finally {
    database.close();
  }
}

/** A flipped bit in `user_version` looks like a newer schema; a real one says the same number in its meta table. */
function newerOrDamaged(database: Database.Database, version: number, found: readonly string[]): JournalFault {
  const said = found.includes('meta')
    ? database.prepare<[], string>("SELECT value FROM meta WHERE name = 'schema'").pluck().get()
    : undefined;
  if (said !== String(version))
    return new JournalFault('corrupt', `the schema version ${version} is not what the file says elsewhere`);
  return new JournalFault(
    'newer',
    `journal.db has schema version ${version}; this version of the product knows up to ${newestVersion()}`,
  );
}
