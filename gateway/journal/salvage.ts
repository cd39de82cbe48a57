/** Copies what can be read of a damaged journal, row by row, each proven by its checksum, under its old stream and seq. */
import Database from 'better-sqlite3';
import {
  copyFileSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { crashPoint } from './crash-point.ts';
import { openDatabase } from './database.ts';
import { companions } from './files.ts';
import { takeIdentityOver } from './identity.ts';
import { isIntact, isIntactOpen, type OpenRow, type SealedRow } from './row-checksum.ts';
import { isDriverError, readableRows } from './scan.ts';

const chunkRows = 2000;

export interface Salvage {
  readonly rows: number;
  readonly unreadable: number; // seqs between the first and the highest known one without an intact row (removed ones included)
  readonly highestSeq: number;
}

/** @param path the file set aside; it is only read. Throws only what writing into `journal` throws. */
export function salvage(path: string, journal: Database.Database): Salvage {
  const source = openSource(path);
  if (source === null) return { rows: 0, unreadable: 0, highestSeq: 0 };
  try {
    takeIdentityOver(source.database, journal);
    const given = lastGiven(source.database);
    const copied = copyRows(source.database, journal);
    copyOpenRows(source.database, journal);
    const highestSeq = Math.max(given, copied.last);
    return {
      rows: copied.rows,
      unreadable: copied.rows === 0 ? highestSeq : highestSeq - copied.first + 1 - copied.rows,
      highestSeq,
    };
  } finally {
    source.close();
  }
}

function copyRows(
  source: Database.Database,
  journal: Database.Database,
): { rows: number; first: number; last: number } {
  const insert = journal.prepare(
    'INSERT OR IGNORE INTO calls (seq, epoch, call_id, started_ms, closed_ms, sample, record, crc) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const insertEpoch = journal.prepare('INSERT OR IGNORE INTO epochs (first_seq, epoch, started_ms) VALUES (?, ?, ?)');
  const result = { rows: 0, first: 0, last: 0 };
  let epoch = '';
  const keep = journal.transaction((rows: readonly SealedRow[]) => {
    for (const row of rows) {
      if (row.epoch !== epoch) insertEpoch.run(row.seq, row.epoch, row.closed_ms);
      epoch = row.epoch;
      insert.run(row.seq, row.epoch, row.call_id, row.started_ms, row.closed_ms, row.sample, row.record, row.crc);
    }
    crashPoint('journal.salvage');
  });
  for (const rows of chunks(intactRows(source))) {
    keep(rows);
    journal.pragma('wal_checkpoint(PASSIVE)'); // a large file must not become a large log
    result.first ||= rows[0]?.seq ?? 0;
    result.rows += rows.length;
    result.last = rows.at(-1)?.seq ?? result.last;
  }
  return result;
}

function* intactRows(source: Database.Database): Generator<SealedRow> {
  try {
    for (const row of readableRows<SealedRow>(source, '*')) if (isIntact(row)) yield row;
  } catch (error) {
    if (!isDriverError(error)) throw error; // the table itself cannot be reached: no rows
  }
}

function* chunks<T>(items: Iterable<T>): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < chunkRows) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

function copyOpenRows(source: Database.Database, journal: Database.Database): void {
  const insert = journal.prepare(
    'INSERT OR IGNORE INTO open_calls (call_id, run, started_ms, record, crc) VALUES (?, ?, ?, ?, ?)',
  );
  const ended = journal.prepare<[string], number>('SELECT 1 FROM calls WHERE call_id = ?').pluck();
  for (const row of readOpenRows(source)) {
    if (!isIntactOpen(row) || ended.get(row.call_id) !== undefined) continue;
    insert.run(row.call_id, row.run, row.started_ms, row.record, row.crc);
  }
}

/** Few rows in a small table: read until the first damage. */
function readOpenRows(source: Database.Database): OpenRow[] {
  const rows: OpenRow[] = [];
  try {
    for (const row of source.prepare<[], OpenRow>('SELECT * FROM open_calls').iterate()) rows.push(row);
  } catch (error) {
    if (!isDriverError(error)) throw error;
  }
  return rows;
}

function lastGiven(source: Database.Database): number {
  try {
    const seq = source.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'calls'").pluck().get() ?? 0;
    return Number.isSafeInteger(seq) && seq > 0 && seq < 2 ** 48 ? seq : 0;
  } catch (error) {
    if (isDriverError(error)) return 0;
    throw error;
  }
}

interface Source {
  readonly database: Database.Database;
  close(): void;
}

/** The file itself, or else a copy with a new first page; null when neither shows a `calls` table. */
function openSource(path: string): Source | null {
  const direct = openReadable(path);
  if (direct !== null) return { database: direct, close: () => void direct.close() };
  const copy = join(dirname(path), 'journal.salvage.tmp');
  const clear = (): void => {
    for (const companion of [...companions, '']) rmSync(`${copy}${companion}`, { force: true });
  };
  clear();
  transplantFirstPage(path, copy);
  const repaired = openReadable(copy);
  if (repaired !== null) {
    return {
      database: repaired,
      close: () => {
        repaired.close();
        clear();
      },
    };
  }
  clear();
  return null;
}

function openReadable(path: string): Database.Database | null {
  let database: Database.Database | null = null;
  try {
    database = new Database(path, { readonly: true, timeout: 1000 });
    database.prepare('SELECT seq, epoch, call_id, started_ms, closed_ms, sample, record, crc FROM calls');
    return database;
  } catch (error) {
    database?.close();
    if (isDriverError(error)) return null;
    throw error;
  }
}

/**
 * The first page holds the file header and the list of tables. Both are the same in every journal of this schema, so a fresh journal's first
 * page opens a file whose own one is destroyed. What it then shows is believed row by row, by checksum only.
 * Header fields: https://sqlite.org/fileformat2.html#the_database_header
 */
function transplantFirstPage(path: string, copy: string): void {
  const fresh = `${copy}-fresh`;
  rmSync(fresh, { force: true });
  openDatabase(fresh, 'NORMAL').close();
  const page = readFileSync(fresh).subarray(0, 4096);
  rmSync(fresh, { force: true });
  copyFileSync(path, copy);
  if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
  const pages = Math.floor(statSync(copy).size / page.length);
  page.writeUInt32BE(pages, 28);
  const file = openSync(copy, 'r+');
  try {
    if (pages > 0 && readSync(file, Buffer.alloc(1)) > 0) writeSync(file, page, 0, page.length, 0);
  } finally {
    closeSync(file);
  }
}
