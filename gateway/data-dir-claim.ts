/** The data directory belongs to one gateway at a time; `gateway.json` in it says where that one is and how to talk to it. */
import { existsSync } from 'node:fs';
import { AppError } from '../contract/errors.ts';
import type { GatewayFile } from '../contract/gateway-api.ts';
import { dataFiles } from './config.ts';
import { assertUsableDataDir } from './journal/files.ts';
import { acquireLock } from './journal/lock.ts';
import type { Log, Logging } from './log.ts';
import { removeFile, writePrivateJson } from './private-file.ts';
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
export function claimDataDir(dataDir: string, logging: Logging, shutdown: Shutdown): void {
  assertUsableDataDir(dataDir);
  const lock = acquireLock(dataDir);
  shutdown.add('lock', () => lock.release());
  logging.keepFile(dataFiles(dataDir).logs);
  const { gateway } = dataFiles(dataDir);
  removeFileSync(gateway); // left by a gateway that was killed
  shutdown.add('gateway.json', () => removeFile(gateway));
}

/**
 * Writes `gateway.json`. A full disk does not stop a gateway whose traffic flows (P2): it serves without the file, and the log says so.
 * @throws AppError `data_dir_unusable` when the directory may not be written at all
 */
export async function publishAddress(dataDir: string, file: GatewayFile, log: Log): Promise<void> {
  try {
    await writePrivateJson(dataFiles(dataDir).gateway, file);
  } catch (error) {
    if (isFull(error)) {
      log.error({ err: error }, 'GatewayFileNotWritten');
      return;
    }
    throw new AppError(
      'data_dir_unusable',
      `gateway.json cannot be written in ${dataDir}. Make the directory writable, or name another one with --data-dir.`,
      {
        field: '--data-dir',
        cause: error,
      },
    );
  }
}

const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
