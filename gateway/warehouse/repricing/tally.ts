/** What a run of re-pricing has seen so far. Money in whole nano-dollars, so that sums are exact. */
export interface RepriceTally {
  readonly rowsTotal: number | null; // null until counted
  readonly rowsSeen: number;
  readonly rowsChanged: number;
  /** Rows that had a price and would have none now: left as they are. */
  readonly rowsKept: number;
  readonly rowsUnreadable: number;
  /** Over the rows seen; null while none of them has a cost. */
  readonly oldNanoUsd: number | null;
  readonly newNanoUsd: number | null;
}

export const noRows: RepriceTally = {
  rowsTotal: null,
  rowsSeen: 0,
  rowsChanged: 0,
  rowsKept: 0,
  rowsUnreadable: 0,
  oldNanoUsd: null,
  newNanoUsd: null,
};

const sumOf = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : a + b);

export function addTally(a: RepriceTally, b: RepriceTally): RepriceTally {
  return {
    rowsTotal: sumOf(a.rowsTotal, b.rowsTotal),
    rowsSeen: a.rowsSeen + b.rowsSeen,
    rowsChanged: a.rowsChanged + b.rowsChanged,
    rowsKept: a.rowsKept + b.rowsKept,
    rowsUnreadable: a.rowsUnreadable + b.rowsUnreadable,
    oldNanoUsd: sumOf(a.oldNanoUsd, b.oldNanoUsd),
    newNanoUsd: sumOf(a.newNanoUsd, b.newNanoUsd),
  };
}
