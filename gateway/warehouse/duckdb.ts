/** The embedded warehouse: one DuckDB file, one writer, a few readers. One process may hold it. */
import type { DeliveryBatch, DeliveryResult, Destination, ParkedRow } from '../delivery/destination.ts';
import { duckDbFault, type DuckDbFault } from './duckdb-errors.ts';
import { openDuckDbFile, type SetAside, type Suspect } from './duckdb-file.ts';
import { DuckDbReaders } from './duckdb-readers.ts';
import { DuckDbWriter } from './duckdb-writer.ts';
import type { Rescuer } from './rescue.ts';
import type { PricePage } from './repricing/price-page.ts';
import { readMissing, type MissingHistory } from './missing-history.ts';
import type { Warehouse } from './warehouse.ts';

export interface DuckDbStore {
  readonly warehouse: Warehouse;
  readonly destination: Destination;
  /** The file this opening replaced, why, and what of it is here; null when the file was fine. */
  readonly setAside: SetAside | null;
  /** Removes rows of the sample upstream; how many. */
  removeSample(): Promise<number>;
  /** Retention: removes calls that started before `startedMs` (epoch ms); how many. */
  deleteBefore(startedMs: number): Promise<number>;
  /** Gives the rows of a page their new prices and keeps the old ones in the audit table: both or neither. */
  changePrices(page: PricePage): Promise<void>;
  /** Remembers in the file itself that it has seen a run of re-pricing. */
  noteRepriced(runAt: string): Promise<void>;
  /** Remembers in the file itself what is missing in it. */
  noteMissing(gap: MissingHistory): Promise<void>;
  /** What is known to be missing, newest first. */
  missing(): Promise<readonly MissingHistory[]>;
  close(): Promise<void>;
}

export interface DuckDbOptions {
  readonly dataDir: string;
  /** Why the file is not to be trusted. */
  readonly suspect?: Suspect | null;
  /** Reads suspect files; without one a damaged file is replaced by an empty one. */
  readonly rescuer?: Rescuer | null;
  /** The open database is lost: this process must end; `corrupt` = the next one must not trust the file. */
  readonly onLost: (fault: Extract<DuckDbFault, 'corrupt' | 'invalidated'>, reason: string) => void;
}

/** Opens or creates the store; throws AppError `warehouse_unavailable` when the fault is not the file's. */
export async function openDuckDb(options: DuckDbOptions): Promise<DuckDbStore> {
  const file = await openDuckDbFile(options.dataDir, options.suspect ?? null, options.rescuer ?? null);
  const readers = new DuckDbReaders(file.instance);
  const writer = new DuckDbWriter(file.connection, file.columnOrder);
  const watched = watcher(options.onLost);
  return {
    warehouse: {
      engine: readers.engine,
      dialect: readers.dialect,
      query: (sql, binds, signal) => watched(readers.query(sql, binds, signal)),
      close: () => readers.close(),
    },
    destination: {
      name: writer.name,
      readCursor: (streamId: string) => watched(writer.readCursor(streamId)),
      deliver: (batch: DeliveryBatch): Promise<DeliveryResult> => watched(writer.deliver(batch)),
      park: (row: ParkedRow): Promise<DeliveryResult> => watched(writer.park(row)),
    },
    setAside: file.setAside,
    removeSample: () => watched(writer.removeSample()),
    deleteBefore: (startedMs) => watched(writer.deleteBefore(startedMs)),
    changePrices: (page) => watched(writer.changePrices(page)),
    noteRepriced: (runAt) => watched(writer.noteRepriced(runAt)),
    noteMissing: (gap) => watched(writer.noteMissing(gap)),
    missing: () => watched(readMissing(readers)),
    close: async () => {
      await readers.close();
      writer.close();
      file.instance.closeSync();
    },
  };
}

/** Passes a result on and reports when it says that the database itself is lost. */
function watcher(onLost: DuckDbOptions['onLost']): <T>(work: Promise<T>) => Promise<T> {
  return async (work) => {
    try {
      return await work;
    } catch (error) {
      const fault = duckDbFault(error);
      if (fault === 'corrupt' || fault === 'invalidated')
        onLost(fault, error instanceof Error ? error.message : String(error));
      throw error;
    }
  };
}
