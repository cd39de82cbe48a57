/** Every request goes through here: which route it is, which fault the test wants for it, then the route. */
import { setTimeout as sleep } from 'node:timers/promises';
import { assertNever } from '../../../contract/errors.ts';
import { masterTokenExpired, sessionExpired, sessionGone, sessionTokenInvalid, SqlError } from './errors.ts';
import type { Fault, FaultPolicy, FaultRequest, RequestKind } from './faults.ts';
import type { HttpAnswer } from './http.ts';
import type { Login } from './login.ts';
import type { OAuthTokens } from './oauth.ts';
import { refuse, succeed, textOf, type Incoming, type Reply } from './protocol.ts';
import type { QueryRoutes } from './query-routes.ts';
import type { Session, Sessions } from './sessions.ts';
import type { SingleSignOn } from './single-sign-on.ts';

interface Routes {
  readonly login: Login;
  readonly sessions: Sessions;
  readonly queries: QueryRoutes;
  readonly oauth: OAuthTokens;
  readonly sso: SingleSignOn;
  readonly faults: () => FaultPolicy | null;
  /** Ends a session with all that runs in it. */
  readonly endSession: (session: Session) => Promise<void>;
}

const routes: readonly (readonly [string, RegExp, RequestKind])[] = [
  ['POST', /^\/session\/v1\/login-request$/, 'login'],
  ['POST', /^\/session\/authenticator-request$/, 'sso'],
  ['GET', /^\/console\/login$/, 'sso'],
  ['POST', /^\/oauth\/token-request$/, 'oauth'],
  ['POST', /^\/session\/token-request$/, 'renew'],
  ['POST', /^\/session\/heartbeat$/, 'heartbeat'],
  ['POST', /^\/session$/, 'logout'],
  ['POST', /^\/queries\/v1\/query-request$/, 'query'],
  ['POST', /^\/queries\/[\w-]+\/abort-request$/, 'abort'],
  ['GET', /^\/queries\/[\w-]+\/result$/, 'result'],
  ['GET', /^\/monitoring\/queries\/[\w-]+$/, 'monitoring'],
  ['GET', /^\/chunks\/[\w-]+\/\d+$/, 'chunk'],
  ['POST', /^\/telemetry\/send$/, 'telemetry'],
];

const json = (body: Reply, status = 200): HttpAnswer => ({ kind: 'json', status, body });
const page = '<!doctype html><title>Sign in to the network</title><p>Please accept the terms of use.</p>';

export class Router {
  readonly #routes: Routes;
  readonly #attempts = new Map<string, number>();

  constructor(parts: Routes) {
    this.#routes = parts;
  }

  answer = async (incoming: Incoming): Promise<HttpAnswer> => {
    const kind = routes.find(([method, path]) => method === incoming.method && path.test(incoming.path))?.[2];
    if (kind === undefined)
      return { kind: 'json', status: 404, body: { message: `No ${incoming.method} ${incoming.path}` } };
    const session = this.#sessionOf(incoming);
    if (session !== null) incoming.usedBy(session.id);
    const request = this.#describe(kind, incoming, session);
    const fault = this.#routes.faults()?.(request) ?? null;
    return this.#withFault(fault, kind, incoming, request, session);
  };

  async #withFault(
    fault: Fault | null,
    kind: RequestKind,
    incoming: Incoming,
    request: FaultRequest,
    session: Session | null,
  ): Promise<HttpAnswer> {
    const handle = (delayMs = 0): Promise<HttpAnswer> => this.#handle(kind, incoming, request.attempt, delayMs);
    if (fault === null) return handle();
    switch (fault.kind) {
      case 'dropBefore':
        return { kind: 'drop' };
      case 'dropAfter':
        await handle();
        return { kind: 'drop' };
      case 'status':
        if (fault.executed === true) await handle();
        return {
          kind: 'bytes',
          status: fault.status,
          headers: { 'content-type': 'text/html' },
          body: fault.body ?? '',
        };
      case 'blackHole':
        return { kind: 'silence' };
      case 'delay':
        if (kind !== 'query') await sleep(fault.ms);
        return handle(kind === 'query' ? fault.ms : 0);
      case 'expireSession':
      case 'expireMaster':
        if (session !== null)
          this.#routes.sessions.expire(session, fault.kind === 'expireSession' ? 'session' : 'both');
        return handle();
      case 'loseSession':
        if (session !== null) await this.#routes.endSession(session);
        return handle();
      case 'sessionError':
        return json(refuse(sessionErrors[fault.code]()), fault.status ?? 200);
      case 'refuse':
        return json(refuse(new SqlError(fault.code, fault.sqlState, fault.message)));
      case 'wrongJson':
        return {
          kind: 'bytes',
          status: 200,
          headers: { 'content-type': fault.contentType ?? 'application/json' },
          body: page,
        };
      default:
        return assertNever(fault);
    }
  }

  async #handle(kind: RequestKind, incoming: Incoming, attempt: number, delayMs: number): Promise<HttpAnswer> {
    const { login, oauth, queries, sessions, sso } = this.#routes;
    try {
      switch (kind) {
        case 'login':
          return json(login.handle(incoming));
        case 'sso':
          return incoming.method === 'POST'
            ? json(sso.prepare(incoming.body))
            : redirect(sso.redirect(incoming.parameters));
        case 'oauth': {
          const { status, body } = oauth.issue(incoming.body);
          return { kind: 'json', status, body };
        }
        case 'renew':
          return json(renewed(sessions, sessions.renew(incoming.headers.authorization)));
        case 'chunk':
          return queries.chunk(incoming);
        default:
          return json(await this.#inSession(kind, incoming, attempt, delayMs));
      }
    } catch (error) {
      return json(refuse(error));
    }
  }

  /** @throws SqlError when the token is not good */
  async #inSession(
    kind: Exclude<RequestKind, 'login' | 'sso' | 'oauth' | 'renew' | 'chunk'>,
    incoming: Incoming,
    attempt: number,
    delayMs: number,
  ): Promise<Reply> {
    const { queries, sessions } = this.#routes;
    const session = sessions.byToken(incoming.headers.authorization);
    switch (kind) {
      case 'query':
        return queries.request(session, incoming, delayMs, attempt);
      case 'result':
        return queries.result(session, incoming.path);
      case 'abort':
        return queries.abort(session, incoming);
      case 'monitoring':
        return queries.monitoring(session, incoming.path);
      case 'logout':
        await this.#routes.endSession(session);
        return succeed(null);
      case 'heartbeat':
      case 'telemetry':
        return succeed(null);
      default:
        return assertNever(kind);
    }
  }

  #describe(kind: RequestKind, incoming: Incoming, session: Session | null): FaultRequest {
    const requestId = incoming.parameters.get('requestId');
    const attempt = requestId === null ? 1 : (this.#attempts.get(requestId) ?? 0) + 1;
    if (requestId !== null) this.#attempts.set(requestId, attempt);
    const sqlText = kind === 'query' ? textOf(incoming.body['sqlText']) : null;
    const [, word = null] = /^\s*(\w+)/.exec(sqlText ?? '') ?? [];
    return {
      kind,
      statement: word?.toUpperCase() ?? null,
      sqlText,
      attempt,
      requestId,
      sessionId: session?.id ?? null,
    };
  }

  #sessionOf(incoming: Incoming): Session | null {
    return this.#routes.sessions.peek(incoming.headers.authorization);
  }
}

const sessionErrors = {
  '390104': sessionTokenInvalid,
  '390111': sessionGone,
  '390112': sessionExpired,
  '390114': masterTokenExpired,
} as const;

const renewed = (sessions: Sessions, session: Session): Reply =>
  succeed({
    sessionToken: session.token,
    masterToken: session.masterToken,
    validityInSecondsST: sessions.lifetimes.sessionSeconds,
    validityInSecondsMT: sessions.lifetimes.masterSeconds,
    sessionId: session.id,
  });

const redirect = (location: string | null): HttpAnswer =>
  location === null
    ? { kind: 'bytes', status: 404, headers: {}, body: '' }
    : { kind: 'bytes', status: 302, headers: { location }, body: '' };
