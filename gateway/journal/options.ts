/** What a journal is started with. */
import { randomUUID } from 'node:crypto';
import type { JournalHealth } from '../../contract/gateway-api.ts';
import type { GatewayConfig } from '../config.ts';
import type { Log } from '../log.ts';
import type { LockId } from './lock.ts';
import type { ThreadStart } from './protocol.ts';
import type { QueueLimits } from './write-queue.ts';

export interface JournalOptions {
  readonly dataDir: string;
  /** Identity of a journal that has none yet; one that has keeps its own. */
  readonly installId: string;
  /** Text of install.json, for the journal to keep. */
  readonly installCopy?: string | null;
  /** What is wrong with the installation's identity, for health; null when nothing is. */
  readonly identityNotice?: string | null;
  /** The lock of the data directory, without which nothing may be written there. Default: nobody locks it. */
  readonly lock?: LockId | null;
  readonly threadEntry: URL; // thread.ts, or its bundle
  readonly config: GatewayConfig['journal'];
  readonly log: Log;
  /** Every destination that must have a row before it may be pruned. Default: the embedded warehouse alone. */
  readonly destinations?: readonly string[];
  readonly onHealthChange?: (health: JournalHealth) => void;
  readonly limits?: Partial<QueueLimits>;
}

export const defaultLimits: QueueLimits = {
  rows: 50_000,
  bytes: 64 * 1024 * 1024,
  batchRows: 4000,
  batchBytes: 4 * 1024 * 1024,
};

export function firstStart(options: JournalOptions): ThreadStart {
  const { dataDir, installId, installCopy = null, lock = null, config, destinations = ['duckdb'] } = options;
  const { synchronous, capBytes, keepDays } = config;
  // A fresh epoch at every start is what makes a copied or restored journal harmless (ARCHITECTURE §4).
  return {
    dataDir,
    installId,
    installCopy,
    lock,
    run: randomUUID(),
    epoch: randomUUID(),
    minSeq: 0,
    synchronous,
    capBytes,
    keepDays,
    clock: null,
    destinations,
    delivered: [],
  };
}
