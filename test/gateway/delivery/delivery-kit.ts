/** A source of rows in memory and a DuckDB destination whose answers can be made to fail. */
import type { UsageRecord } from '../../../contract/usage-record.ts';
import { createBackOff } from '../../../gateway/delivery/back-off.ts';
import {
  createDelivery,
  type BatchSource,
  type Delivery,
  type DeliveryOptions,
} from '../../../gateway/delivery/delivery.ts';
import type { Destination } from '../../../gateway/delivery/destination.ts';
import type { DuckDbStore } from '../../../gateway/warehouse/duckdb.ts';

/** Streams in order of first appearance, as a journal file keeps them. */
export function arraySource(rows: UsageRecord[]): BatchSource {
  const streams = () =>
    [...Map.groupBy(rows, (row) => row.streamId)].map(([streamId, members]) => ({
      streamId,
      firstSeq: members[0]?.seq ?? 0,
      lastSeq: members.at(-1)?.seq ?? 0,
    }));
  return {
    streams,
    readBatch: (streamId, from, maxRows) => {
      const waiting = rows.filter((row) => row.streamId === streamId && row.seq > from);
      const taken = waiting.slice(0, maxRows);
      const to = taken.at(-1)?.seq;
      return to === undefined ? null : { streamId, from, to, rows: taken, damaged: [] };
    },
    pending: (streamId, from) => {
      const waiting = rows.filter((row) => row.streamId === streamId && row.seq > from);
      const [first] = waiting;
      if (first === undefined) return null;
      return {
        rows: waiting.length,
        sampledRows: waiting.length,
        sampledBytes: JSON.stringify(waiting).length,
        firstStartedMs: Date.parse(first.startedAt),
      };
    },
  };
}

/** `before` runs ahead of each write and may throw; `after` runs when the write is durable and may throw its answer away. */
export function faulty(destination: Destination, fault: { before?: () => void; after?: () => void }): Destination {
  const around = async <T>(work: () => Promise<T>): Promise<T> => {
    fault.before?.();
    const result = await work();
    fault.after?.();
    return result;
  };
  return {
    name: destination.name,
    readCursor: (streamId) => destination.readCursor(streamId),
    deliver: (batch) => around(() => destination.deliver(batch)),
    park: (row) => around(() => destination.park(row)),
  };
}

export interface LoggedLine {
  readonly event: string;
  readonly fields: object;
}

export function startDelivery(
  options: Pick<DeliveryOptions, 'source' | 'destination'> & Partial<DeliveryOptions>,
): Delivery & { readonly lines: LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const note = (fields: object, event: string) => void lines.push({ event, fields });
  const delivery = createDelivery({
    log: { info: note, warn: note },
    onState: () => undefined,
    backOff: createBackOff(5, 40),
    coalesceMs: 5,
    pollMs: 20,
    ...options,
  });
  return Object.assign(delivery, { lines });
}

/** Stream and seq of every stored row, in order. */
export async function storedRows(store: DuckDbStore): Promise<string[]> {
  const rows = await store.warehouse.query('SELECT stream_id, seq FROM api_usage_metrics ORDER BY stream_id, seq', []);
  return rows.map((row) => `${String(row['stream_id'])} ${String(row['seq'])}`);
}

export const namesOf = (rows: readonly UsageRecord[]): string[] =>
  rows
    .toSorted((a, b) => (a.streamId === b.streamId ? a.seq - b.seq : a.streamId < b.streamId ? -1 : 1))
    .map((row) => `${row.streamId} ${row.seq}`);

export interface MemoryDestination extends Destination {
  readonly rows: UsageRecord[];
  readonly cursors: Map<string, number>;
  /** When each attempt came (monotonic ms): reading a cursor and writing alike. */
  readonly attemptsMs: number[];
  /** Runs ahead of everything and may throw. */
  before: () => void;
}

/** A destination that keeps P4's promise in memory: rows and cursor change together, or nothing does. */
export function memoryDestination(): MemoryDestination {
  const rows: UsageRecord[] = [];
  const cursors = new Map<string, number>();
  const destination: MemoryDestination = {
    name: 'memory',
    rows,
    cursors,
    attemptsMs: [],
    before: () => undefined,
    async readCursor(streamId) {
      attempt();
      return cursors.get(streamId) ?? 0;
    },
    async deliver(batch) {
      attempt();
      const cursor = cursors.get(batch.streamId) ?? 0;
      if (cursor !== batch.from) return { kind: 'moved', cursor };
      rows.push(...batch.rows);
      cursors.set(batch.streamId, batch.to);
      return { kind: 'stored' };
    },
    async park({ streamId, to }) {
      cursors.set(streamId, to);
      return { kind: 'stored' };
    },
  };
  function attempt(): void {
    destination.attemptsMs.push(performance.now());
    destination.before();
  }
  return destination;
}
