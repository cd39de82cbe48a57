/** Storage opened by a command itself, under the lock of the data directory, because no gateway runs that it could ask. */
import type { GatewayConfig } from '../config.ts';
import { assertDataDirExists, claimDataDir } from '../data-dir-claim.ts';
import { startLogging, type Logging } from '../log.ts';
import { createShutdown, type Shutdown } from '../shutdown.ts';
import { startStorage, type GatewayEntries, type Storage } from '../storage.ts';

export interface OwnStorage {
  readonly storage: Storage;
  readonly logging: Logging;
  readonly shutdown: Shutdown;
}

/**
 * @param work what the command does with it; gets the function that closes everything
 * @throws AppError `data_dir_unusable` or `already_running`, or what `work` throws; then everything is closed
 */
export async function withOwnStorage<T>(
  config: GatewayConfig,
  entries: GatewayEntries,
  work: (own: OwnStorage, close: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const logging = startLogging({ level: config.logLevel === 'info' ? 'warn' : config.logLevel });
  const shutdown = createShutdown(logging.root);
  const close = async (): Promise<void> => {
    await shutdown.run();
    await logging.stop();
  };
  try {
    assertDataDirExists(config.dataDir);
    const { lock } = claimDataDir(config.dataDir, logging, shutdown);
    const storage = await startStorage(config, { entries, logging, lock }, shutdown);
    return await work({ storage, logging, shutdown }, close);
  } catch (error) {
    await close();
    throw error;
  }
}
