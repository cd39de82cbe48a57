/**
 * Walks the calls of a range page by page and gives each the price of today's lists.
 *
 * Invariants:
 * - A page is one transaction of its engine: its rows and their audit rows change together, so a run that ends anywhere is simply run again.
 * - Memory holds one page. Pages follow (started_ms, call_id), which never changes; the first question of a page reads two narrow columns only.
 * - What cannot be read as a record (a gateway of a newer version wrote it, say) is left as it is and counted.
 */
import { AppError } from '../../../contract/errors.ts';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import type { Price } from '../../pricing/price-book.ts';
import { factTable, recordColumnNames } from '../table.ts';
import type { SqlValue, Warehouse } from '../warehouse.ts';
import { judgeRows } from './judge-rows.ts';
import { pageOf, type PricePage } from './price-page.ts';
import { addTally, noRows, type RepriceTally } from './tally.ts';

/** Where the rows are, and how their prices are changed. */
export interface PriceTarget {
  readonly warehouse: Pick<Warehouse, 'query'>;
  /** Beginning of the streams that may be changed; null = all. */
  readonly streams: string | null;
  write(page: PricePage, signal: AbortSignal): Promise<void>;
  /** Runs one page, again after a fault that passes: everything in it may be repeated. */
  attempt<T>(page: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** After each page; everything before `doneUntilMs` is done. */
export type OnPage = (tally: RepriceTally, doneUntilMs: number) => void;

export interface RepriceRun {
  readonly fromMs: number; // inclusive
  readonly toMs: number; // exclusive
  readonly dryRun: boolean;
  readonly priceOf: (record: UsageRecord) => Price;
  readonly signal: AbortSignal;
  readonly onPage: OnPage;
}

const pageRows = 5_000;

interface Place {
  readonly startedMs: number;
  readonly callId: string;
}

interface Condition {
  readonly sql: string;
  readonly binds: readonly SqlValue[];
}

/** @throws AppError `cancelled` between two pages; what is done stays done */
export async function repriceRange(target: PriceTarget, run: RepriceRun): Promise<RepriceTally> {
  const { signal } = run;
  const rowsTotal = await target.attempt(() => countRows(target, run), signal);
  let tally: RepriceTally = { ...noRows, rowsTotal };
  run.onPage(tally, run.fromMs);
  let after: Place | null = null;
  do {
    if (signal.aborted) throw new AppError('cancelled', 'Re-pricing was cancelled', { cause: signal.reason });
    const from: Place | null = after;
    const page: Repriced = await target.attempt(() => repricePage(target, run, from), signal);
    tally = addTally(tally, page.tally);
    after = page.edge;
    run.onPage(tally, after === null ? run.toMs : after.startedMs + 1);
  } while (after !== null);
  return tally;
}

async function countRows(target: PriceTarget, run: RepriceRun): Promise<number> {
  const { sql, binds } = within(target, run, null);
  const rows = await target.warehouse.query(
    `SELECT COUNT(*) AS total_rows FROM ${factTable} WHERE ${sql}`,
    binds,
    run.signal,
    'reprice',
  );
  return Number(rows[0]?.['total_rows'] ?? 0);
}

interface Repriced {
  readonly tally: RepriceTally;
  /** The place of the page's last row; null when no page follows. */
  readonly edge: Place | null;
}

async function repricePage(target: PriceTarget, run: RepriceRun, after: Place | null): Promise<Repriced> {
  const rest = within(target, run, after);
  const edge = await findEdge(target, rest, run.signal);
  const { sql, binds } = upTo(rest, edge);
  const rows = await target.warehouse.query(
    `SELECT ${recordColumnNames.join(', ')} FROM ${factTable} WHERE ${sql}`,
    binds,
    run.signal,
    'reprice',
  );
  const { tally, changes } = await judgeRows(rows, run.priceOf);
  if (changes.length > 0 && !run.dryRun) await target.write(pageOf(changes), run.signal);
  return { tally, edge };
}

/** The place of the page's last row; null when the rest fits into a page. */
async function findEdge(target: PriceTarget, rest: Condition, signal: AbortSignal): Promise<Place | null> {
  const [row] = await target.warehouse.query(
    `SELECT started_ms, call_id FROM ${factTable} WHERE ${rest.sql} ORDER BY started_ms, call_id LIMIT 1 OFFSET ${pageRows - 1}`,
    rest.binds,
    signal,
    'reprice',
  );
  return row === undefined ? null : { startedMs: Number(row['started_ms']), callId: String(row['call_id']) };
}

function within({ streams }: PriceTarget, { fromMs, toMs }: RepriceRun, after: Place | null): Condition {
  const own: Condition =
    streams === null ? { sql: '', binds: [] } : { sql: ' AND STARTSWITH(stream_id, ?)', binds: [streams] };
  if (after === null) {
    return { sql: `started_ms >= ? AND started_ms < ?${own.sql}`, binds: [fromMs, toMs, ...own.binds] };
  }
  const { startedMs, callId } = after;
  return {
    sql: `started_ms >= ? AND started_ms < ? AND (started_ms > ? OR call_id > ?)${own.sql}`,
    binds: [startedMs, toMs, startedMs, callId, ...own.binds],
  };
}

/** Rows at the edge's own place are all in: a call that a power cut doubled is not torn apart. */
function upTo(rest: Condition, edge: Place | null): Condition {
  if (edge === null) return rest;
  return {
    sql: `${rest.sql} AND started_ms <= ? AND (started_ms < ? OR call_id <= ?)`,
    binds: [...rest.binds, edge.startedMs, edge.startedMs, edge.callId],
  };
}
