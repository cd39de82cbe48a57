/**
 * The request body on its way from the client to the upstream. Only this file stops and restarts reading it.
 *
 * Invariants
 * - The body flows whenever an upstream takes it. It stops for one of three reasons, each with an end: there is no connection yet (the time-out
 *   of connecting), the upstream has no room (its time-out for silence), or nothing has been decided about the body yet (`readAhead`).
 * - When nobody wants the body any more, its rest is read and dropped, so that the client gets to reading the answer.
 */
import type { IncomingMessage } from 'node:http';
import { Brake } from './brake.ts';
import type { UpstreamCall } from './upstream/upstream-client.ts';

export class Upload {
  readonly #req: IncomingMessage;
  readonly #seen: (chunk: Buffer) => void;
  readonly #brake: Brake;
  #ahead: Buffer[] = []; // read, and not sent yet
  #to: UpstreamCall | null = null;
  #listening = false;
  #ended = false;
  #dropped = false;

  /** @param seen hears every piece once, as it is read */
  constructor(req: IncomingMessage, seen: (chunk: Buffer) => void) {
    this.#req = req;
    this.#seen = seen;
    this.#brake = new Brake(req, req.socket);
  }

  /** Whether the client is who everybody waits for. */
  get isAwaited(): boolean {
    return !this.#ended && !this.#req.isPaused();
  }

  /** Reads up to `maxBytes` before anything is sent; `done` gets the whole body, or null when there is more to come. */
  readAhead(maxBytes: number, done: (whole: Buffer | null) => void): void {
    let bytes = 0;
    const settle = (whole: Buffer | null): void => {
      this.#req.off('data', take).off('end', end);
      done(whole);
    };
    const take = (chunk: Buffer): void => {
      if (this.#dropped) return;
      this.#seen(chunk);
      this.#ahead.push(chunk);
      bytes += chunk.length;
      if (bytes <= maxBytes) return;
      this.#brake.hold(); // until there is a connection
      settle(null);
    };
    const end = (): void => {
      this.#ended = true;
      if (this.#dropped) return;
      settle(this.#ahead.length === 1 ? (this.#ahead[0] ?? null) : Buffer.concat(this.#ahead));
    };
    this.#req.on('data', take).on('end', end);
  }

  /** Sends this instead of what was read ahead. */
  replaceAhead(bytes: Buffer): void {
    this.#ahead = [bytes];
  }

  /** Lets the body flow to this call. Said again when the call moved to another connection before any of the body was sent. */
  flowTo(call: UpstreamCall): void {
    this.#to = call;
    this.#dropped = false;
    let room = true;
    for (const chunk of this.#ahead) room = call.write(chunk);
    this.#ahead = [];
    if (this.#ended) return call.finish(this.#req.rawTrailers);
    this.#listen();
    if (room) this.#brake.release();
    else this.#brake.hold();
  }

  /** The connection is gone and another one is looked for. */
  suspend(): void {
    this.#to = null;
    if (!this.#ended) this.#brake.hold();
  }

  /** The upstream takes more. */
  room(): void {
    if (this.#to !== null && !this.#ended) this.#brake.release();
  }

  /** Nobody waits for the rest. */
  drop(): void {
    this.#to = null;
    this.#ahead = [];
    this.#dropped = true;
    this.#brake.done();
    if (!this.#ended && !this.#req.complete) this.#req.resume();
  }

  /** The client has left. */
  close(): void {
    this.#to = null;
    this.#ahead = [];
    this.#brake.done();
  }

  #listen(): void {
    if (this.#listening) return;
    this.#listening = true;
    this.#req.on('data', (chunk: Buffer) => {
      if (this.#dropped) return;
      this.#seen(chunk);
      if (this.#to?.write(chunk) !== true) this.#brake.hold();
    });
    this.#req.on('end', () => {
      this.#ended = true;
      this.#to?.finish(this.#req.rawTrailers);
    });
  }
}
