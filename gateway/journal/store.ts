/**
 * The journal's tables. Invariants:
 * - A close removes the running row and adds the ended one in one transaction.
 * - `seq` is given here, in commit order, without gaps; it grows across epochs, so one number orders the whole file.
 * - An epoch is one stream of a destination. Every run of the gateway writes under its own, so rows of a file that was put back from a
 *   backup, copied, or lost its log can never be taken for rows a destination already has (ARCHITECTURE §4).
 * - The identity of the rows is the file's own. It is written once and never changed: a destination knows a row by it.
 * - Writing a batch again is harmless: a row whose call is already there keeps its first place.
 */
import type { Database } from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { crashPoint } from './crash-point.ts';
import { keepIdentity } from './identity.ts';
import type { Batch, ClosedRow, Placed, StoreStats } from './protocol.ts';
import { heldAt, leftBetween, sharedClockMs, withHeld } from './held.ts';
import { openRowChecksum, rowChecksum } from './row-checksum.ts';

export interface StoreOptions {
  readonly installId: string; // for a file that has no identity yet
  readonly installCopy: string | null;
  readonly run: string;
  readonly epoch: string;
  readonly minSeq: number; // highest seq this run has seen
}

export class JournalStore {
  readonly database: Database;
  readonly epoch: string;
  readonly installId: string;
  readonly #run: string;
  readonly #sql: Statements;
  #nextSeq: number;
  #epochKnown: boolean;
  #rows: number;

  constructor(database: Database, options: StoreOptions) {
    this.database = database;
    this.#run = options.run;
    this.#sql = prepare(database);
    const known = Number(this.#sql.lastSeq.get() ?? 0);
    // Fewer rows than this run has already written: the file was replaced under us, so its numbers may be in a destination already.
    this.epoch = known < options.minSeq ? randomUUID() : options.epoch;
    this.#nextSeq = Math.max(known, options.minSeq) + 1;
    this.#epochKnown = this.#sql.epochExists.get(this.epoch) !== undefined;
    this.#rows = Number(this.#sql.countRows.get() ?? 0);
    this.installId = keepIdentity(database, options);
  }

  /** One transaction; ended rows beyond `roomBytes` are refused (seq 0). */
  commit(batch: Batch, roomBytes: number): readonly Placed[] {
    const before = this.lastSeq();
    let writtenMs = 0;
    const placed = this.transact(() => {
      writtenMs = sharedClockMs(); // it may have waited for the file
      return this.#write(batch, roomBytes, writtenMs);
    });
    const endedMs = sharedClockMs();
    const late = leftBetween(batch, writtenMs, endedMs).filter((index) => (placed[index]?.seq ?? 0) > before);
    if (late.length > 0) this.#correct(batch, placed, late, endedMs);
    return placed;
  }

  /** Rows that nobody has been told of yet: their answers left while they were being written. */
  #correct(batch: Batch, placed: readonly Placed[], late: readonly number[], nowMs: number): void {
    try {
      this.transact(() => {
        for (const index of late) {
          const row = batch.closes[index];
          const place = placed[index];
          if (row === undefined || place === undefined || place.epoch !== undefined) continue; // not one of this run
          const sealed = seal(
            { ...row, record: withHeld(row.record, heldAt(batch, index, nowMs)) },
            place.seq,
            this.epoch,
          );
          this.#sql.correctCall.run(sealed.record, rowChecksum(sealed), sealed.seq);
        }
      });
    } catch {
      // The rows are safe, and their times too short by a part of the hold. What is wrong with the disk is told by the next commit.
    }
  }

  /** Runs `work` in one transaction; the numbers it gave go back with it when it fails. Throws the driver's error. */
  transact<T>(work: () => T): T {
    const before = { nextSeq: this.#nextSeq, epochKnown: this.#epochKnown, rows: this.#rows };
    this.#sql.begin.run();
    try {
      const result = work();
      crashPoint('journal.beforeCommit');
      this.#sql.commit.run();
      crashPoint('journal.afterCommit');
      return result;
    } catch (error) {
      if (this.database.inTransaction) this.#sql.rollback.run();
      this.#nextSeq = before.nextSeq;
      this.#epochKnown = before.epochKnown;
      this.#rows = before.rows;
      throw error;
    }
  }

  /** Adds an ended row within the caller's transaction. */
  insert(row: ClosedRow): Placed {
    const seq = this.#nextSeq;
    if (!this.#epochKnown) this.#sql.insertEpoch.run(seq, this.epoch, row.closedMs);
    this.#epochKnown = true;
    const sealed = seal(row, seq, this.epoch);
    try {
      this.#sql.insertCall.run(
        seq,
        this.epoch,
        row.callId,
        row.startedMs,
        row.closedMs,
        row.sample,
        row.record,
        rowChecksum(sealed),
      );
    } catch (error) {
      const known = isTaken(error) ? this.#knownPlace(row.callId) : null;
      if (known === null) throw error;
      return known;
    }
    this.#rows += 1;
    this.#nextSeq += 1;
    return { seq };
  }

  /** Returns when the disk took a write; throws the driver's error. */
  writeProbe(): void {
    this.transact(() => this.#sql.setMeta.run('probed_at', new Date().toISOString()));
  }

  lastSeq(): number {
    return this.#nextSeq - 1;
  }

  rowsRemoved(count: number): void {
    this.#rows -= count;
  }

  /** Bytes of pages in use: free pages inside the file are used again before it grows. */
  usedBytes(): number {
    const { pageCount, freePages, pageSize } = this.#sql;
    return (Number(pageCount.get()) - Number(freePages.get())) * Number(pageSize.get());
  }

  stats(deliveredFloor: number, reserveHeld: boolean): StoreStats {
    const lastSeq = this.lastSeq();
    return {
      rows: this.#rows,
      openRows: Number(this.#sql.countOpen.get() ?? 0),
      bytes: this.usedBytes(),
      lastSeq,
      undeliveredRows: Math.min(this.#rows, Math.max(0, lastSeq - deliveredFloor)),
      reserveHeld,
    };
  }

  /** Of a call that has its row already: its batch is being written again, or it was closed twice. */
  #knownPlace(callId: string): Placed | null {
    const found = this.#sql.findCall.get(callId);
    if (found === undefined) return null;
    return found.epoch === this.epoch ? { seq: found.seq } : found;
  }

  #write(batch: Batch, roomBytes: number, nowMs: number): Placed[] {
    const sql = this.#sql;
    const now = Date.now();
    let room = roomBytes;
    for (const { destination, seq } of batch.delivered) sql.setDelivered.run(destination, seq, now);
    for (const { callId, startedMs, record } of room > 0 ? batch.opens : [])
      sql.open.run(callId, this.#run, startedMs, record, openRowChecksum(callId, record));
    for (const { callId, record } of batch.progress) sql.progress.run(record, openRowChecksum(callId, record), callId);
    return batch.closes.map((row, index) => {
      sql.deleteOpen.run(row.callId);
      room -= row.record.length;
      if (room < 0) return this.#knownPlace(row.callId) ?? { seq: 0 };
      return this.insert({ ...row, record: withHeld(row.record, heldAt(batch, index, nowMs)) });
    });
  }
}

/** A row with its place: what its checksum is made of. */
const seal = (row: ClosedRow, seq: number, epoch: string) => ({
  seq,
  epoch,
  call_id: row.callId,
  started_ms: row.startedMs,
  closed_ms: row.closedMs,
  sample: row.sample,
  record: row.record,
});

type Statements = ReturnType<typeof prepare>;

interface KnownPlace {
  readonly seq: number;
  readonly epoch: string;
}

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'SQLITE_CONSTRAINT_UNIQUE';

function prepare(database: Database) {
  const number = (text: string) => database.prepare<[], number>(text).pluck();
  return {
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    rollback: database.prepare('ROLLBACK'),
    insertCall: database.prepare(
      'INSERT INTO calls (seq, epoch, call_id, started_ms, closed_ms, sample, record, crc) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    correctCall: database.prepare('UPDATE calls SET record = ?, crc = ? WHERE seq = ?'),
    findCall: database.prepare<[string], KnownPlace>('SELECT seq, epoch FROM calls WHERE call_id = ?'),
    insertEpoch: database.prepare('INSERT INTO epochs (first_seq, epoch, started_ms) VALUES (?, ?, ?)'),
    epochExists: database.prepare<[string], number>('SELECT first_seq FROM epochs WHERE epoch = ?').pluck(),
    open: database.prepare(
      'INSERT OR REPLACE INTO open_calls (call_id, run, started_ms, record, crc) VALUES (?, ?, ?, ?, ?)',
    ),
    progress: database.prepare('UPDATE open_calls SET record = ?, crc = ? WHERE call_id = ?'),
    deleteOpen: database.prepare('DELETE FROM open_calls WHERE call_id = ?'),
    setDelivered: database.prepare('INSERT OR REPLACE INTO deliveries (destination, seq, updated_ms) VALUES (?, ?, ?)'),
    setMeta: database.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)'),
    lastSeq: number(
      "SELECT MAX(seq) FROM (SELECT seq FROM sqlite_sequence WHERE name = 'calls' UNION ALL SELECT MAX(seq) FROM calls)",
    ),
    countRows: number('SELECT COUNT(*) FROM calls'),
    countOpen: number('SELECT COUNT(*) FROM open_calls'),
    pageCount: number('PRAGMA page_count'),
    freePages: number('PRAGMA freelist_count'),
    pageSize: number('PRAGMA page_size'),
  };
}
