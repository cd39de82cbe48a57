/** One REST exchange with the gateway that serves this page. The session cookie authenticates; every failure is a value. */
import type { z } from 'zod';
import { Problem, type Answer, type Failure } from '../../contract/errors.ts';

export interface RestRequest<T> {
  readonly path: string;
  readonly schema: z.ZodType<T>;
  readonly post?: unknown; // makes it a POST
  readonly method?: 'PUT' | 'DELETE'; // where it is neither a GET nor a POST
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 30_000;

/** Fetches and checks one JSON answer. A refused session is `unauthorized`, no connection is `gateway_unreachable`. */
export async function requestJson<T>(fetcher: typeof fetch, request: RestRequest<T>): Promise<Answer<T>> {
  const { timeoutMs = defaultTimeoutMs, post } = request;
  const method = request.method ?? (post === undefined ? 'GET' : 'POST');
  let response: Response;
  try {
    response = await fetcher(request.path, requestInit(method, post, timeoutMs));
  } catch (error) {
    return unreachable(error, timeoutMs);
  }
  if (!response.ok) return problemOf(response);
  const parsed = request.schema.safeParse(await bodyOf(response));
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, code: 'internal', message: `The gateway's answer to ${request.path} has an unexpected shape` };
}

function requestInit(method: string, post: unknown, timeoutMs: number): RequestInit {
  const common = {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(timeoutMs),
  } as const;
  if (post === undefined) return { ...common, headers: { accept: 'application/json' } };
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  return { ...common, headers, body: JSON.stringify(post) };
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text; // not JSON: the schema refuses it with a message that names the path
  }
}

async function problemOf(response: Response): Promise<Failure> {
  if (response.status === 401) {
    return { ok: false, code: 'unauthorized', message: 'This dashboard session has ended or was never opened' };
  }
  const problem = Problem.safeParse(await bodyOf(response));
  if (!problem.success) {
    return { ok: false, code: 'internal', message: `The gateway answered with HTTP status ${response.status}` };
  }
  const { code, detail, field } = problem.data;
  return { ok: false, code, message: detail, ...(field === undefined ? {} : { field }) };
}

function unreachable(error: unknown, timeoutMs: number): Failure {
  const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
  return timedOut
    ? { ok: false, code: 'timeout', message: `The gateway took longer than ${timeoutMs / 1000} seconds to answer` }
    : { ok: false, code: 'gateway_unreachable', message: 'The gateway does not answer at this address' };
}
