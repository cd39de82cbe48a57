import type { z } from 'zod';
import { AppError, Problem } from '../contract/errors.ts';
import { loopbackFetch } from './loopback-fetch.ts';

export interface RestTarget {
  readonly url: string;
  readonly token: string;
}

export interface RestRequest {
  readonly params?: URLSearchParams;
  readonly body?: unknown; // makes it a POST
  readonly method?: 'PUT' | 'DELETE'; // where it is neither a GET nor a POST
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number; // of the whole answer; default 30 s
}

/** Calls of the gateway's control API. The target is asked at each call, because a restart may change the port. */
export interface GatewayRest {
  ask<T>(path: string, schema: z.ZodType<T>, request?: RestRequest): Promise<T>;
  /** The raw response, for streams. @throws AppError when it is not a success. */
  open(path: string, request?: RestRequest): Promise<Response>;
}

const answerTimeoutMs = 30_000;

/** @throws (from its calls) AppError with the gateway's own code, `gateway_unreachable`, or `timeout`. */
export function createGatewayRest(target: () => RestTarget | null): GatewayRest {
  const open = async (path: string, { params, body, signal, method }: RestRequest = {}): Promise<Response> => {
    const response = await send(target(), path, { params, body, signal, method });
    if (!response.ok) throw await problemOf(response);
    return response;
  };
  return {
    open,
    async ask(path, schema, request = {}) {
      const deadline = AbortSignal.timeout(request.timeoutMs ?? answerTimeoutMs);
      const signal = request.signal === undefined ? deadline : AbortSignal.any([request.signal, deadline]);
      const response = await open(path, { ...request, signal });
      const parsed = schema.safeParse(await response.json());
      if (parsed.success) return parsed.data;
      throw new AppError('internal', `The gateway gave an answer of another shape to ${path}.`, {
        cause: parsed.error,
      });
    },
  };
}

type Sent = { readonly [K in 'params' | 'body' | 'signal' | 'method']: RestRequest[K] | undefined };

async function send(
  target: RestTarget | null,
  path: string,
  { params, body, signal, method }: Sent,
): Promise<Response> {
  if (target === null) throw new AppError('gateway_unreachable', 'The gateway is not running.');
  const url = new URL(path, target.url);
  if (params !== undefined) url.search = params.toString();
  const authorization = `Bearer ${target.token}`;
  try {
    return await loopbackFetch(url, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: body === undefined ? { authorization } : { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    throw asAppError(error);
  }
}

function asAppError(error: unknown): AppError {
  const name = error instanceof Error ? error.name : '';
  if (name === 'TimeoutError') return new AppError('timeout', 'The gateway did not answer in time.', { cause: error });
  if (name === 'AbortError') return new AppError('cancelled', 'Cancelled.', { cause: error });
  return new AppError('gateway_unreachable', 'The gateway cannot be reached.', { cause: error });
}

async function problemOf(response: Response): Promise<AppError> {
  const text = await response.text();
  const problem = Problem.safeParse(parseJson(text));
  if (!problem.success) return new AppError('internal', `The gateway answered with HTTP ${response.status}.`);
  const { code, detail, field } = problem.data;
  return new AppError(code, detail, field === undefined ? {} : { field });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
