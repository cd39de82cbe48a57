/**
 * The seam between the proxy and metering. The proxy tells an observer what passes by; the observer gets the same buffers the client gets
 * and must not change them. Nothing an observer does can alter a response; the only delay it may cause is {@link ExchangeObserver.end}'s
 * promise, which the proxy awaits for at most `holdMs` before it releases the last byte (P1–P3).
 */
import type { Upstream } from '../config.ts';

/** Header pairs as they stood on the wire: name, value, name, value … (order and case kept). */
export type RawHeaders = readonly string[];

export interface RequestHead {
  readonly callId: string; // UUIDv7
  readonly startedAt: Date;
  readonly upstream: Upstream;
  readonly method: string;
  readonly path: string; // upstream path without query, for example /v1beta/models/gemini-2.5-pro:generateContent
  readonly query: URLSearchParams; // may hold keys: never stored
  readonly headers: RawHeaders; // as the client sent them, x-aism-* included
  readonly remoteAddress: string;
}

export interface ResponseHead {
  readonly statusCode: number;
  readonly headers: RawHeaders;
}

export type ExchangeEnd =
  | { readonly kind: 'complete' } // the upstream's response ended as framed
  | { readonly kind: 'client_aborted' }
  | {
      readonly kind: 'upstream_failed';
      readonly code:
        | 'upstream_refused'
        | 'upstream_dns'
        | 'upstream_tls'
        | 'upstream_timeout'
        | 'upstream_reset'
        | 'gateway_stopping';
    };

export interface ExchangeTimes {
  readonly durationMs: number; // request head received → last byte from upstream (or failure); the hold is added by who causes it
  readonly firstByteMs: number | null; // request head received → first response body byte (or head, when there is no body)
  /**
   * What the gateway added up to now: request head received → request sent, getting a connection included and the wait for the client's body
   * excluded, plus the time that observing took. The hold comes on top.
   */
  readonly overheadMs: number;
  /** The end of the answer waits for {@link ExchangeObserver.end}: its time until then is the gateway's too. */
  readonly answerWaits: boolean;
}

/** `atMs` is milliseconds since the request head was received, from the monotonic clock. */
export interface ExchangeObserver {
  requestBody(chunk: Buffer): void;
  responseHead(head: ResponseHead, atMs: number): void;
  responseBody(chunk: Buffer, atMs: number): void;
  /** Resolves when the row is durable. Called once, whatever happened. Never rejects. */
  end(end: ExchangeEnd, times: ExchangeTimes): Promise<void>;
}

export type OpenExchange = (head: RequestHead) => ExchangeObserver;
