/**
 * Removes calls older than so many days from Snowflake, a day of data at a time: no statement runs for long, a cancel takes effect soon, and
 * what an interrupted run has done stays done. Repeating a DELETE changes nothing, so a lost answer needs no care.
 */
import type { RetentionPreview, RetentionResult } from '../../../contract/snowflake.ts';
import type { SqlRow } from '../warehouse.ts';
import { SnowflakeFault } from './fault.ts';
import { executeIn, type Execute } from './loader.ts';
import { objectNames } from './object-names.ts';
import { queryTag } from './query-tag.ts';
import type { OpenSession, SnowflakeAccess } from './session.ts';

const dayMs = 86_400_000;
const statementTimeoutMs = 120_000;

export interface RetentionProgress {
  readonly deletedRows: number; // so far
  /** All of before this is gone. */
  readonly doneUntil: string;
}

export interface RetentionOptions {
  readonly days: number;
  readonly nowMs?: number;
  readonly onProgress?: (progress: RetentionProgress) => void;
  readonly signal?: AbortSignal;
}

/** @throws SnowflakeFault */
export function previewRetention(
  open: OpenSession,
  access: SnowflakeAccess,
  options: RetentionOptions,
): Promise<RetentionPreview> {
  return inSession(open, access, options, async (execute) => {
    const beforeMs = limitOf(options);
    const { rows } = await execute(
      `SELECT COUNT(*) AS total_rows, COUNT_IF(started_ms < ?) AS old_rows, MIN(started_ms) AS oldest_ms
FROM ${objectNames(access.profile).facts}`,
      [beforeMs],
    );
    return { target: 'snowflake', days: options.days, before: instant(beforeMs), ...countsOf(rows[0]) };
  });
}

function countsOf(row: SqlRow | undefined): Pick<RetentionPreview, 'rows' | 'totalRows' | 'oldestAt'> {
  const oldestMs = row?.['oldest_ms'] ?? null;
  return {
    rows: Number(row?.['old_rows'] ?? 0),
    totalRows: Number(row?.['total_rows'] ?? 0),
    oldestAt: oldestMs === null ? null : instant(Number(oldestMs)),
  };
}

/** @throws SnowflakeFault: `privileges` where the role may not DELETE, `cancelled` where the caller ended it */
export function applyRetention(
  open: OpenSession,
  access: SnowflakeAccess,
  options: RetentionOptions,
): Promise<RetentionResult> {
  return inSession(open, access, options, async (execute) => {
    const beforeMs = limitOf(options);
    const { facts } = objectNames(access.profile);
    let deletedRows = 0;
    for (let day = await oldestDay(execute, facts, beforeMs); day !== null;) {
      if (options.signal?.aborted === true)
        throw new SnowflakeFault('cancelled', `Cancelled; ${deletedRows} calls were removed`);
      const endMs = Math.min(day + dayMs, beforeMs);
      deletedRows += await deleteUntil(execute, facts, endMs);
      options.onProgress?.({ deletedRows, doneUntil: instant(endMs) });
      day = await oldestDay(execute, facts, beforeMs);
    }
    return { target: 'snowflake', days: options.days, before: instant(beforeMs), deletedRows };
  });
}

/** Start (UTC) of the day of the oldest call that has to go; null when none has. Asked anew each time, so empty days cost nothing. */
async function oldestDay(execute: Execute, facts: string, beforeMs: number): Promise<number | null> {
  const { rows } = await execute(`SELECT MIN(started_ms) AS oldest_ms FROM ${facts} WHERE started_ms < ?`, [beforeMs]);
  const oldestMs = rows[0]?.['oldest_ms'] ?? null;
  return oldestMs === null ? null : Math.floor(Number(oldestMs) / dayMs) * dayMs;
}

async function deleteUntil(execute: Execute, facts: string, endMs: number): Promise<number> {
  try {
    return (await execute(`DELETE FROM ${facts} WHERE started_ms < ?`, [endMs])).changedRows ?? 0;
  } catch (error) {
    if (!(error instanceof SnowflakeFault) || error.kind !== 'privileges') throw error;
    throw new SnowflakeFault('privileges', `The role may not delete from ${facts}`, {
      fix: 'Have an administrator grant it (the grants script of Setup has the line), or keep calls for ever.',
      code: error.code,
      sqlState: error.sqlState,
      cause: error,
    });
  }
}

async function inSession<T>(
  open: OpenSession,
  access: SnowflakeAccess,
  { signal }: RetentionOptions,
  work: (execute: Execute) => Promise<T>,
): Promise<T> {
  const session = await open(access, signal === undefined ? {} : { signal });
  try {
    return await work(executeIn(session, { tag: queryTag('retention'), timeoutMs: statementTimeoutMs, signal }));
  } finally {
    void session.close();
  }
}

const limitOf = ({ days, nowMs = Date.now() }: RetentionOptions): number => nowMs - days * dayMs;
const instant = (epochMs: number): string => new Date(epochMs).toISOString();
