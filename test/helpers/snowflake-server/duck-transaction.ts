/**
 * READ COMMITTED over DuckDB, which only has snapshots taken at the first statement and aborts a whole transaction for one failed statement.
 *
 * - Before each statement the transaction takes what it has written so far out of DuckDB (column chunks, no conversion). When anybody has
 *   committed since its snapshot, it rolls back, begins anew, and puts its writes back: every statement sees what is committed by then.
 * - The same copy is the savepoint: a failed statement is undone by it, and the transaction stays open.
 * - Two transactions never write the same rows: UPDATE, DELETE and MERGE hold the table's lock until the end (locks.ts). So a rewritten table
 *   is put back as "delete every row up to the last row id of the old snapshot, append my view of it": rows that others appended have higher ids.
 */
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { duckTableName } from './sql/names.ts';
import type { ObjectName } from './sql/statement.ts';
import type { Store } from './store.ts';

/** DuckDB numbers the uncommitted rows of a transaction from here (MAX_ROW_ID of its storage). */
const firstLocalRowId = 36028797018960000n;

export type WriteMode = 'append' | 'rewrite';
export interface Write {
  readonly table: ObjectName;
  readonly mode: WriteMode;
}

interface Written extends Write {
  /** Last committed row in the snapshot the writes were made on. */
  readonly lastRowId: bigint;
}
interface Saved extends Written {
  readonly chunks: readonly DuckDBDataChunk[];
}

export class DuckTransaction {
  readonly #store: Store;
  #connection: DuckDBConnection | null = null;
  #basedOn = -1;
  #written = new Map<string, Written>();

  constructor(store: Store) {
    this.#store = store;
  }

  get hasWritten(): boolean {
    return this.#written.size > 0;
  }

  /** Runs one statement on the newest committed state plus this transaction's writes; undoes it alone when it fails. */
  async statement<T>(write: Write | null, run: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const saved = await this.#save();
    if (this.#connection === null || this.#basedOn !== this.#store.commits) await this.#restore(saved);
    const connection = await this.#connected();
    const before = this.#written;
    try {
      if (write !== null) await this.#note(connection, write);
      return await run(connection);
    } catch (error) {
      this.#written = before;
      await this.#restore(saved);
      throw error;
    }
  }

  /** @param changed others' snapshots are old from now on */
  async commit(changed = this.hasWritten): Promise<void> {
    await this.#end('COMMIT');
    if (changed) this.#store.commits += 1;
  }

  async rollback(): Promise<void> {
    await this.#end('ROLLBACK');
  }

  async #end(how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    this.#written = new Map();
    if (connection === null) return;
    try {
      await connection.run(how);
    } finally {
      connection.closeSync();
    }
  }

  async #connected(): Promise<DuckDBConnection> {
    this.#connection ??= await this.#store.connect();
    return this.#connection;
  }

  async #note(connection: DuckDBConnection, write: Write): Promise<void> {
    const key = duckTableName(write.table);
    const earlier = this.#written.get(key);
    if (earlier?.mode === 'rewrite' || earlier?.mode === write.mode) return;
    const lastRowId = await lastCommittedRowId(connection, write.table);
    this.#written = new Map(this.#written).set(key, { ...write, lastRowId });
  }

  async #save(): Promise<readonly Saved[]> {
    if (this.#connection === null) return [];
    const saved: Saved[] = [];
    for (const [name, written] of this.#written) {
      const own = written.mode === 'append' ? ` WHERE rowid >= ${firstLocalRowId}` : '';
      const result = await this.#connection.run(`SELECT * FROM ${name}${own}`);
      saved.push({ ...written, chunks: await result.fetchAllChunks() });
    }
    return saved;
  }

  async #restore(saved: readonly Saved[]): Promise<void> {
    if (this.#connection !== null) await this.#connection.run('ROLLBACK');
    const connection = await this.#connected();
    this.#basedOn = this.#store.commits;
    await connection.run('BEGIN TRANSACTION');
    const written = new Map<string, Written>();
    for (const { table, mode, lastRowId, chunks } of saved) {
      const name = duckTableName(table);
      written.set(name, { table, mode, lastRowId: await lastCommittedRowId(connection, table) });
      if (mode === 'rewrite') await connection.run(`DELETE FROM ${name} WHERE rowid <= ${lastRowId}`);
      await append(connection, table, chunks);
    }
    this.#written = written;
  }
}

/** The appender wants the schema's bare name. */
function schemaOf(table: ObjectName): string {
  const [quoted = ''] = /^"(?:[^"]|"")*"/.exec(duckTableName(table)) ?? [];
  return quoted.slice(1, -1).replaceAll('""', '"');
}

async function lastCommittedRowId(connection: DuckDBConnection, table: ObjectName): Promise<bigint> {
  const reader = await connection.runAndReadAll(
    `SELECT max(rowid) FROM ${duckTableName(table)} WHERE rowid < ${firstLocalRowId}`,
  );
  const value = reader.getRows()[0]?.[0];
  return typeof value === 'bigint' ? value : -1n;
}

async function append(
  connection: DuckDBConnection,
  table: ObjectName,
  chunks: readonly DuckDBDataChunk[],
): Promise<void> {
  if (chunks.length === 0) return;
  const appender = await connection.createAppender(table.name, schemaOf(table));
  for (const chunk of chunks) appender.appendDataChunk(chunk);
  appender.closeSync();
}
