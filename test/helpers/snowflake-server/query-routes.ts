/** The routes about queries: start, fetch, abort, watch. */
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeBinds } from './binds.ts';
import type { Chunks } from './chunks.ts';
import { resultNotFound, SqlError, statementCancelled } from './errors.ts';
import type { HttpAnswer } from './http.ts';
import { Parameters } from './parameters.ts';
import { isRecord, refuse, succeed, textOf, type Incoming, type Reply } from './protocol.ts';
import type { Queries, Query, QueryRequest } from './queries.ts';
import type { Session } from './sessions.ts';

export interface QueryTiming {
  /** An answer that takes longer says 333333, and is fetched. Snowflake waits 45 s. */
  readonly slowQueryMs: number;
  /** A statement whose client is gone ends so much later, in sessions with ABORT_DETACHED_QUERY. Snowflake: 5 minutes. */
  readonly detachedQueryMs: number;
  /** A request id that was seen gets the answer it got: what Snowflake seems to do, for a time nobody documents. */
  readonly deduplicate: boolean;
}

export interface StatementSeen {
  readonly at: Date;
  readonly text: string;
  readonly tag: string;
  readonly requestId: string;
  /** How often the request id had come, this one included. */
  readonly attempt: number;
  readonly session: number;
  readonly user: string;
  readonly queryId: string;
  /** Of the request's body as it came, and what it said about its encoding. */
  readonly wireBytes: number;
  readonly encoding: string | null;
  status: Query['status'];
  errorCode: string | null;
}

export class QueryRoutes {
  readonly #queries: Queries;
  readonly #chunks: Chunks;
  readonly #timing: () => QueryTiming;
  readonly seen: StatementSeen[] = [];

  constructor(queries: Queries, chunks: Chunks, timing: () => QueryTiming) {
    this.#queries = queries;
    this.#chunks = chunks;
    this.#timing = timing;
  }

  async request(session: Session, incoming: Incoming, delayMs: number, attempt: number): Promise<Reply> {
    const request = toRequest(session, incoming, delayMs);
    if (request instanceof SqlError) return refuse(request);
    const known = this.#timing().deduplicate ? this.#queries.ofRequest(session, request.requestId) : null;
    const query = known ?? this.#start(session, request, attempt, incoming);
    this.#watchClient(query, incoming.gone);
    return incoming.body['asyncExec'] === true ? inProgress(query, '333334') : this.#answerSoon(query);
  }

  async result(session: Session, path: string): Promise<Reply> {
    const query = this.#find(session, path);
    return query === null ? refuse(resultNotFound(path.split('/')[2] ?? '')) : this.#answerSoon(query);
  }

  /** By request id in the body, or by query id in the path. */
  async abort(session: Session, incoming: Incoming): Promise<Reply> {
    const requestId = textOf(incoming.body['requestId']);
    const query = requestId === null ? this.#find(session, incoming.path) : this.#queries.ofRequest(session, requestId);
    if (query?.status !== 'RUNNING') return refuse(notRunning());
    query.abort(statementCancelled());
    await query.reply;
    return succeed(null);
  }

  monitoring(session: Session, path: string): Reply {
    const query = this.#queries.find(path.split('/').at(-1) ?? '');
    if (query === null || query.session.user !== session.user) return succeed({ queries: [] });
    return succeed({
      queries: [
        {
          id: query.id,
          status: query.status,
          state: query.status,
          sqlText: query.request.sqlText,
          startTime: query.startedAt.getTime(),
          errorCode: query.errorCode,
          sessionId: query.session.id,
        },
      ],
    });
  }

  chunk(incoming: Incoming): HttpAnswer {
    const body = this.#chunks.find(incoming.path, incoming.headers);
    if (body === null) {
      return {
        kind: 'bytes',
        status: 403,
        headers: { 'content-type': 'application/xml' },
        body: '<Error>AccessDenied</Error>',
      };
    }
    const headers = { 'content-type': 'binary/octet-stream', 'content-encoding': 'gzip' };
    return { kind: 'bytes', status: 200, headers, body };
  }

  #start(session: Session, request: QueryRequest, attempt: number, { wireBytes, headers }: Incoming): Query {
    const query = this.#queries.start(session, request);
    const seen: StatementSeen = {
      at: query.startedAt,
      text: request.sqlText,
      tag: request.parameters.text('QUERY_TAG'),
      requestId: request.requestId,
      attempt,
      session: session.id,
      user: session.user,
      queryId: query.id,
      wireBytes,
      encoding: headers['content-encoding'] ?? null,
      status: 'RUNNING',
      errorCode: null,
    };
    this.seen.push(seen);
    void noteEnd(seen, query);
    return query;
  }

  async #answerSoon(query: Query): Promise<Reply> {
    const timer = new AbortController();
    const late = sleep(this.#timing().slowQueryMs, null, { signal: timer.signal }).catch(() => null);
    const reply = await Promise.race([query.reply, late]);
    timer.abort();
    return reply ?? inProgress(query, '333333');
  }

  #watchClient(query: Query, gone: AbortSignal): void {
    gone.addEventListener('abort', () => {
      if (query.status !== 'RUNNING' || !query.request.parameters.flag('ABORT_DETACHED_QUERY')) return;
      const timer = setTimeout(() => query.abort(statementCancelled()), this.#timing().detachedQueryMs);
      void query.reply.then(() => clearTimeout(timer));
    });
  }

  /** /queries/<id>/…, of the same user. */
  #find(session: Session, path: string): Query | null {
    const query = this.#queries.find(path.split('/')[2] ?? '');
    return query?.session.user === session.user ? query : null;
  }
}

function toRequest(session: Session, incoming: Incoming, delayMs: number): QueryRequest | SqlError {
  const { body } = incoming;
  if (body['bindStage'] !== undefined) {
    return new SqlError('0A0000', '0A000', 'Binds by stage are not offered by this local server.');
  }
  const parameters = new Parameters(session.parameters);
  for (const [name, value] of Object.entries(isRecord(body['parameters']) ? body['parameters'] : {})) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      parameters.set(name, value);
  }
  return {
    sqlText: textOf(body['sqlText']) ?? '',
    binds: decodeBinds(body['bindings']),
    describeOnly: body['describeOnly'] === true,
    requestId: incoming.parameters.get('requestId') ?? '',
    parameters,
    delayMs,
  };
}

async function noteEnd(seen: StatementSeen, query: Query): Promise<void> {
  await query.reply;
  seen.status = query.status;
  seen.errorCode = query.errorCode;
}

const inProgress = (query: Query, code: '333333' | '333334'): Reply =>
  succeed(
    {
      queryId: query.id,
      getResultUrl: `/queries/${query.id}/result`,
      queryAbortsAfterSecs: 300,
      progressDesc: null,
    },
    code,
    'Query execution in progress.',
  );

const notRunning = (): SqlError =>
  new SqlError('000605', '57014', 'Identified SQL statement is not currently executing.');
