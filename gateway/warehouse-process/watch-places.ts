/**
 * A file that is removed or replaced while it is open goes on working for whoever has it open, and everything written into it is lost. So this
 * process looks once a second whether database and data directory are still the ones it opened.
 */
import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dataFiles } from '../config.ts';
import { isInPlace, type LockId } from '../journal/lock.ts';

const everyMs = 1_000;

/** @param onMoved told once: what is open is no longer what lies there */
export function watchPlaces(dataDir: string, lock: LockId | null, onMoved: (detail: string) => void): void {
  const path = dataFiles(dataDir).warehouse;
  const opened = statSync(path, { bigint: true }).ino;
  const look = async (): Promise<void> => {
    const detail = await movedIn(dataDir, lock, path, opened);
    if (detail === null) setTimeout(() => void look(), everyMs).unref();
    else onMoved(detail);
  };
  setTimeout(() => void look(), everyMs).unref();
}

async function movedIn(dataDir: string, lock: LockId | null, path: string, opened: bigint): Promise<string | null> {
  try {
    if (lock !== null && !(await isInPlace(dataDir, lock)))
      return `The data directory ${dataDir} was removed or replaced while the gateway ran`;
    const found = await stat(path, { bigint: true });
    return found.ino === opened ? null : 'warehouse.duckdb was replaced while it was open';
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isGone ? 'warehouse.duckdb was removed while it was open' : null; // a question that fails says nothing about the file
  }
}
