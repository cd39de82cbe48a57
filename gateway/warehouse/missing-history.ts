/**
 * What a database lacks that its journal cannot give back. The journal removes rows that every destination has; a database that was lost, emptied
 * or put back from an older copy is then poorer for good. That is found by positions at the start and remembered in the database itself, because
 * the next delivery moves them past the gap.
 */
import type { JournalReader } from '../journal/journal.ts';
import { historyTable, offsetTable } from './table.ts';
import type { Warehouse } from './warehouse.ts';

export interface MissingHistory {
  readonly foundMs: number;
  /** Calls that began before are incomplete. */
  readonly beforeMs: number;
  /** Name of the file set aside that may still hold them; null when there is none. */
  readonly file: string | null;
}

export async function readMissing(warehouse: Pick<Warehouse, 'query'>): Promise<readonly MissingHistory[]> {
  const rows = await warehouse.query(
    `SELECT found_ms, before_ms, file FROM ${historyTable} ORDER BY before_ms DESC, found_ms`,
    [],
  );
  return rows.map((row) => ({
    foundMs: Number(row['found_ms']),
    beforeMs: Number(row['before_ms']),
    file: typeof row['file'] === 'string' ? row['file'] : null,
  }));
}

/** When the first row that the journal still has began, where rows before it are neither here nor there; null when nothing is missing. */
export async function missingBefore(
  warehouse: Pick<Warehouse, 'query'>,
  journal: Pick<JournalReader, 'streams' | 'oldest'>,
): Promise<number | null> {
  const oldest = journal.oldest();
  const [stream] = journal.streams();
  if (oldest === null || stream === undefined) return null;
  const cursors = await warehouse.query(`SELECT stream_id, last_seq FROM ${offsetTable}`, []);
  // Rows before the first one of a stream belonged to streams that the journal has forgotten since.
  const counted =
    oldest.seq > stream.firstSeq ? cursors.filter((row) => row['stream_id'] === stream.streamId) : cursors;
  const taken = Math.max(0, ...counted.map((row) => Number(row['last_seq'])));
  const first = oldest.seq > stream.firstSeq ? stream.firstSeq - 1 : 0;
  const missing = oldest.seq - 1 - Math.max(taken, first);
  return missing > oldest.removedSample ? oldest.startedMs : null;
}

const saidForMs = 30 * 86_400_000;

/** For people; null when nothing is missing, or it has been said long enough. */
export function describeMissing(missing: readonly MissingHistory[], nowMs: number): string | null {
  const [newest] = missing.filter(({ foundMs }) => nowMs - foundMs < saidForMs);
  if (newest === undefined) return null;
  const before = new Date(newest.beforeMs).toISOString();
  const why =
    newest.file === null
      ? 'the database was removed, emptied or put back from an older copy, and the journal no longer has them'
      : `they may be in ${newest.file}, which was set aside because it cannot be read whole`;
  return `Calls from before ${before} are missing or incomplete: ${why}`;
}
