/**
 * One gateway per data directory. The lock is SQLite's own file lock, held by an open transaction: the operating system drops it with the
 * process, so there is never a stale one to clean up after a crash (a pid file would need guessing). Nothing is ever written to the file: its
 * rollback journal is in memory, so a full disk keeps nobody from taking the lock.
 *
 * The lock is on a file, not on a name. A directory that is removed and made again is another one, which somebody else may hold by now; so whoever
 * writes there looks first whether the file at the path is still the one that was locked.
 */
import Database from 'better-sqlite3';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import { readJsonSync } from '../private-file-sync.ts';
import { Ballast } from './ballast.ts';
import { ensurePrivateFile } from './files.ts';
import { JournalFault, toFault } from './faults.ts';

export interface InstanceLock {
  readonly id: LockId;
  release(): void;
}

/** The locked file itself, whatever its name leads to by now. Text, because it crosses threads and processes. */
export interface LockId {
  readonly device: string;
  readonly file: string;
}

const lockPath = (dataDir: string): string => join(dataDir, 'gateway.lock');
const toId = ({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): LockId => ({
  device: String(dev),
  file: String(ino),
});
const isSame = (id: LockId, found: LockId): boolean => id.device === found.device && id.file === found.file;

/** Whether the file at the path is the locked one. Rejects when the question itself fails, which says nothing about the file. */
export async function isInPlace(dataDir: string, id: LockId): Promise<boolean> {
  try {
    return isSame(id, toId(await stat(lockPath(dataDir), { bigint: true })));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return false;
    throw error;
  }
}

/** For the threads and processes that write there. @param id null where nobody locked the directory. Throws {@link JournalFault} `moved`. */
export function assertInPlace(dataDir: string, id: LockId | null): void {
  if (id === null) return;
  const found = statSync(lockPath(dataDir), { bigint: true, throwIfNoEntry: false });
  if (found === undefined || !isSame(id, toId(found)))
    throw new JournalFault('moved', `the data directory ${dataDir} was removed or replaced while the gateway ran`);
}

/** Throws `already_running` naming the holder, or `data_dir_unusable` when the lock file cannot be made. */
export function acquireLock(dataDir: string): InstanceLock {
  const path = lockPath(dataDir);
  const connection = openLockFile(path, dataDir);
  try {
    connection.pragma('journal_mode = MEMORY');
    connection.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    connection.close();
    if (toFault(cause, dataDir).kind === 'busy') throw alreadyRunning(dataDir, cause);
    throw unusable(dataDir, cause);
  }
  return { id: toId(statSync(path, { bigint: true })), release: () => void connection.close() };
}

function openLockFile(path: string, dataDir: string): Database.Database {
  try {
    // Opening and closing an existing lock file here would drop a lock this process already holds on it.
    if (existsSync(path)) accessSync(path, constants.W_OK); // SQLite would be content with a lock that keeps nobody out
    else makeLockFile(path, dataDir);
    return new Database(path, { timeout: 0 });
  } catch (cause) {
    throw unusable(dataDir, cause);
  }
}

/** An empty file needs a name only; where not even that fits any more, the reserve is there to be given up. */
function makeLockFile(path: string, dataDir: string): void {
  try {
    ensurePrivateFile(path);
  } catch (error) {
    if (toFault(error, dataDir).kind !== 'full' || !new Ballast(dataDir).release()) throw error;
    ensurePrivateFile(path);
  }
}

function unusable(dataDir: string, cause: unknown): AppError {
  return new AppError(
    'data_dir_unusable',
    `The data directory ${dataDir} cannot be locked for this gateway: ${toFault(cause, dataDir).message}`,
    {
      field: 'dataDir',
      cause,
    },
  );
}

const Holder = z.object({ pid: z.int(), url: z.string() });

/** gateway.json is written once the holder is ready; until then the holder stays unnamed. */
function alreadyRunning(dataDir: string, cause: unknown): AppError {
  const holder = holderOf(dataDir);
  const who = holder === null ? 'Another gateway' : `The gateway with process id ${holder.pid} at ${holder.url}`;
  return new AppError(
    'already_running',
    `${who} already uses the data directory ${dataDir}. Stop it, or name another directory with --data-dir.`,
    { cause },
  );
}

function holderOf(dataDir: string): z.infer<typeof Holder> | null {
  try {
    return readJsonSync(join(dataDir, 'gateway.json'), Holder);
  } catch {
    return null; // the lock is proof enough that somebody holds the directory
  }
}
