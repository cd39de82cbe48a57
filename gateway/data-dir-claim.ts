/**
 * The data directory belongs to one gateway at a time; `gateway.json` in it says where that one is and how to talk to it. The claim is on the
 * directory, not on its path: what is made again under the same name has to be claimed again, and may be somebody else's by then.
 */
import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../contract/errors.ts';
import { GatewayFile } from '../contract/gateway-api.ts';
import { dataFiles } from './config.ts';
import { assertUsableDataDir } from './journal/files.ts';
import { acquireLock, isInPlace, type InstanceLock, type LockId } from './journal/lock.ts';
import type { Log, Logging } from './log.ts';
import { readJson, removeFile, writePrivateJson } from './private-file.ts';
import { removeFileSync } from './private-file-sync.ts';
import type { Shutdown } from './shutdown.ts';

/** For commands that read what is there: a mistyped path must not look like an empty history. @throws AppError `data_dir_unusable` */
export function assertDataDirExists(dataDir: string): void {
  if (existsSync(dataDir)) return;
  throw new AppError(
    'data_dir_unusable',
    `There is no data directory ${dataDir}. Name the gateway's own with --data-dir or AISM_DATA_DIR.`,
    { field: '--data-dir' },
  );
}

/** Takes the lock, then keeps logs there. @throws AppError `data_dir_unusable` or `already_running` */
export function claimDataDir(dataDir: string, logging: Logging, shutdown: Shutdown): DataDirClaim {
  assertUsableDataDir(dataDir);
  const claim = new DataDirClaim(dataDir, acquireLock(dataDir));
  shutdown.add('lock', () => claim.release());
  logging.keepFile(dataFiles(dataDir).logs);
  clearLeftover(dataFiles(dataDir).gateway);
  shutdown.add('gateway.json', () => claim.withdrawAddress());
  return claim;
}

/** Of a gateway that was killed. What cannot be removed keeps nobody from starting: {@link DataDirClaim.publishAddress} says what it means. */
function clearLeftover(path: string): void {
  try {
    removeFileSync(path);
  } catch {
    return;
  }
}

export class DataDirClaim {
  readonly #dataDir: string;
  #lock: InstanceLock;
  #address: GatewayFile | null = null;

  constructor(dataDir: string, lock: InstanceLock) {
    this.#dataDir = dataDir;
    this.#lock = lock;
  }

  get lock(): LockId {
    return this.#lock.id;
  }

  /** Whether the directory at the path is the claimed one. Rejects when that cannot be asked. */
  isInPlace(): Promise<boolean> {
    return isInPlace(this.#dataDir, this.#lock.id);
  }

  /** Claims the directory that is there now; false when there is none, or another gateway has it. */
  takeAgain(): boolean {
    try {
      const lock = acquireLock(this.#dataDir);
      this.#lock.release();
      this.#lock = lock;
      return true;
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
  }

  /**
   * Writes `gateway.json`. A full disk, or something else under that name, does not stop a gateway whose traffic flows (P2): it serves without the
   * file until it can be written, and the log says so. @throws AppError `data_dir_unusable` when the directory may not be written at all
   */
  async publishAddress(file: GatewayFile, log: Log): Promise<void> {
    this.#address = file;
    try {
      await this.#writeAddress(file);
    } catch (error) {
      if (!isForbidden(error)) {
        log.error({ err: error }, 'GatewayFileNotWritten');
        return;
      }
      throw new AppError(
        'data_dir_unusable',
        `gateway.json cannot be written in ${this.#dataDir}. Make the directory writable, or name another one with --data-dir.`,
        { field: '--data-dir', cause: error },
      );
    }
  }

  /** Writes `gateway.json` again where it is not there; false when it is, or cannot be written now. */
  async restoreAddress(): Promise<boolean> {
    if (this.#address === null) return false;
    try {
      if ((await this.#published()) !== null) return false;
      await this.#writeAddress(this.#address);
      return true;
    } catch {
      return false; // tried again at the next look
    }
  }

  /** Removes our own `gateway.json`, never that of a gateway that has the directory by now. */
  async withdrawAddress(): Promise<void> {
    const address = this.#address;
    this.#address = null;
    if (address !== null && isDeepStrictEqual(await this.#published(), address))
      await removeFile(dataFiles(this.#dataDir).gateway);
  }

  release(): void {
    this.#lock.release();
  }

  async #writeAddress(file: GatewayFile): Promise<void> {
    await writePrivateJson(dataFiles(this.#dataDir).gateway, file);
  }

  async #published(): Promise<GatewayFile | null> {
    return readJson(dataFiles(this.#dataDir).gateway, GatewayFile);
  }
}

const isForbidden = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['EACCES', 'EROFS', 'EPERM'].includes(String(error.code));
