/** Retention of the embedded warehouse, a day of rows at a time between two deliveries, so that neither deliveries nor questions wait long. */
import { AppError } from '../../contract/errors.ts';
import type { RetentionPreview, RetentionResult } from '../../contract/snowflake.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { DuckDbStore } from '../warehouse/duckdb.ts';
import type { RetentionOrder } from '../warehouse/protocol.ts';
import { factTable } from '../warehouse/table.ts';

const dayMs = 86_400_000;
type Age = Pick<RetentionOrder, 'days' | 'nowMs'>;
const limitOf = ({ days, nowMs = Date.now() }: Age): number => nowMs - days * dayMs;
const instant = (epochMs: number): string => new Date(epochMs).toISOString();

export async function previewLocal(
  { warehouse }: DuckDbStore,
  age: Age,
  signal: AbortSignal,
): Promise<RetentionPreview> {
  const { days } = age;
  const beforeMs = limitOf(age);
  const [row] = await warehouse.query(
    `SELECT COUNT(*) AS total_rows, COUNT_IF(started_ms < ?) AS old_rows, MIN(started_ms) AS oldest_ms FROM ${factTable}`,
    [beforeMs],
    signal,
  );
  const oldest = row?.['oldest_ms'] ?? null;
  return {
    target: 'local',
    days,
    before: instant(beforeMs),
    rows: Number(row?.['old_rows'] ?? 0),
    totalRows: Number(row?.['total_rows'] ?? 0),
    oldestAt: oldest === null ? null : instant(Number(oldest)),
  };
}

/** What an interrupted run has removed stays removed. @throws AppError `cancelled` */
export async function applyLocal(
  store: DuckDbStore,
  delivery: Pick<Delivery, 'betweenBatches'>,
  age: Age,
  signal: AbortSignal,
): Promise<RetentionResult> {
  const { days } = age;
  const beforeMs = limitOf(age);
  let deletedRows = 0;
  for (let oldest = await oldestMs(store, beforeMs); oldest !== null; oldest = await oldestMs(store, beforeMs)) {
    if (signal.aborted) throw new AppError('cancelled', 'Removing old calls was cancelled');
    const endMs = Math.min(Math.floor(oldest / dayMs) * dayMs + dayMs, beforeMs);
    deletedRows += await delivery.betweenBatches(() => store.deleteBefore(endMs));
  }
  return { target: 'local', days, before: instant(beforeMs), deletedRows };
}

/** Start of the oldest call that has to go; null when none has. Asked anew each time, so empty days cost nothing. */
async function oldestMs({ warehouse }: DuckDbStore, beforeMs: number): Promise<number | null> {
  const [row] = await warehouse.query(`SELECT MIN(started_ms) AS oldest_ms FROM ${factTable} WHERE started_ms < ?`, [
    beforeMs,
  ]);
  const oldest = row?.['oldest_ms'] ?? null;
  return oldest === null ? null : Number(oldest);
}

export async function newestCall(
  { warehouse }: DuckDbStore,
  beforeMs: number,
  signal: AbortSignal,
): Promise<number | null> {
  const [row] = await warehouse.query(
    `SELECT MAX(started_ms) AS newest_ms FROM ${factTable} WHERE started_ms < ?`,
    [beforeMs],
    signal,
  );
  const newest = row?.['newest_ms'] ?? null;
  return newest === null ? null : Number(newest);
}
