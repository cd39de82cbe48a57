/** The files of a journal, and their permissions: everything is readable by its owner only (DESIGN §8). */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../contract/errors.ts';

export const journalPath = (dataDir: string): string => join(dataDir, 'journal.db');
/** SQLite's companions: the write-ahead log and its shared index. */
export const companions = ['-wal', '-shm'] as const;

const quarantinedName = /^journal\.corrupt-.*\.db$/;

/** Journal files set aside earlier, oldest first (their names carry a UTC stamp). */
export function quarantinedFiles(dataDir: string): string[] {
  return readdirSync(dataDir)
    .filter((name) => quarantinedName.test(name))
    .toSorted();
}

/**
 * Creates an empty private file when there is none; SQLite gives -wal and -shm the mode of the database file.
 * Never call it while this process has the database open: closing any descriptor of a file drops the process's POSIX locks on it
 * (https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
 */
export function ensurePrivateFile(path: string): void {
  if (existsSync(path)) chmodSync(path, 0o600);
  else closeSync(openSync(path, 'a', 0o600));
}

/** Creates the data directory (owner only). Throws `data_dir_unusable` where there cannot be one; a full or read-only disk is not decided here. */
export function assertUsableDataDir(dataDir: string): void {
  try {
    createFolders(dataDir);
  } catch (cause) {
    throw new AppError(
      'data_dir_unusable',
      `The data directory ${dataDir} cannot be created: ${reason(cause)}. Name another one with --data-dir or AISM_DATA_DIR.`,
      {
        field: 'dataDir',
        cause,
      },
    );
  }
  try {
    chmodSync(dataDir, 0o700);
  } catch {
    // Someone else's directory or a read-only disk: the gateway still proxies, and the journal's health says what it cannot do.
    return;
  }
}

/** Level by level: Node's own recursive mkdir never ends where a parent exists and takes no children (`/proc/x`). */
function createFolders(path: string): void {
  if (existsSync(path)) return void mkdirSync(path, { recursive: true }); // throws when it is a file
  createFolders(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
