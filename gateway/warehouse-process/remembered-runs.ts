/**
 * The embedded database can be rebuilt from the journal, which holds every call as it was priced when it ended. So each run of re-pricing is
 * remembered twice: in `repriced.json`, which outlives the database, and in the database itself. A run that only the file knows was lost
 * with an older database and has to be done again.
 */
import { z } from 'zod';
import { dataFiles } from '../config.ts';
import { readJson, writePrivateJson } from '../private-file.ts';
import type { DuckDbStore } from '../warehouse/duckdb.ts';
import { repricedTable } from '../warehouse/table.ts';

const Run = z.object({ at: z.iso.datetime(), fromMs: z.int(), toMs: z.int() });
export type Run = z.infer<typeof Run>;
const File = z.object({ runs: z.array(Run) });

export class RememberedRuns {
  readonly #path: string;
  readonly #store: Pick<DuckDbStore, 'warehouse' | 'noteRepriced'>;

  constructor(dataDir: string, store: Pick<DuckDbStore, 'warehouse' | 'noteRepriced'>) {
    this.#path = dataFiles(dataDir).repriced;
    this.#store = store;
  }

  /** Before the first page. The database first: a run that only the file knows would be done again at the next start. */
  async begin(fromMs: number, toMs: number): Promise<Run> {
    const run: Run = { at: new Date().toISOString(), fromMs, toMs };
    await this.#store.noteRepriced(run.at);
    const others = this.#read().filter((known) => known.fromMs < fromMs || known.toMs > toMs);
    this.#write([...others, run]);
    return run;
  }

  /** It ended before its time: only up to `toMs` has to be done again. */
  endedAt(run: Run, toMs: number): void {
    const others = this.#read().filter((known) => known.at !== run.at);
    this.#write(toMs <= run.fromMs ? others : [...others, { ...run, toMs }]);
  }

  /** What this database has not seen. */
  async missing(): Promise<readonly Run[]> {
    const runs = this.#read();
    if (runs.length === 0) return [];
    const rows = await this.#store.warehouse.query(`SELECT run_at FROM ${repricedTable}`, []);
    const seen = new Set(rows.map((row) => row['run_at']));
    return runs.filter(({ at }) => !seen.has(at));
  }

  done(run: Run): Promise<void> {
    return this.#store.noteRepriced(run.at);
  }

  #read(): readonly Run[] {
    return readJson(this.#path, File)?.runs ?? [];
  }

  #write(runs: readonly Run[]): void {
    writePrivateJson(this.#path, { runs });
  }
}
