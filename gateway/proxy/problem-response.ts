/** Errors the gateway itself answers with on the proxy path: RFC 9457 problems with our code in a header. Never a path or query in the text. */
import type { ServerResponse } from 'node:http';
import type { ErrorCode, Problem } from '../../contract/errors.ts';
import type { Upstream } from '../config.ts';
import { callIdHeader, errorHeader } from './headers.ts';
import { lingerBeforeClosing } from './lingering-close.ts';
import type { FailureCode } from './upstream/upstream-client.ts';

export interface ProblemAnswer {
  readonly status: number;
  readonly code: ErrorCode;
  readonly title: string;
  readonly detail: string;
  readonly callId: string | null; // null = no call was opened for the request
  readonly close: boolean; // the connection must not be used again
}

/** Sends a problem as the whole response. The head must not have been sent. */
export function sendProblem(res: ServerResponse, answer: ProblemAnswer): void {
  const { status, code, title, detail } = answer;
  const problem: Problem = { type: `/problems/${code}`, title, status, detail, code };
  const body = Buffer.from(JSON.stringify(problem));
  const headers = [
    'Content-Type',
    'application/problem+json',
    'Content-Length',
    String(body.length),
    errorHeader,
    code,
  ];
  if (answer.callId !== null) headers.push(callIdHeader, answer.callId);
  if (answer.close) headers.push('Connection', 'close');
  res.writeHead(status, headers);
  res.end(body);
  lingerBeforeClosing(res.req); // the request may still be on its way
}

const failures = {
  upstream_refused: { status: 502, title: 'Upstream refused', text: 'did not accept a connection' },
  upstream_dns: { status: 502, title: 'Upstream not found', text: 'could not be found by name' },
  upstream_tls: { status: 502, title: 'Upstream TLS failure', text: 'could not be reached over TLS' },
  upstream_timeout: { status: 504, title: 'Upstream timed out', text: 'did not answer in time' },
  upstream_reset: {
    status: 502,
    title: 'Upstream broke off',
    text: 'closed the connection or sent an invalid response',
  },
  gateway_stopping: { status: 503, title: 'Gateway stopping', text: 'was not waited for: the gateway is stopping' },
} as const satisfies Record<FailureCode, { status: number; title: string; text: string }>;

/** How a failure before the response head is told to the client. */
export function failureAnswer(code: FailureCode, upstream: Upstream, callId: string): ProblemAnswer {
  const { status, title, text } = failures[code];
  const detail = `The upstream ${upstream.name} (${upstream.origin.host}) ${text}.`;
  return { status, code, title, detail, callId, close: code === 'gateway_stopping' };
}
