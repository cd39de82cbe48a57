/**
 * Does a warehouse hold each row once (P4)? A row's place is (stream, seq), so a stream is right when no seq is there twice and its position
 * is not behind its newest row. Gaps are no fault: removed sample rows, parked rows and retention leave them.
 */
import { factTable, offsetTable, parkedTable } from '../table.ts';
import type { SqlRow, Warehouse } from '../warehouse.ts';

export interface StreamAudit {
  readonly streamId: string;
  readonly rows: number;
  readonly duplicates: number;
  readonly parkedRows: number;
  readonly firstSeq: number | null;
  readonly lastSeq: number | null;
  /** The stream's position; null when the offset table has no row of it. */
  readonly position: number | null;
  /** In plain words; empty when all is well. */
  readonly problems: readonly string[];
}

const question = `WITH
  facts AS (
    SELECT stream_id, COUNT(*) AS row_count, COUNT(DISTINCT seq) AS seq_count, MIN(seq) AS first_seq, MAX(seq) AS last_seq
    FROM ${factTable} GROUP BY stream_id
  ),
  positions AS (SELECT stream_id, MAX(last_seq) AS position_seq FROM ${offsetTable} GROUP BY stream_id),
  parked AS (SELECT stream_id, COUNT(*) AS parked_count FROM ${parkedTable} GROUP BY stream_id),
  streams AS (SELECT stream_id FROM facts UNION SELECT stream_id FROM positions UNION SELECT stream_id FROM parked)
SELECT streams.stream_id AS stream_id, row_count, seq_count, first_seq, last_seq, position_seq, parked_count
FROM streams
LEFT JOIN facts ON facts.stream_id = streams.stream_id
LEFT JOIN positions ON positions.stream_id = streams.stream_id
LEFT JOIN parked ON parked.stream_id = streams.stream_id
ORDER BY streams.stream_id`;

export async function auditStreams(warehouse: Warehouse, signal?: AbortSignal): Promise<readonly StreamAudit[]> {
  return (await warehouse.query(question, [], signal)).map(toAudit);
}

function toAudit(row: SqlRow): StreamAudit {
  const rows = numberOrNull(row['row_count']) ?? 0;
  const audit = {
    streamId: String(row['stream_id']),
    rows,
    duplicates: rows - (numberOrNull(row['seq_count']) ?? 0),
    parkedRows: numberOrNull(row['parked_count']) ?? 0,
    firstSeq: numberOrNull(row['first_seq']),
    lastSeq: numberOrNull(row['last_seq']),
    position: numberOrNull(row['position_seq']),
  };
  return { ...audit, problems: problemsOf(audit) };
}

function problemsOf({ duplicates, lastSeq, position }: Omit<StreamAudit, 'problems'>): string[] {
  const problems: string[] = [];
  if (duplicates > 0) problems.push(`${duplicates} rows are there more than once`);
  if (lastSeq !== null && (position ?? 0) < lastSeq) {
    problems.push(`its newest row is ${lastSeq}, but its position is ${position ?? 'missing'}`);
  }
  return problems;
}

const numberOrNull = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));
