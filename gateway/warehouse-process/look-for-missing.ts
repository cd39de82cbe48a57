/** Before the first delivery: does this database lack rows that the journal no longer has? What is found is remembered and told. */
import type { JournalReader } from '../journal/journal.ts';
import type { DuckDbStore } from '../warehouse/duckdb.ts';
import { missingBefore } from '../warehouse/missing-history.ts';
import { log, tell } from './telling.ts';

export async function lookForMissing(
  store: Pick<DuckDbStore, 'warehouse' | 'setAside' | 'missing' | 'noteMissing'>,
  journal: JournalReader,
): Promise<void> {
  const { setAside } = store;
  const lost = setAside !== null && setAside.rescued !== 'all' ? setAside.name : null;
  const found = await missingBefore(store.warehouse, journal);
  // Without a row in the journal nothing comes back.
  const beforeMs = found ?? (lost !== null && journal.oldest() === null ? Date.now() : null);
  const known = await store.missing();
  if (beforeMs !== null && known[0]?.beforeMs !== beforeMs) {
    log.warn({ before: new Date(beforeMs).toISOString(), file: lost }, 'WarehouseHistoryMissing');
    await store.noteMissing({ foundMs: Date.now(), beforeMs, file: lost });
  }
  await tell({ kind: 'missing', missing: await store.missing() });
}
