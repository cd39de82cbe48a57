/** Reading a table of a damaged database: what one damaged page hides is stepped over, the rest is read in key order. */
import type { Database } from 'better-sqlite3';

const highestKey = 2 ** 52;

interface Keyed {
  readonly seq: number;
}

/**
 * Rows of `calls` in ascending seq, as far as they can be read. Every seek that fails is answered by looking for the nearest later key that
 * can be reached: steps that double, then a binary search between the last failure and the first success.
 */
export function* readableRows<Row extends Keyed>(database: Database, columns: string): Generator<Row> {
  const after = database.prepare<[number], Row>(`SELECT ${columns} FROM calls WHERE seq > ? ORDER BY seq`);
  const seek = database.prepare<[number], number>('SELECT seq FROM calls WHERE seq > ? ORDER BY seq LIMIT 1').pluck();
  let last = -1;
  for (;;) {
    try {
      for (const row of after.iterate(last)) {
        if (row.seq <= last) break; // keys out of order: the tree is damaged here
        last = row.seq;
        yield row;
      }
      if (reaches(seek, last) === 'end') return;
    } catch (error) {
      if (!isDriverError(error)) throw error;
    }
    const next = nextReachable(seek, last);
    if (next === null) return;
    last = next;
  }
}

type Seek = { get(after: number): number | undefined };

function reaches(seek: Seek, after: number): 'row' | 'end' | 'damage' {
  try {
    const found = seek.get(after);
    if (found === undefined) return 'end';
    return found > after ? 'row' : 'damage';
  } catch (error) {
    if (isDriverError(error)) return 'damage';
    throw error;
  }
}

/** The smallest key found after which reading works again; null when nothing later can be read. */
function nextReachable(seek: Seek, last: number): number | null {
  let failed = last;
  let step = 1;
  while (reaches(seek, last + step) !== 'row') {
    failed = last + step;
    step *= 2;
    if (step > highestKey) return null;
  }
  let works = last + step;
  while (works - failed > 1) {
    const middle = Math.floor((works + failed) / 2);
    if (reaches(seek, middle) === 'row') works = middle;
    else failed = middle;
  }
  return works;
}

/** Driver errors are expected here; anything else (the caller's own failing insert) is not ours to swallow. */
export function isDriverError(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_')
  );
}
