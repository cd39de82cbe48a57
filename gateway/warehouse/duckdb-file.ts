/**
 * Opening `warehouse.duckdb`, or starting over. The file is rebuildable from the journal, so one that cannot be opened is renamed (never
 * deleted) and an empty one takes its place; the cursor in it is 0, so delivery replays whatever the journal still holds.
 */
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { chmod, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { duckDbFault } from './duckdb-errors.ts';
import { columns, ddl, factTable, offsetTable, sqlType } from './table.ts';

export const duckDbFileName = 'warehouse.duckdb';

export interface OpenedFile {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  /** Column names of the fact table in the file's own order. */
  readonly columnOrder: readonly string[];
  /** Name of the file that was set aside by this opening, and why. */
  readonly setAside: { readonly name: string; readonly reason: string } | null;
}

/**
 * @param mistrust reason to set the file aside without trying it: the last process died inside it
 * @throws AppError `warehouse_unavailable` when the fault is not the file's (lock held, disk full, permissions)
 */
export async function openDuckDbFile(dataDir: string, mistrust: string | null = null): Promise<OpenedFile> {
  const path = join(dataDir, duckDbFileName);
  if (mistrust !== null) return startOver(path, mistrust);
  try {
    return await openAt(path);
  } catch (error) {
    if (duckDbFault(error) !== 'corrupt') throw unavailable(error);
    return startOver(path, error instanceof Error ? error.message : String(error));
  }
}

async function startOver(path: string, reason: string): Promise<OpenedFile> {
  const name = await setAside(path);
  try {
    const opened = await openAt(path);
    return { ...opened, setAside: name === null ? null : { name, reason } };
  } catch (error) {
    throw unavailable(error);
  }
}

function unavailable(error: unknown): AppError {
  const detail = error instanceof Error ? error.message : String(error);
  return new AppError('warehouse_unavailable', `The embedded warehouse cannot be opened: ${detail}`, { cause: error });
}

/**
 * The database stays inside its own file: no extension is fetched or loaded (json and icu are linked in), no other file or address can be
 * reached by SQL. Two threads and a memory ceiling keep a heavy question from starving the proxy on a small machine.
 */
function options(path: string): Record<string, string> {
  return {
    threads: '2',
    memory_limit: '768MB',
    temp_directory: `${path}.tmp`,
    autoload_known_extensions: 'false',
    autoinstall_known_extensions: 'false',
    allow_community_extensions: 'false',
    enable_external_access: 'false',
  };
}

async function openAt(path: string): Promise<Omit<OpenedFile, 'setAside'> & { setAside: null }> {
  const instance = await DuckDBInstance.create(path, options(path));
  try {
    await chmod(path, 0o600);
    const connection = await instance.connect();
    for (const statement of ddl('duckdb')) await connection.run(statement);
    await connection.run(`SELECT stream_id, last_seq FROM ${offsetTable}`);
    return { instance, connection, columnOrder: await completeColumns(connection), setAside: null };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** Adds the columns that a later version of the product brought; a file of an older version keeps its rows. */
async function completeColumns(connection: DuckDBConnection): Promise<readonly string[]> {
  const present = await readColumns(connection);
  const missing = columns.filter((column) => !present.includes(column.name));
  if (missing.length === 0) return present;
  for (const column of missing) {
    await connection.run(`ALTER TABLE ${factTable} ADD COLUMN ${column.name} ${sqlType('duckdb', column.kind)}`);
  }
  await connection.run('CHECKPOINT'); // no schema change may wait in the WAL: replaying one has failed (duckdb/duckdb#22044)
  return readColumns(connection);
}

async function readColumns(connection: DuckDBConnection): Promise<readonly string[]> {
  const result = await connection.run(
    'SELECT column_name FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index',
    [factTable],
  );
  return (await result.getRows()).map(([name]) => String(name));
}

/** Renames the database and its write-ahead log; null when there was no file. */
async function setAside(path: string): Promise<string | null> {
  if (!(await exists(path))) return null;
  const stamp = new Date().toISOString().replaceAll(/[-:.]/g, '');
  const kept = path.replace(/\.duckdb$/, `.corrupt-${stamp}.duckdb`);
  // The log first: a kill between the two renames must not leave an old log beside a new database.
  if (await exists(`${path}.wal`)) await rename(`${path}.wal`, `${kept}.wal`);
  await rename(path, kept);
  return kept.slice(kept.lastIndexOf('warehouse.corrupt-'));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
