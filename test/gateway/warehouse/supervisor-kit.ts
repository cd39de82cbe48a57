/** A journal with rows and a supervised warehouse process over it, both real. */
import type { Timing } from '../../../gateway/warehouse/supervisor.ts';
import { startWarehouse, type WarehouseClient } from '../../../gateway/warehouse/warehouse-client.ts';
import type { RunningJournal } from '../../../gateway/journal/client.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { endedCall, startTestJournal } from '../journal/journal-kit.ts';
import { callIdOf } from '../../helpers/generated-rows.ts';

export const entry = new URL('../../../gateway/warehouse-process.ts', import.meta.url);

/** Short enough for a test, in the same proportions as the product's. */
export const quick: Partial<Timing> = {
  tickMs: 50,
  silentMs: 1_000,
  degradedMs: 1_500,
  hungMs: 60_000,
  firstRestartMs: 50,
  lastRestartMs: 500,
};

export interface Logged {
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function startTestWarehouse(
  dataDir: string,
  timing: Partial<Timing> = {},
): WarehouseClient & { readonly lines: Logged[] } {
  const lines: Logged[] = [];
  const note = (fields: object, event: string) => void lines.push({ event, fields: { ...fields } });
  const client = startWarehouse({
    dataDir,
    entry,
    log: { info: note, warn: note, error: note },
    timing: { ...quick, ...timing },
  });
  return Object.assign(client, { lines });
}

export async function writeCalls(journal: RunningJournal, count: number, first = 0): Promise<string[]> {
  const startedMs = Date.now() - 60_000;
  const ids = Array.from({ length: count }, (_, index) => callIdOf(startedMs, first + index));
  await Promise.all(
    ids.map((callId) => journal.close(endedCall({ callId, startedAt: new Date(startedMs).toISOString() }), 10_000)),
  );
  return ids;
}

export const openJournal = (dataDir: string): Promise<RunningJournal> => startTestJournal(dataDir);

export async function untilCalls(client: WarehouseClient, calls: number): Promise<void> {
  await waitFor(
    `${calls} calls in the warehouse`,
    async () => (await client.ask('metrics', { range: '1h' })).totals.calls === calls,
    15_000,
  );
}
