/** The rows of a page as the warehouse gave them: which have another price today, and what that comes to. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import { nanoUsd } from '../../pricing/money.ts';
import type { Price } from '../../pricing/price-book.ts';
import { fromRow } from '../table.ts';
import type { SqlRow } from '../warehouse.ts';
import type { PriceChange } from './price-page.ts';
import { addTally, noRows, type RepriceTally } from './tally.ts';
import { judgePrice } from './verdict.ts';

interface Judged {
  readonly tally: RepriceTally;
  readonly changes: readonly PriceChange[];
}

const rowsPerTurn = 500; // then others get the event loop

export async function judgeRows(rows: readonly SqlRow[], priceOf: (record: UsageRecord) => Price): Promise<Judged> {
  let tally = noRows;
  const changes: PriceChange[] = [];
  for (const [index, row] of rows.entries()) {
    if (index % rowsPerTurn === rowsPerTurn - 1) await nextTurn();
    const judged = judgeRow(readRow(row), priceOf);
    tally = addTally(tally, judged.tally);
    changes.push(...judged.changes);
  }
  return { tally, changes };
}

function judgeRow(row: UsageRecord | null, priceOf: (record: UsageRecord) => Price): Judged {
  const seen = { ...noRows, rowsSeen: 1 };
  if (row === null) return { tally: { ...seen, rowsUnreadable: 1 }, changes: [] };
  const verdict = judgePrice(row, priceOf(row));
  const isChanged = verdict.kind === 'changed';
  const tally = {
    ...seen,
    rowsChanged: isChanged ? 1 : 0,
    rowsKept: verdict.kind === 'kept' ? 1 : 0,
    oldNanoUsd: nanoOrNull(row.costUsd),
    newNanoUsd: nanoOrNull(isChanged ? verdict.price.costUsd : row.costUsd),
  };
  return { tally, changes: isChanged ? [{ row, price: verdict.price }] : [] };
}

const nanoOrNull = (usd: number | null): number | null => (usd === null ? null : nanoUsd(usd));

/** Null for what is no record of this version: the schema refused it. */
function readRow(row: SqlRow): UsageRecord | null {
  try {
    return fromRow(row);
  } catch {
    return null; // counted as unreadable
  }
}
