/**
 * The seam between one exchange and the way it reaches its upstream. One client a configured upstream; a test or another transport can stand
 * in for the pooled one.
 */
import type { Socket } from 'node:net';
import type { ExchangeEnd, RawHeaders } from '../exchange.ts';
import type { BodyFraming } from '../headers.ts';
import type { ParsedHead } from './response-head.ts';
import type { ResponseEvents } from './response-parser.ts';

export interface OutgoingRequest {
  readonly method: string;
  readonly target: string; // path and query, checked by the router
  readonly headers: RawHeaders; // written as they are
  readonly framing: BodyFraming;
  readonly upgrade: boolean;
}

export type FailureCode = Extract<ExchangeEnd, { kind: 'upstream_failed' }>['code'];

export interface UpstreamFailure {
  readonly code: FailureCode;
  readonly cause: unknown;
}

/** What one call tells, in this order: ready, then the response's events, then `end`, `upgraded` or `failed` once. */
export interface UpstreamEvents extends ResponseEvents {
  /** The head went out: the request body may flow. May be said before {@link UpstreamClient.call} returns. */
  ready(call: UpstreamCall): void;
  /** The request moves to another connection before any of its body was sent: send nothing until `ready` is said again. */
  suspended(): void;
  /** The upstream takes more after `write` returned false. */
  drained(): void;
  /** Whether the client is who everybody waits for: it sends its body slowly. The upstream's time-outs wait then. */
  waitsForClient(): boolean;
  /** Everything that one read from the upstream held was handed on. */
  flush(): void;
  /** The connection is the caller's now. It is paused, reads half-closed, and has no listeners but one that keeps errors from throwing. */
  upgraded(head: ParsedHead, socket: Socket, rest: Buffer): void;
  failed(failure: UpstreamFailure): void;
}

export interface UpstreamCall {
  /** Sends a piece of the request body. False = wait for `drained`. */
  write(chunk: Buffer): boolean;
  /** The request body is complete. */
  finish(trailers: RawHeaders): void;
  /** Stop and restart reading the response. */
  pause(): void;
  resume(): void;
  /** Drop the call and its connection; no event follows. */
  abort(): void;
}

export interface UpstreamClient {
  call(request: OutgoingRequest, events: UpstreamEvents): UpstreamCall;
  /** Closes idle connections and keeps no more; running calls go on. */
  stop(): void;
}

export interface UpstreamLimits {
  readonly connectTimeoutMs: number; // name look-up, TCP and TLS together
  readonly headersTimeoutMs: number;
  readonly idleTimeoutMs: number;
}
