/** What the warehouse process can be asked for: one entry a kind of request. */
import { QuestionSource } from '../../contract/analytics.ts';
import { answer } from '../analytics/answer.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { DuckDbStore } from '../warehouse/duckdb.ts';
import type { Request, Work, WorkKind } from '../warehouse/protocol.ts';
import { toAppError } from '../warehouse/snowflake/fault-answer.ts';
import { findCall } from '../warehouse/find-call.ts';
import type { RepriceTally } from '../warehouse/repricing/tally.ts';
import { applyLocal, newestCall, previewLocal } from './local-retention.ts';
import type { Repricing } from './repricing.ts';
import type { SnowflakeInUse, SnowflakeSide } from './snowflake-side.ts';
import { tell } from './telling.ts';

export interface Workshop {
  readonly store: DuckDbStore;
  readonly delivery: Delivery;
  readonly snowflake: SnowflakeSide;
  readonly repricing: Repricing;
}

type TellProgress = (progress: RepriceTally) => void;
type Handlers = {
  readonly [K in WorkKind]: (
    input: Work[K]['input'],
    signal: AbortSignal,
    onProgress: TellProgress,
  ) => Promise<Work[K]['answer']>;
};

/** @throws AppError, or what the embedded warehouse throws */
export function carryOut(workshop: Workshop, request: Request, signal: AbortSignal): Promise<unknown> {
  const handlers = handlersOf(workshop);
  // The compiler does not follow a kind and its input through a union; both come from one entry of `Work`.
  const handler = handlers[request.kind] as (
    input: unknown,
    signal: AbortSignal,
    onProgress: TellProgress,
  ) => Promise<unknown>;
  return handler(request.input, signal, (progress) => void tell({ kind: 'progress', id: request.id, progress }));
}

function handlersOf({ store, delivery, snowflake, repricing }: Workshop): Handlers {
  const withSnowflake = async <T>(work: (inUse: SnowflakeInUse) => Promise<T>): Promise<T> => {
    const inUse = await snowflake.inUse();
    return work(inUse).catch((error: unknown) => {
      throw toAppError(error);
    });
  };
  return {
    ask: ({ name, query }, signal) =>
      sourceOf(query) === 'snowflake'
        ? withSnowflake(({ warehouse }) => answer(warehouse, name, query, { signal }))
        : answer(store.warehouse, name, query, { signal }),
    removeSample: () => delivery.betweenBatches(() => store.removeSample()),
    sync: () => snowflake.sync(),
    testSnowflake: (_, signal) =>
      withSnowflake(({ parts, access }) => parts.testConnection(parts.openSession, access, { signal })),
    setupSnowflake: ({ dryRun }, signal) =>
      withSnowflake(({ parts, access }) => parts.runSetup(parts.openSession, access, { dryRun, signal })),
    fleet: (_, signal) =>
      withSnowflake(({ parts, warehouse, installId }) => parts.readFleet(warehouse, installId, signal)),
    audit: (_, signal) => withSnowflake(({ parts, warehouse }) => parts.auditStreams(warehouse, signal)),
    previewRetention: ({ target, ...age }, signal) =>
      target === 'local'
        ? previewLocal(store, age, signal)
        : withSnowflake(({ parts, access }) => parts.previewRetention(parts.openSession, access, { ...age, signal })),
    applyRetention: ({ target, ...age }, signal) =>
      target === 'local'
        ? applyLocal(store, delivery, age, signal)
        : withSnowflake(({ parts, access }) => parts.applyRetention(parts.openSession, access, { ...age, signal })),
    newestCall: ({ beforeMs }, signal) => newestCall(store, beforeMs, signal),
    findCall: ({ callId, source }, signal) =>
      source === 'snowflake'
        ? withSnowflake(({ warehouse }) => findCall(warehouse, callId, signal))
        : findCall(store.warehouse, callId, signal),
    reprice: (order, signal, onProgress) => repricing.run(order, signal, onProgress),
  };
}

/** A query that is not even an object is refused where all of it is checked. */
function sourceOf(query: unknown): QuestionSource {
  const source: unknown = typeof query === 'object' && query !== null && 'source' in query ? query.source : undefined;
  return QuestionSource.safeParse(source).data ?? 'duckdb';
}
