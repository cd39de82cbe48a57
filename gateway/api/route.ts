/** One route of the control API. The table of them ({@link file://./routes.ts}) drives the router, the OpenAPI document and the tests. */
import type { z } from 'zod';
import type { QuestionName } from '../../contract/analytics.ts';

/** `anyone` is for the liveness probe alone; `token` refuses browser sessions. */
export type Access = 'anyone' | 'session' | 'token';

export interface RouteInput<B> {
  readonly params: URLSearchParams;
  readonly body: B;
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
}

interface RouteBase {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly access: Access;
}

/** Answers with JSON of the schema `answer`. */
export interface JsonRoute extends RouteBase {
  readonly kind: 'json';
  /** An analytics question: its query parameters come from the contract. */
  readonly question?: QuestionName;
  readonly body?: z.ZodType;
  /** Where a body may be larger than most. */
  readonly maxBodyBytes?: number;
  readonly answer: z.ZodType;
  handle(input: RouteInput<unknown>): Promise<unknown>;
}

/** Answers with text of its own content type. */
export interface TextRoute extends RouteBase {
  readonly kind: 'text';
  readonly contentType: string;
  handle(input: RouteInput<unknown>): Promise<string>;
}

export type Route = JsonRoute | TextRoute;

/** A JSON route whose handler sees its body as the schema parsed it. */
export function jsonRoute<B extends z.ZodType, A extends z.ZodType>(
  route: Omit<JsonRoute, 'kind' | 'body' | 'answer' | 'handle'> & {
    readonly body: B;
    readonly answer: A;
    handle(input: RouteInput<z.output<B>>): Promise<z.input<A>>;
  },
): JsonRoute {
  return { ...route, kind: 'json', handle: (input) => route.handle({ ...input, body: route.body.parse(input.body) }) };
}
