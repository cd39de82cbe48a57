/** A real DuckDB warehouse in a directory of its own, filled through the delivery path. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import { openDuckDb, type DuckDbOptions, type DuckDbStore } from '../../../gateway/warehouse/duckdb.ts';

export function freshDir(): string {
  return mkdtempSync(join(tmpdir(), 'aism-warehouse-'));
}

export function removeDir(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** Fails the test when the database is lost unexpectedly. */
export function openStore(dataDir: string, options: Partial<DuckDbOptions> = {}): Promise<DuckDbStore> {
  const onLost: DuckDbOptions['onLost'] = (fault, reason) => {
    throw new Error(`Database lost (${fault}): ${reason}`);
  };
  return openDuckDb({ dataDir, onLost, ...options });
}

export async function deliverAll(store: DuckDbStore, records: readonly UsageRecord[]): Promise<void> {
  for (const [streamId, rows] of Map.groupBy(records, (record) => record.streamId)) {
    const from = await store.destination.readCursor(streamId);
    const result = await store.destination.deliver({ streamId, from, to: rows.at(-1)?.seq ?? from, rows });
    if (result.kind !== 'stored') throw new Error(`Not stored: ${JSON.stringify(result)}`);
  }
}

export interface FilledWarehouse {
  readonly store: DuckDbStore;
  close(): Promise<void>;
}

export async function filledWarehouse(records: readonly UsageRecord[]): Promise<FilledWarehouse> {
  const dataDir = freshDir();
  const store = await openStore(dataDir);
  await deliverAll(store, records);
  return {
    store,
    close: async () => {
      await store.close();
      removeDir(dataDir);
    },
  };
}
