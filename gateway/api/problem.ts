/** Errors of our own surface as RFC 9457 problem details. What is not an {@link AppError} is a bug: the client learns nothing of it. */
import type { ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import { AppError, type ErrorCode, type Problem } from '../../contract/errors.ts';
import { scrub } from '../../contract/scrub.ts';
import { lingerBeforeClosing } from '../proxy/lingering-close.ts';
import { apiHeaders } from './response-headers.ts';

const statusOf: { readonly [C in ErrorCode]?: number } = {
  bad_request: 400,
  bad_framing: 400,
  unauthorized: 401,
  forbidden_host: 403,
  forbidden_origin: 403,
  not_found: 404,
  unknown_upstream: 404,
  method_not_allowed: 405,
  gateway_stopping: 503,
  gateway_unreachable: 503,
  warehouse_unavailable: 503,
  journal_unavailable: 503,
  data_dir_unusable: 503,
  cancelled: 499,
  timeout: 504,
  busy: 409,
  snowflake_not_configured: 409,
  snowflake_unavailable: 503,
  snowflake_denied: 502,
  snowflake_error: 502,
};

export function toProblem(error: unknown, status?: number): Problem {
  const known =
    error instanceof AppError ? error : new AppError('internal', 'The gateway failed to answer; its log says why.');
  const code = known.code;
  const answer = status ?? statusOf[code] ?? 500;
  return {
    type: `/problems/${code}`,
    title: STATUS_CODES[answer] ?? 'Error',
    status: answer,
    detail: scrub(known.message),
    code,
    ...(known.field === undefined ? {} : { field: known.field }),
  };
}

export function sendProblem(
  response: ServerResponse,
  problem: Problem,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(problem);
  response.writeHead(problem.status, {
    ...apiHeaders,
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    ...(problem.code === 'unauthorized' ? { 'www-authenticate': 'Bearer realm="ai-studio-monitor"' } : {}),
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
  lingerBeforeClosing(response.req); // the request may still be on its way
}

/** The same on a socket whose upgrade is refused: there is no response object. */
export function rawProblem(problem: Problem): string {
  const body = JSON.stringify(problem);
  const lines = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    ...Object.entries(apiHeaders).map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
