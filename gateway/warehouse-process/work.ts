/** What the warehouse process can be asked for: one entry a kind of request. */
import { QuestionSource } from '../../contract/analytics.ts';
import { answer } from '../analytics/answer.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { DuckDbStore } from '../warehouse/duckdb.ts';
import type { Request, Work, WorkKind } from '../warehouse/protocol.ts';
import { toAppError } from '../warehouse/snowflake/fault-answer.ts';
import { applyLocal, previewLocal } from './local-retention.ts';
import type { SnowflakeInUse, SnowflakeSide } from './snowflake-side.ts';

export interface Workshop {
  readonly store: DuckDbStore;
  readonly delivery: Delivery;
  readonly snowflake: SnowflakeSide;
}

type Handlers = {
  readonly [K in WorkKind]: (input: Work[K]['input'], signal: AbortSignal) => Promise<Work[K]['answer']>;
};

/** @throws AppError, or what the embedded warehouse throws */
export function carryOut(workshop: Workshop, request: Request, signal: AbortSignal): Promise<unknown> {
  const handlers = handlersOf(workshop);
  // The compiler does not follow a kind and its input through a union; both come from one entry of `Work`.
  const handler = handlers[request.kind] as (input: unknown, signal: AbortSignal) => Promise<unknown>;
  return handler(request.input, signal);
}

function handlersOf({ store, delivery, snowflake }: Workshop): Handlers {
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
    previewRetention: ({ target, days }, signal) =>
      target === 'local'
        ? previewLocal(store, days, signal)
        : withSnowflake(({ parts, access }) => parts.previewRetention(parts.openSession, access, { days, signal })),
    applyRetention: ({ target, days }, signal) =>
      target === 'local'
        ? applyLocal(store, delivery, days, signal)
        : withSnowflake(({ parts, access }) => parts.applyRetention(parts.openSession, access, { days, signal })),
  };
}

/** A query that is not even an object is refused where all of it is checked. */
function sourceOf(query: unknown): QuestionSource {
  const source: unknown = typeof query === 'object' && query !== null && 'source' in query ? query.source : undefined;
  return QuestionSource.safeParse(source).data ?? 'duckdb';
}
