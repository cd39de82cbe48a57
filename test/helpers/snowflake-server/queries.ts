/**
 * Queries under way and done. A query outlives the request that started it: a slow one is fetched by its id, a lost answer leaves it running,
 * an abort ends it. Its answer is made once and given again as often as it is asked for.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chunks } from './chunks.ts';
import type { Engine, Running } from './engine.ts';
import { encodeRow, rowType } from './encode-result.ts';
import { SqlError, statementCancelled, statementTimedOut } from './errors.ts';
import { statementType, type Outcome } from './outcome.ts';
import type { Parameters } from './parameters.ts';
import { refuse, succeed, type Reply } from './protocol.ts';
import { runStatements, type StatementText } from './run-statement.ts';
import type { Session } from './sessions.ts';

export interface QueryRequest extends StatementText {
  readonly requestId: string;
  readonly parameters: Parameters;
  /** Time the statement takes longer, as a fault asks. */
  readonly delayMs: number;
}

export type QueryStatus = 'RUNNING' | 'SUCCESS' | 'FAILED_WITH_ERROR' | 'ABORTED';

export interface Query {
  readonly id: string;
  readonly session: Session;
  /** Without the binds: a batch of megabytes is not kept once it has run. */
  readonly request: Omit<QueryRequest, 'binds'>;
  readonly startedAt: Date;
  status: QueryStatus;
  errorCode: string | null;
  /** Never rejects. */
  reply: Promise<Reply>;
  abort(reason: SqlError): void;
}

const kept = 500;
const longestTimerMs = 2 ** 31 - 1;

export class Queries {
  readonly #engine: Engine;
  readonly #chunks: Chunks;
  readonly #baseUrl: () => string;
  readonly #byId = new Map<string, Query>();

  constructor(engine: Engine, chunks: Chunks, baseUrl: () => string) {
    this.#engine = engine;
    this.#chunks = chunks;
    this.#baseUrl = baseUrl;
  }

  start(session: Session, request: QueryRequest): Query {
    const aborter = new AbortController();
    const id = newQueryId();
    const { binds: _binds, ...withoutBinds } = request;
    const query: Query = {
      id,
      session,
      request: withoutBinds,
      startedAt: new Date(),
      status: 'RUNNING',
      errorCode: null,
      reply: Promise.resolve(succeed(null)),
      abort: (reason) => aborter.abort(reason),
    };
    query.reply = this.#run(query, request, {
      session,
      scope: session.scope,
      parameters: request.parameters,
      queryId: id,
      sqlText: request.sqlText,
      signal: aborter.signal,
    });
    this.#keep(query);
    return query;
  }

  find(id: string): Query | null {
    return this.#byId.get(id) ?? null;
  }

  /** The newest one with the request id, in the same session. */
  ofRequest(session: Session, requestId: string): Query | null {
    return this.all().findLast((query) => query.session === session && query.request.requestId === requestId) ?? null;
  }

  all(): readonly Query[] {
    return [...this.#byId.values()];
  }

  /** Every running one, or those of one session; resolved when they have ended. */
  async abortOf(session: Session | null): Promise<void> {
    const running = this.all().filter(
      (query) => query.status === 'RUNNING' && (session === null || query.session === session),
    );
    for (const query of running) query.abort(statementCancelled());
    await Promise.all(running.map((query) => query.reply));
  }

  async #run(query: Query, request: QueryRequest, running: Running): Promise<Reply> {
    const seconds = request.parameters.number('STATEMENT_TIMEOUT_IN_SECONDS');
    const limit =
      seconds > 0
        ? setTimeout(() => query.abort(statementTimedOut(seconds)), Math.min(seconds * 1_000, longestTimerMs))
        : undefined;
    try {
      if (request.delayMs > 0) await sleepUntil(request.delayMs, running.signal);
      const outcomes = await runStatements(this.#engine, running, request);
      query.status = 'SUCCESS';
      return this.#answer(query, outcomes);
    } catch (error) {
      query.status = running.signal.aborted ? 'ABORTED' : 'FAILED_WITH_ERROR';
      query.errorCode = error instanceof SqlError ? error.code : '000603';
      return refuse(error, query.id);
    } finally {
      clearTimeout(limit);
    }
  }

  /** Several statements: the answer names a result for each, which are fetched one by one. */
  #answer(query: Query, outcomes: readonly Outcome[]): Reply {
    const [only] = outcomes;
    if (only !== undefined && outcomes.length === 1) return succeed(this.#data(query, query.id, only));
    const children = outcomes.map((outcome) => this.#child(query, outcome));
    return succeed({
      ...this.#data(query, query.id, multi),
      resultIds: children.map((child) => child.id).join(','),
      resultTypes: outcomes.map((outcome) => outcome.statementTypeId).join(','),
    });
  }

  #child(parent: Query, outcome: Outcome): Query {
    const id = newQueryId();
    const child = { ...parent, id, reply: Promise.resolve(succeed(this.#data(parent, id, outcome))) };
    this.#keep(child);
    return child;
  }

  #data(query: Query, id: string, outcome: Outcome): Readonly<Record<string, unknown>> {
    const most = query.request.parameters.number('ROWS_PER_RESULTSET') || Infinity;
    const rows = outcome.rows.slice(0, most).map((row) => encodeRow(row, outcome.columns));
    const { inline, chunks, qrmk } = this.#chunks.split(id, rows, this.#baseUrl());
    const { scope, warehouse } = query.session;
    return {
      parameters: query.request.parameters.list(),
      rowtype: outcome.columns.map(rowType),
      rowset: inline,
      total: rows.length,
      returned: rows.length,
      queryId: id,
      databaseProvider: null,
      finalDatabaseName: scope.database,
      finalSchemaName: scope.schema,
      finalWarehouseName: warehouse,
      finalRoleName: scope.role,
      statementTypeId: outcome.statementTypeId,
      version: 1,
      queryResultFormat: 'json',
      queryContext: { entries: [{ id: 0, timestamp: Date.now() * 1_000, priority: 0, context: '' }] },
      ...(qrmk === null ? {} : { qrmk, chunks }),
    };
  }

  #keep(query: Query): void {
    this.#byId.set(query.id, query);
    for (const [id, oldest] of this.#byId) {
      if (this.#byId.size <= kept || oldest.status === 'RUNNING') return;
      this.#byId.delete(id);
    }
  }
}

const multi: Outcome = { statementTypeId: statementType.multi, columns: [], rows: [], rowCount: 0 };

/** Starts with the time, as Snowflake's do. */
function newQueryId(): string {
  const minutes = Math.floor(Date.now() / 60_000)
    .toString(16)
    .padStart(8, '0');
  return `${minutes}-${randomUUID().slice(9)}`;
}

async function sleepUntil(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
