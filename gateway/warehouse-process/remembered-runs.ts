/**
 * The embedded database can be rebuilt from the journal, which holds every call as it was priced when it ended. So each run of re-pricing is
 * remembered twice: in `repriced.json`, which outlives the database, and in the database itself. A run that only the file knows was lost
 * with an older database and has to be done again.
 */
import { z } from 'zod';
import { dataFiles } from '../config.ts';
import { patiently, readOrSetAside, writePrivateJson } from '../private-file.ts';
import type { DuckDbStore } from '../warehouse/duckdb.ts';
import { repricedTable } from '../warehouse/table.ts';
import { log } from './telling.ts';

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
    const known = await this.#read(); // a file that cannot be read stops the run before anything is changed
    await this.#store.noteRepriced(run.at);
    await this.#write([...known.filter((other) => other.fromMs < fromMs || other.toMs > toMs), run]);
    return run;
  }

  /** It ended before its time: only up to `toMs` has to be done again. */
  async endedAt(run: Run, toMs: number): Promise<void> {
    const others = (await this.#read()).filter((known) => known.at !== run.at);
    await this.#write(toMs <= run.fromMs ? others : [...others, { ...run, toMs }]);
  }

  /** What this database has not seen. */
  async missing(): Promise<readonly Run[]> {
    const runs = await this.#read();
    if (runs.length === 0) return [];
    const rows = await this.#store.warehouse.query(`SELECT run_at FROM ${repricedTable}`, []);
    const seen = new Set(rows.map((row) => row['run_at']));
    return runs.filter(({ at }) => !seen.has(at));
  }

  done(run: Run): Promise<void> {
    return this.#store.noteRepriced(run.at);
  }

  /** @throws AppError `data_dir_unusable` when there is a file and it cannot be read */
  async #read(): Promise<readonly Run[]> {
    const { value, setAside } = await patiently(() => readOrSetAside(this.#path, File));
    if (setAside !== null) log.warn({ setAside }, 'DamagedFileSetAside');
    return value?.runs ?? [];
  }

  #write(runs: readonly Run[]): Promise<void> {
    return writePrivateJson(this.#path, { runs });
  }
}
