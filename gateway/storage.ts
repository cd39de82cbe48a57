/** What is kept: the journal (every call, durable) and the warehouse process behind it (questions). A commit of the one wakes the other. */
import type { Ask } from './api/list-export.ts';
import { dataFiles, type GatewayConfig } from './config.ts';
import { createFileFaults, type FileFaults } from './file-faults.ts';
import { openInstall, type OpenInstall } from './install.ts';
import { startJournal, type RunningJournal } from './journal/client.ts';
import type { LockId } from './journal/lock.ts';
import type { Logging } from './log.ts';
import { createPriceBook, type PriceBook } from './pricing/price-book.ts';
import type { Shutdown } from './shutdown.ts';
import { flushMs, startWarehouse, type WarehouseClient } from './warehouse/warehouse-client.ts';

/** Files that run as a thread or process of their own: sources in development, bundles in the installed app. */
export interface GatewayEntries {
  readonly journalThread: URL;
  readonly warehouseProcess: URL;
}

export interface Storage {
  readonly install: OpenInstall;
  readonly files: FileFaults;
  readonly journal: RunningJournal;
  readonly warehouse: WarehouseClient;
  readonly prices: PriceBook;
  readonly ask: Ask;
}

const warehouseStopMs = flushMs + 8_000; // what waits for Snowflake is sent first, within its own deadline
const flushDeadlineMs = 12_000; // the journal's own deadlines come first

export async function startStorage(
  config: GatewayConfig,
  { entries, logging, lock }: { readonly entries: GatewayEntries; readonly logging: Logging; readonly lock: LockId },
  shutdown: Shutdown,
): Promise<Storage> {
  const { dataDir } = config;
  const files = createFileFaults();
  const install = await openInstall(dataDir, files, logging.component('gateway'));
  shutdown.add('identity', () => install.stop());
  const prices = createPriceBook({ overridesFile: dataFiles(dataDir).prices, files, log: logging.component('proxy') });
  shutdown.add('prices', () => prices.stop());
  await prices.reload();
  const { installId } = install;
  // Until somebody says which destinations there are and what time can be trusted, all rows are kept: a command that only reads must not prune.
  const journal = await startJournal({
    dataDir,
    lock,
    destinations: ['duckdb', 'snowflake'],
    installId,
    installCopy: install.text,
    identityNotice: install.notice,
    threadEntry: entries.journalThread,
    config: { ...config.journal, keepDays: Infinity },
    log: logging.component('journal'),
  });
  const warehouse = startWarehouse({
    dataDir,
    lock,
    entry: entries.warehouseProcess,
    log: logging.component('delivery'),
  });
  journal.onCommitted(() => warehouse.wake());
  warehouse.onDelivered((destination, seq) => journal.delivered(destination, seq));
  shutdown.add('warehouse', () => warehouse.stop(), warehouseStopMs);
  shutdown.add('journal', () => journal.stop(), flushDeadlineMs);
  const ask: Ask = (name, query, signal) => warehouse.ask(name, query, signal);
  return { install, files, journal, warehouse, prices, ask };
}

/** Whether the warehouse holds what the journal holds; its first words, spoken before it has looked at every stream, do not count. */
export function isCaughtUp({ journal, warehouse }: Pick<Storage, 'journal' | 'warehouse'>): boolean {
  const { state, backlogRows, deliveredSeq } = warehouse.health();
  return state === 'ok' && backlogRows === 0 && deliveredSeq >= journal.lastSeq();
}
