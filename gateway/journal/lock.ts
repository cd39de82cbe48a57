/**
 * One gateway per data directory. The lock is SQLite's own file lock, held by an open transaction: the operating system drops it with the
 * process, so there is never a stale one to clean up after a crash (a pid file would need guessing).
 */
import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import { readJsonSync } from '../private-file-sync.ts';
import { ensurePrivateFile } from './files.ts';
import { toFault } from './faults.ts';

export interface InstanceLock {
  release(): void;
}

/** Throws `already_running` naming the holder, or `data_dir_unusable` when the lock file cannot be made. */
export function acquireLock(dataDir: string): InstanceLock {
  const path = join(dataDir, 'gateway.lock');
  const connection = openLockFile(path, dataDir);
  try {
    connection.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    connection.close();
    if (toFault(cause, dataDir).kind === 'busy') throw alreadyRunning(dataDir, cause);
    throw unusable(dataDir, cause);
  }
  return { release: () => void connection.close() };
}

function openLockFile(path: string, dataDir: string): Database.Database {
  try {
    // Opening and closing an existing lock file here would drop a lock this process already holds on it.
    if (!existsSync(path)) ensurePrivateFile(path);
    return new Database(path, { timeout: 0 });
  } catch (cause) {
    throw unusable(dataDir, cause);
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
