import type { IncomingMessage } from 'node:http';
import type { Upstream } from '../config.ts';
import type { RawHeaders, RequestHead } from './exchange.ts';

/** A request's head for its observer. Most observers never look at the query or the address: both are worked out on demand. */
export class ReceivedHead implements RequestHead {
  readonly callId: string;
  readonly startedAt = new Date();
  readonly upstream: Upstream;
  readonly method: string;
  readonly path: string;
  readonly headers: RawHeaders;
  readonly #req: IncomingMessage;
  readonly #search: string;
  #query: URLSearchParams | null = null;

  constructor(
    callId: string,
    upstream: Upstream,
    method: string,
    target: string,
    pathLength: number,
    req: IncomingMessage,
  ) {
    this.callId = callId;
    this.upstream = upstream;
    this.method = method;
    this.path = target.slice(0, pathLength);
    this.headers = req.rawHeaders;
    this.#search = target.slice(pathLength + 1);
    this.#req = req;
  }

  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(this.#search);
    return this.#query;
  }

  get remoteAddress(): string {
    return this.#req.socket.remoteAddress ?? '';
  }
}
