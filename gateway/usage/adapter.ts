/**
 * What a provider adapter has to know. A new provider is one folder that exports one {@link ProviderAdapter}, named in providers.ts
 * (CONTRIBUTING.md, "A provider").
 */
import type { Provider, Surface } from '../../contract/usage-record.ts';
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
  /** A key for an event that only repeats running totals (see SseOptions.repeats), null for any other. */
  repeats?(data: string, draft: Draft): string | null;
  /** The provider's own code in its `error` member. */
  errorCode(error: JsonObject): string | null;
  /** The numbers of an answered call so far, from the merged usage object and what was counted in the draft. */
  counts(draft: Draft): UsageCounts;
  /**
   * `starts` a job whose usage a later call may bring, or `collects` it: a collecting call counts only for a job that was started here and
   * not counted yet, and is then a call of `surface`.
   */
  readonly job?: { readonly role: 'starts' | 'collects'; readonly surface: Surface };
}

export interface Recognised {
  readonly route: Route;
  readonly dialect: Dialect;
}

/** One kind of call an adapter knows, for people: docs/SURFACES.md is made of these. */
export interface SurfaceRow {
  readonly method: 'POST' | 'GET' | 'any';
  /** As the endpoint of a record shows it. */
  readonly path: string;
  readonly surface: Surface;
  /** What is metered, in words. */
  readonly meters: string;
}

export interface ProviderAdapter {
  readonly provider: Provider;
  recognise(call: CallLine): Recognised;
  readonly surfaces: readonly SurfaceRow[];
  /** Null for a path that opens no session whose frames tell usage. */
  readonly openSession?: (call: SessionLine) => SessionDialect | null;
}

export interface SessionLine {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** How one kind of WebSocket session speaks; each session gets its own, with its own state. */
export interface SessionDialect {
  readonly route: Route;
  readonly clientShape: JsonShape;
  readonly serverShape: JsonShape;
  /** True while a client message can still tell something. */
  readsClient(draft: Draft): boolean;
  readClient(message: JsonObject, draft: Draft): void;
  readServer(message: JsonObject, draft: Draft, atMs: number): void;
  /** Totals of the session so far. */
  counts(draft: Draft): UsageCounts;
  /** Turns that reported usage, the running one included. */
  turns(draft: Draft): number;
}
