/**
 * Removing rows, always oldest first and in slices short enough to fit between two commits. A row goes only when every destination has
 * said in this run that it holds it; what the journal remembers from an earlier run is not believed (P7). Nobody waits for a delete to be synced:
 * one that a power cut undoes is simply done again.
 */
import type { Database } from 'better-sqlite3';
import { crashPoint } from './crash-point.ts';

const sliceRows = 250;
const sampleSliceRows = 1000;
const vacuumPages = 128; // at 4 KiB
const dayMs = 86_400_000;

export class Pruner {
  readonly #database: Database;
  readonly #sql: ReturnType<typeof prepare>;

  constructor(database: Database) {
    this.#database = database;
    this.#sql = prepare(database);
  }

  /** Removes one slice of delivered rows that ended before the window, or of any delivered rows; returns how many. */
  prune(deliveredFloor: number, window: { readonly keepDays: number } | 'at_cap', nowMs: number): number {
    const endedBeforeMs = window === 'at_cap' ? Infinity : nowMs - window.keepDays * dayMs;
    const last = lastPrunable(this.#sql.oldest.all(sliceRows), deliveredFloor, endedBeforeMs);
    if (last === null) return 0;
    const removed = this.#inTransaction(() => {
      this.#sql.forgetEpochs.run(last + 1);
      return this.#sql.removeUpTo.run(last).changes;
    });
    crashPoint('journal.afterPrune');
    return removed;
  }

  /** Removes one slice of sample rows; returns how many. */
  removeSampleSlice(): number {
    return this.#inTransaction(() => {
      const { changes } = this.#sql.removeSample.run(sampleSliceRows);
      if (changes > 0) this.#sql.countRemoved.run(changes);
      return changes;
    });
  }

  /** Gives a slice of free pages back to the disk when there are many; true when there may be more. */
  shrink(): boolean {
    const free = Number(this.#sql.freePages.get());
    if (free < vacuumPages || free * 4 < Number(this.#sql.pages.get())) return false;
    this.#inTransaction(() => this.#database.pragma(`incremental_vacuum(${vacuumPages})`));
    return true;
  }

  #inTransaction<T>(work: () => T): T {
    return this.#database.transaction(() => {
      const result = work();
      crashPoint('journal.prune');
      return result;
    })();
  }
}

interface Oldest {
  readonly seq: number;
  readonly closed_ms: number;
}

function lastPrunable(oldest: readonly Oldest[], deliveredFloor: number, endedBeforeMs: number): number | null {
  const keep = oldest.findIndex((row) => row.seq > deliveredFloor || row.closed_ms >= endedBeforeMs);
  const last = keep === -1 ? oldest.at(-1) : oldest[keep - 1];
  return last?.seq ?? null;
}

function prepare(database: Database) {
  return {
    oldest: database.prepare<[number], Oldest>('SELECT seq, closed_ms FROM calls ORDER BY seq LIMIT ?'),
    removeUpTo: database.prepare('DELETE FROM calls WHERE seq <= ?'),
    // Streams that end before the first row kept.
    forgetEpochs: database.prepare(
      'DELETE FROM epochs WHERE first_seq < (SELECT MAX(first_seq) FROM epochs WHERE first_seq <= ?)',
    ),
    removeSample: database.prepare(
      'DELETE FROM calls WHERE seq IN (SELECT seq FROM calls WHERE sample = 1 ORDER BY seq LIMIT ?)',
    ),
    countRemoved: database.prepare(
      "INSERT INTO meta (name, value) VALUES ('sample_removed', ?) ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + excluded.value",
    ),
    freePages: database.prepare<[], number>('PRAGMA freelist_count').pluck(),
    pages: database.prepare<[], number>('PRAGMA page_count').pluck(),
  };
}
