/** Running calls of a dead run are closed as `interrupted` with the last usage they reported (P3). */
import { z } from 'zod';
import { isSample, type Outcome } from '../../contract/usage-record.ts';
import type { ClosedRow, Recovery } from './protocol.ts';
import { isIntactOpen, type OpenRow } from './row-checksum.ts';
import type { JournalStore } from './store.ts';
import type { JournalState } from './state-file.ts';
import { crashPoint } from './crash-point.ts';

/** Loose, because an older version of the product may have opened the row. */
const OpenRecord = z.looseObject({ tags: z.record(z.string(), z.string()) });

/**
 * Rows of `currentRun` still run and stay. Others belong to the run that wrote last, unless the file is older than what that run is known to have
 * written (`last`), or was written by another one: then the journal was put back from elsewhere, what became of those calls stood in a file
 * that is gone and may have been delivered, so they are forgotten instead of told twice.
 */
export function recover(store: JournalStore, currentRun: string, last: JournalState | null): Recovery {
  crashPoint('journal.beforeRecovery');
  const { database } = store;
  const rows = database
    .prepare<[string], OpenRow>(
      'SELECT call_id, run, started_ms, record, crc FROM open_calls WHERE run <> ? ORDER BY rowid',
    )
    .all(currentRun);
  if (rows.length === 0) return { interrupted: 0, forgotten: 0 };
  const isWhole = last === null || store.lastSeq() >= last.lastSeq;
  const isTrusted = (row: OpenRow): boolean => last === null || (isWhole && last.run === row.run);
  const interrupted = rows.filter(isTrusted).flatMap(toInterrupted);
  store.transact(() => {
    for (const row of interrupted) store.insert(row);
    database.prepare('DELETE FROM open_calls WHERE run <> ?').run(currentRun);
  });
  crashPoint('journal.afterRecovery');
  return { interrupted: interrupted.length, forgotten: rows.length - interrupted.length };
}

function toInterrupted(row: OpenRow): ClosedRow[] {
  if (!isIntactOpen(row)) return [];
  const record = OpenRecord.parse(JSON.parse(row.record)); // intact, so it is what we wrote
  const ended = { ...record, outcome: 'interrupted' satisfies Outcome, durationMs: null };
  return [
    {
      callId: row.call_id,
      startedMs: row.started_ms,
      closedMs: Date.now(),
      sample: isSample(record) ? 1 : 0,
      record: JSON.stringify(ended),
    },
  ];
}
