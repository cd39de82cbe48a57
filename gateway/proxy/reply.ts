/**
 * The answer on its way to the client: what is sent at once, what is held back until the row is durable, and how it ends or breaks off.
 *
 * Invariants: a chunk that completes a length is kept until {@link Reply.end}; a client that does not read stops the upstream (`onRoom` says
 * when it reads on); nothing else is buffered.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { AnswerEdit, EditTarget } from './answer-edit.ts';
import type { RawHeaders } from './exchange.ts';
import { trailerPairs } from './headers.ts';
import { lingerBeforeClosing } from './lingering-close.ts';
import type { ParsedHead } from './upstream/response-head.ts';
import type { ResponseFraming } from './upstream/response-parser.ts';

export interface ReplyEvents {
  /** The client reads on after {@link Reply.body} returned false. */
  room(): void;
  /** What the upstream sent could not be passed on as it is framed. */
  unreadable(cause: unknown): void;
}

/** Sends a pending head as the bytes it holds; `flushHeaders` would encode it as UTF-8 and change every byte above 0x7f. */
const nothing = Buffer.alloc(0);

export class Reply implements EditTarget {
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  readonly #events: ReplyEvents;
  #framing: ResponseFraming = 'none';
  #headPending = false; // written, but not yet on its way
  #held: Buffer | null = null;
  #slowReader = false;
  #edit: AnswerEdit | null = null;

  constructor(req: IncomingMessage, res: ServerResponse, events: ReplyEvents) {
    this.#req = req;
    this.#res = res;
    this.#events = events;
  }

  get hasBegun(): boolean {
    return this.#res.headersSent;
  }

  get hasBody(): boolean {
    return this.#framing !== 'none';
  }

  /** @param grantContinue whether the client waits for a 100 */
  information(head: ParsedHead, grantContinue: boolean): void {
    if (this.#res.headersSent || this.#isHttp10) return;
    if (head.statusCode !== 100) this.#res.writeInformation(head.statusCode, [...head.headers]);
    else if (grantContinue) this.#res.writeContinue();
  }

  /** @param headers as the client gets them */
  head(head: ParsedHead, headers: string[], framing: ResponseFraming, edit: AnswerEdit | null): void {
    this.#framing = framing;
    this.#edit = edit;
    this.#res.writeHead(head.statusCode, head.reason, headers);
    this.#headPending = framing !== 'none';
  }

  /** False = take no more from the upstream until `room`. */
  body(chunk: Buffer, final: boolean): boolean {
    if (this.#edit !== null) return this.#edit.push(chunk);
    if (!final) return this.write(chunk);
    this.#held = chunk;
    return true;
  }

  write(bytes: Buffer): boolean {
    if (bytes.length === 0) return true;
    this.#headPending = false;
    if (this.#res.write(bytes)) return true;
    if (!this.#slowReader) this.#res.on('drain', () => (this.#edit === null ? this.#events.room() : this.#edit.room()));
    this.#slowReader = true;
    return false;
  }

  room(): void {
    this.#events.room();
  }

  failed(error: unknown): void {
    this.#events.unreadable(error);
  }

  /** Everything that one read from the upstream held was handed on. */
  flush(): void {
    if (!this.#headPending) return;
    this.#headPending = false;
    this.#res.write(nothing);
  }

  /** Sends what completes the answer. */
  end(trailers: RawHeaders): void {
    if (this.#edit === null) this.#complete(trailers);
    else this.#edit.finish(() => this.#complete(trailers));
  }

  /** What was passed on still reaches the client, and then its connection breaks as the upstream's did. */
  breakOff(): void {
    this.discard();
    const { socket } = this.#res;
    const endMeansComplete = this.#framing === 'close' && this.#isHttp10;
    if (socket === null) this.#res.destroy();
    else if (endMeansComplete && !(socket instanceof TLSSocket)) socket.resetAndDestroy();
    else if (endMeansComplete) socket.destroy();
    else {
      lingerBeforeClosing(this.#req);
      socket.destroySoon();
    }
  }

  /** The client gets nothing more. */
  discard(): void {
    this.#edit?.discard();
    this.#edit = null;
  }

  #complete(trailers: RawHeaders): void {
    const pairs = trailers.length === 0 || this.#isHttp10 ? [] : trailerPairs(trailers);
    if (pairs.length > 0) this.#res.addTrailers(pairs);
    this.#res.end(this.#held ?? undefined);
    lingerBeforeClosing(this.#req);
  }

  get #isHttp10(): boolean {
    return this.#req.httpVersion === '1.0';
  }
}
