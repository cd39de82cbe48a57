/**
 * The control API over HTTP: finds the route, checks access before anything is read, runs the handler, writes the answer. The guard
 * (Host, Origin) has spoken before.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../../contract/errors.ts';
import type { Log } from '../log.ts';
import { readJsonBody } from './body.ts';
import { sendCsv, takeFormat } from './csv-answer.ts';
import { isList, type Ask } from './list-export.ts';
import { check } from './query-string.ts';
import { sendProblem, toProblem } from './problem.ts';
import { apiHeaders } from './response-headers.ts';
import type { Route } from './route.ts';
import type { Door } from './token.ts';

export interface RouterOptions {
  readonly routes: readonly Route[];
  readonly door: Door;
  readonly ask: Ask;
  readonly log: Log;
}

export interface Router {
  /** Answers the request whatever happens; never rejects. */
  handle(request: IncomingMessage, response: ServerResponse, path: string, params: URLSearchParams): Promise<void>;
}

export function createRouter(options: RouterOptions): Router {
  return {
    async handle(request, response, path, params) {
      try {
        await answer(options, request, response, path, params);
      } catch (error) {
        refuse(options.log, request, response, path, error);
      }
    },
  };
}

async function answer(
  options: RouterOptions,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  params: URLSearchParams,
): Promise<void> {
  const route = findRoute(options.routes, request.method ?? '', path, response);
  authorise(route, request, options.door);
  const signal = leaveSignal(response);
  if (route.kind === 'json' && route.question !== undefined) {
    const { format, bom } = takeFormat(params, isList(route.question));
    if (format === 'csv' && isList(route.question)) {
      return sendCsv({ name: route.question, params, bom, ask: options.ask, signal }, response);
    }
  }
  const body =
    route.kind === 'json' && route.body !== undefined
      ? check(route.body, await readJsonBody(request, route.maxBodyBytes))
      : undefined;
  const result = await route.handle({ params, body, signal });
  if (response.destroyed) return;
  if (route.kind === 'text') send(response, route.contentType, String(result));
  else send(response, 'application/json', JSON.stringify(result));
}

function findRoute(routes: readonly Route[], method: string, path: string, response: ServerResponse): Route {
  const atPath = routes.filter((route) => route.path === path);
  if (atPath.length === 0)
    throw new AppError('not_found', `There is no ${path}. /api/openapi.json lists what there is.`);
  const found = atPath.find((route) => route.method === (method === 'HEAD' ? 'GET' : method));
  if (found !== undefined) return found;
  const allowed = atPath.flatMap((route) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method])).join(', ');
  response.setHeader('allow', allowed);
  throw new AppError('method_not_allowed', `${method} is not accepted here. Accepted: ${allowed}.`);
}

function authorise(route: Route, request: IncomingMessage, door: Door): void {
  if (route.access === 'anyone') return;
  const admitted = route.access === 'token' ? door.hasToken(request.headers) : door.admits(request.headers);
  if (!admitted)
    throw new AppError(
      'unauthorized',
      'Send the token in control.token of the data directory as "Authorization: Bearer TOKEN".',
    );
}

function leaveSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => controller.abort(new AppError('cancelled', 'The client left.')));
  return controller.signal;
}

function send(response: ServerResponse, contentType: string, text: string): void {
  response.writeHead(200, { ...apiHeaders, 'content-type': contentType, 'content-length': Buffer.byteLength(text) });
  response.end(response.req.method === 'HEAD' ? undefined : text);
}

function refuse(log: Log, request: IncomingMessage, response: ServerResponse, path: string, error: unknown): void {
  const problem = toProblem(error);
  const expected = error instanceof AppError && error.code !== 'internal';
  log[expected ? 'debug' : 'error'](
    { err: error, method: request.method, path, code: problem.code },
    'ApiRequestRefused',
  );
  if (response.destroyed) return;
  // Part of an answer is out: only a broken connection tells the client that the rest is missing.
  if (response.headersSent) response.destroy();
  else sendProblem(response, problem, request.complete ? {} : { connection: 'close' });
}
