/** What must hold at the end, whatever happened: the table is the journal, row by row, each once, and each position stands at its last row. */
import { auditStreams } from '../../../gateway/warehouse/snowflake/audit.ts';
import { UsageRecord } from '../../../contract/usage-record.ts';
import type { SnowflakeServer } from '../../helpers/snowflake-server/server.ts';
import { auditable } from '../../gateway/warehouse/snowflake/snowflake-kit.ts';
import { installId, rawRows } from '../../gateway/journal/journal-kit.ts';

export interface Verdict {
  readonly journalRows: number;
  readonly storedRows: number;
  readonly lost: number;
  readonly duplicated: number;
  /** In the table, but with other values than in the journal, or not in it at all. */
  readonly different: number;
  readonly problems: readonly string[];
}

type Row = readonly [streamId: string, seq: number, callId: string, tokens: number | null, costNanos: number | null];
const nanos = (usd: number | null): number | null => (usd === null ? null : Math.round(usd * 1e9));
const keyOf = (row: Row): string => JSON.stringify(row);

export async function judge(server: SnowflakeServer, dataDir: string): Promise<Verdict> {
  const wanted = new Set(journalRows(dataDir).map(keyOf));
  const stored = (await storedRows(server)).map(keyOf);
  const there = new Set(stored);
  const audits = await auditStreams(auditable(server));
  return {
    journalRows: wanted.size,
    storedRows: stored.length,
    lost: [...wanted].filter((key) => !there.has(key)).length,
    duplicated: stored.length - there.size,
    different: [...there].filter((key) => !wanted.has(key)).length,
    problems: audits.flatMap(({ streamId, lastSeq, position, problems }) =>
      lastSeq === position ? problems : [...problems, `${streamId}: position ${position}, last row ${lastSeq}`],
    ),
  };
}

function journalRows(dataDir: string): Row[] {
  return rawRows(dataDir).map(({ seq, epoch, call_id: callId, record }) => {
    const { totalTokens, costUsd } = UsageRecord.omit({ seq: true, streamId: true }).parse(JSON.parse(record));
    return [`${installId}:${epoch}`, seq, callId, totalTokens, nanos(costUsd)];
  });
}

async function storedRows(server: SnowflakeServer): Promise<Row[]> {
  const rows = await server.rows('SELECT stream_id, seq, call_id, total_tokens, cost_usd FROM api_usage_metrics');
  return rows.map((row) => [
    String(row['STREAM_ID']),
    Number(row['SEQ']),
    String(row['CALL_ID']),
    numberOrNull(row['TOTAL_TOKENS']),
    nanos(numberOrNull(row['COST_USD'])),
  ]);
}

const numberOrNull = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));
