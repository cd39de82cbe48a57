/**
 * Opening `warehouse.duckdb`, or starting over. One that is damaged is renamed (never deleted), and a new one takes its place with all rows that
 * can still be read. Where that is not all of them it holds no cursors, so delivery replays whatever the journal has; what is there is left out.
 */
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { chmod, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { duckDbFault } from './duckdb-errors.ts';
import type { Rescued, Rescuer } from './rescue.ts';
import { columns, ddl, factTable, offsetTable, sqlType } from './table.ts';

export const duckDbFileName = 'warehouse.duckdb';

export interface OpenDatabase {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  /** Column names of the fact table in the file's own order. */
  readonly columnOrder: readonly string[];
}

export interface OpenedFile extends OpenDatabase {
  /** The file that was set aside by this opening, why, and what of it is in the new one. */
  readonly setAside: SetAside | null;
}

export interface SetAside {
  readonly name: string;
  readonly reason: string;
  readonly rescued: Rescued;
}

/** Why the file is not simply opened: damage is proven by DuckDB's own words, crashes may have another cause. */
export interface Suspect {
  readonly kind: 'crashes' | 'crashes_again' | 'damage';
  readonly reason: string;
}

/** @throws AppError `warehouse_unavailable` when the fault is not the file's (lock held, disk full, permissions) */
export async function openDuckDbFile(
  dataDir: string,
  suspect: Suspect | null = null,
  rescuer: Rescuer | null = null,
): Promise<OpenedFile> {
  const path = join(dataDir, duckDbFileName);
  await finishRescue(path);
  if (suspect !== null && !(await isTrusted(path, suspect, rescuer))) return startOver(path, suspect, rescuer);
  try {
    return { ...(await openAt(path)), setAside: null };
  } catch (error) {
    if (duckDbFault(error) !== 'corrupt') throw unavailable(error);
    return startOver(path, { kind: 'damage', reason: error instanceof Error ? error.message : String(error) }, rescuer);
  }
}

/** Whoever died inside an intact file died of something else. */
async function isTrusted(path: string, { kind }: Suspect, rescuer: Rescuer | null): Promise<boolean> {
  return kind === 'crashes' && rescuer !== null && (await exists(path)) && (await rescuer.verify(path)) !== 'damaged';
}

/** The readable rows first, while the old file is still in its place: a kill at any step costs none of them. */
async function startOver(path: string, { kind, reason }: Suspect, rescuer: Rescuer | null): Promise<OpenedFile> {
  const rescued = rescuer === null || !(await exists(path)) ? 'nothing' : await rescuer.copy(path, draftOf(path));
  // A copy that fails for want of room must not cost the rows of a file that only was suspected.
  if (kind !== 'damage' && rescued !== 'all' && rescuer !== null && (await rescuer.verify(path)) !== 'damaged')
    return { ...(await open(path)), setAside: null };
  if (rescued !== 'nothing') await rename(draftOf(path), rescuedOf(path));
  const name = await setAside(path);
  await finishRescue(path);
  const opened = await open(path);
  return { ...opened, setAside: name === null ? null : { name, reason, rescued } };
}

const draftOf = (path: string): string => path.replace(/\.duckdb$/, '.rescue.duckdb');
const rescuedOf = (path: string): string => path.replace(/\.duckdb$/, '.rescued.duckdb');

/** A rescue that is complete takes the empty place, also after a kill in between. */
async function finishRescue(path: string): Promise<void> {
  if (!(await exists(path)) && (await exists(rescuedOf(path)))) await rename(rescuedOf(path), path);
}

async function open(path: string): Promise<OpenDatabase> {
  try {
    return await openAt(path);
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

/** @param changes to the options above, for a process that does nothing else */
export async function openAt(path: string, changes: Record<string, string> = {}): Promise<OpenDatabase> {
  const instance = await DuckDBInstance.create(path, { ...options(path), ...changes });
  try {
    await chmod(path, 0o600);
    const connection = await instance.connect();
    for (const statement of ddl('duckdb')) await connection.run(statement);
    await connection.run(`SELECT stream_id, last_seq FROM ${offsetTable}`);
    return { instance, connection, columnOrder: await completeColumns(connection) };
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
