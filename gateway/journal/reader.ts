/**
 * The journal for the warehouse process: a read-only connection, short reads, reopened when the file at the path is another one (quarantine,
 * a restored backup). It never sees half a transaction and never writes.
 */
import Database from 'better-sqlite3';
import { statSync } from 'node:fs';
import { AppError } from '../../contract/errors.ts';
import { UsageRecord } from '../../contract/usage-record.ts';
import { journalPath } from './files.ts';
import type { JournalBatch, JournalPending, JournalReader, JournalStream } from './journal.ts';
import { isIntact, type SealedRow } from './row-checksum.ts';

const busyMs = 1000;
const pendingSample = 5_000;

/** Opens lazily, so the file need not exist yet. */
export function openJournalReader(dataDir: string): JournalReader {
  return new FileReader(dataDir);
}

interface Connection {
  readonly inode: bigint;
  readonly database: Database.Database;
  readonly sql: ReturnType<typeof prepare>;
  readonly installId: string;
}

interface Epoch {
  readonly first_seq: number;
  readonly epoch: string;
}

class FileReader implements JournalReader {
  readonly #path: string;
  #connection: Connection | null = null;

  constructor(dataDir: string) {
    this.#path = journalPath(dataDir);
  }

  streams(): readonly JournalStream[] {
    return this.#read(streamsOf) ?? [];
  }

  readBatch(streamId: string, afterSeq: number, maxRows: number, maxBytes: number): JournalBatch | null {
    return this.#read((connection) => batchOf(connection, streamId, afterSeq, maxRows, maxBytes));
  }

  pending(streamId: string, afterSeq: number): JournalPending | null {
    return this.#read((connection) => pendingOf(connection, streamId, afterSeq));
  }

  remembered(destination: string): number {
    return this.#read(({ sql }) => Number(sql.remembered.get(destination) ?? 0)) ?? 0;
  }

  oldest(): ReturnType<JournalReader['oldest']> {
    return this.#read(({ sql }) => sql.oldest.get() ?? null);
  }

  lastSeq(): number {
    return this.#read(({ sql }) => Number(sql.lastSeq.get() ?? 0)) ?? 0;
  }

  close(): void {
    this.#connection?.database.close();
    this.#connection = null;
  }

  /** One consistent look at the file; null when there is no journal. */
  #read<T>(look: (connection: Connection) => T): T | null {
    try {
      const connection = this.#current();
      return connection === null ? null : connection.database.transaction(() => look(connection))();
    } catch (cause) {
      this.close();
      throw new AppError(
        'journal_unavailable',
        `The journal cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      );
    }
  }

  #current(): Connection | null {
    const inode = statSync(this.#path, { bigint: true, throwIfNoEntry: false })?.ino;
    if (this.#connection !== null && this.#connection.inode !== inode) this.close();
    if (inode === undefined) return null;
    this.#connection ??= connect(this.#path, inode);
    return this.#connection;
  }
}

/** Null while the file has no tables yet. */
function connect(path: string, inode: bigint): Connection | null {
  const database = new Database(path, { readonly: true, timeout: busyMs });
  try {
    if (Number(database.pragma('user_version', { simple: true })) === 0) {
      database.close();
      return null;
    }
    const sql = prepare(database);
    const installId = sql.installId.get();
    if (installId !== undefined) return { inode, database, sql, installId };
    database.close();
    return null;
  } catch (error) {
    database.close();
    throw error;
  }
}

function streamsOf({ sql, installId }: Connection): JournalStream[] {
  const epochs = sql.epochs.all();
  const lastSeq = Number(sql.lastSeq.get() ?? 0);
  return epochs.map(({ first_seq: firstSeq, epoch }, index) => ({
    streamId: `${installId}:${epoch}`,
    firstSeq,
    lastSeq: (epochs[index + 1]?.first_seq ?? lastSeq + 1) - 1,
  }));
}

/** One stream found by its epoch: a journal may hold hundreds, and delivery asks for each in turn. */
function streamOf({ sql, installId }: Connection, streamId: string): JournalStream | null {
  if (!streamId.startsWith(`${installId}:`)) return null;
  const firstSeq = sql.firstSeq.get(streamId.slice(installId.length + 1));
  if (firstSeq === undefined) return null;
  const next = sql.nextFirstSeq.get(firstSeq);
  return { streamId, firstSeq, lastSeq: (next ?? Number(sql.lastSeq.get() ?? 0) + 1) - 1 };
}

function batchOf(
  connection: Connection,
  streamId: string,
  afterSeq: number,
  maxRows: number,
  maxBytes: number,
): JournalBatch | null {
  const stream = streamOf(connection, streamId);
  if (stream === null || stream.lastSeq <= afterSeq) return null;
  const rows: UsageRecord[] = [];
  const damaged: number[] = [];
  let to = stream.lastSeq;
  let bytes = 0;
  for (const row of connection.sql.rows.iterate(Math.max(afterSeq, stream.firstSeq - 1), stream.lastSeq)) {
    if (
      rows.length + damaged.length > 0 &&
      (rows.length + damaged.length >= maxRows || bytes + row.record.length > maxBytes)
    ) {
      to = row.seq - 1;
      break;
    }
    bytes += row.record.length;
    const record = toRecord(row, streamId);
    if (record === null) damaged.push(row.seq);
    else rows.push(record);
  }
  return { streamId, from: afterSeq, to, rows, damaged };
}

function pendingOf(connection: Connection, streamId: string, afterSeq: number): JournalPending | null {
  const { sql } = connection;
  const stream = streamOf(connection, streamId);
  if (stream === null || stream.lastSeq <= afterSeq) return null;
  const after = Math.max(afterSeq, stream.firstSeq - 1);
  const sample = sql.sample.get(after, stream.lastSeq, pendingSample);
  return {
    rows: stream.lastSeq - after,
    sampledRows: sample?.sampled ?? 0,
    sampledBytes: sample?.bytes ?? 0,
    firstStartedMs: sql.firstStarted.get(after, stream.lastSeq) ?? null,
  };
}

/** Null for a row that is not what was written, or not a usage record. */
function toRecord(row: SealedRow, streamId: string): UsageRecord | null {
  if (!isIntact(row) || !streamId.endsWith(row.epoch)) return null;
  const parsed = UsageRecord.safeParse({ ...JSON.parse(row.record), streamId, seq: row.seq });
  return parsed.success ? parsed.data : null;
}

function prepare(database: Database.Database) {
  return {
    epochs: database.prepare<[], Epoch>('SELECT first_seq, epoch FROM epochs ORDER BY first_seq'),
    firstSeq: database.prepare<[string], number>('SELECT first_seq FROM epochs WHERE epoch = ?').pluck(),
    nextFirstSeq: database
      .prepare<[number], number>('SELECT first_seq FROM epochs WHERE first_seq > ? ORDER BY first_seq LIMIT 1')
      .pluck(),
    lastSeq: database
      .prepare<[], number>(
        "SELECT MAX(seq) FROM (SELECT seq FROM sqlite_sequence WHERE name = 'calls' UNION ALL SELECT MAX(seq) FROM calls)",
      )
      .pluck(),
    rows: database.prepare<[number, number], SealedRow>('SELECT * FROM calls WHERE seq > ? AND seq <= ? ORDER BY seq'),
    // octet_length needs the row's header only, so no record is loaded.
    sample: database.prepare<[number, number, number], { readonly sampled: number; readonly bytes: number }>(
      `SELECT COUNT(*) AS sampled, COALESCE(SUM(size), 0) AS bytes
       FROM (SELECT octet_length(record) AS size FROM calls WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?)`,
    ),
    firstStarted: database
      .prepare<[number, number], number>('SELECT started_ms FROM calls WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT 1')
      .pluck(),
    oldest: database.prepare<[], NonNullable<ReturnType<JournalReader['oldest']>>>(
      `SELECT seq, started_ms AS startedMs,
         COALESCE((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'sample_removed'), 0) AS removedSample
       FROM calls ORDER BY seq LIMIT 1`,
    ),
    remembered: database.prepare<[string], number>('SELECT seq FROM deliveries WHERE destination = ?').pluck(),
    installId: database.prepare<[], string>("SELECT value FROM meta WHERE name = 'install_id'").pluck(),
  };
}
