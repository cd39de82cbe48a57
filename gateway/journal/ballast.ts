/**
 * `journal.reserve`: a megabyte held back for the moment the disk is full. Giving it up lets the journal prune, checkpoint and write a last
 * group of rows; it is taken again once there is room.
 */
import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { freeBytes } from './faults.ts';

const ballastBytes = 1024 * 1024;

export class Ballast {
  readonly #path: string;
  readonly #dataDir: string;
  #held: boolean;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
    this.#path = join(dataDir, 'journal.reserve');
    this.#held = existsSync(this.#path);
  }

  isHeld(): boolean {
    return this.#held;
  }

  /** True when there was some to give up. */
  release(): boolean {
    const had = this.#held;
    rmSync(this.#path, { force: true });
    this.#held = false;
    return had;
  }

  /** Takes it (again) when at least twice its size is free. */
  take(): void {
    if (this.#held || freeBytes(this.#dataDir) < 2 * ballastBytes) return;
    this.#held = writeBallast(this.#path);
  }
}

/** Written out, not sparse: a hole would hold nothing back. */
function writeBallast(path: string): boolean {
  const file = openSync(path, 'w', 0o600);
  try {
    const written = writeSync(file, Buffer.alloc(ballastBytes));
    fsyncSync(file);
    if (written === ballastBytes) return true;
  } catch {
    rmSync(path, { force: true }); // the disk filled up meanwhile: the next maintenance round tries again
    return false;
  } finally {
    closeSync(file);
  }
  rmSync(path, { force: true });
  return false;
}
