/**
 * What a provider adapter has to know. A new provider is one folder with an adapter, added to the table in usage-tap.ts.
 */
import type { RawHeaders } from '../proxy/exchange.ts';
import type { JsonShape } from './body/json-pruner.ts';
import type { Draft } from './draft.ts';
import type { JsonObject } from './json-value.ts';
import type { UsageCounts } from './usage-counts.ts';
import type { Route } from './usage-facts.ts';

export interface CallLine {
  readonly method: string;
  readonly path: string; // without query
}

/** How one surface of a provider speaks. All readers get objects somebody else wrote: any member may be missing or of any type. */
export interface Dialect {
  /** Members of the request body that matter; null = the request body is not read. */
  readonly requestShape: JsonShape | null;
  /** Members of the response body that matter; null = only the error of a failed call is read. */
  readonly responseShape: JsonShape | null;
  readRequest(body: JsonObject, draft: Draft): void;
  readHead?(headers: RawHeaders, draft: Draft): void;
  readBody(body: JsonObject, draft: Draft): void;
  readEvent(event: JsonObject, draft: Draft, atMs: number, name: string | undefined): void;
  /** True when an event cannot tell anything new, judged by its text alone. */
  skipEvent?(data: string, name: string | undefined, draft: Draft): boolean;
  /** The provider's own code in its `error` member. */
  errorCode(error: JsonObject): string | null;
  counts(usage: JsonObject): UsageCounts;
}

export interface Recognised {
  readonly route: Route;
  readonly dialect: Dialect;
}

export interface ProviderAdapter {
  recognise(call: CallLine): Recognised;
}
