/**
 * A push parser for HTTP/1.1 responses (RFC 9112). Strict on purpose: what two parsers could read differently is refused, as llhttp does in
 * its strict mode (obsolete folding, bare CR, both or repeated framing headers, other transfer codings than one `chunked`).
 *
 * Invariants
 * - Body bytes are handed on as views of the chunk that came in: nothing is copied, memory does not grow with the body.
 * - `body(chunk, true)` is said for the chunk that completes a declared length, before `end`; the proxy holds exactly that one back.
 * - After `end`, an upgrade or a fault the parser takes nothing more until `expect` is called again.
 */
import type { RawHeaders } from '../exchange.ts';
import { ChunkedDecoder } from './chunked-decoder.ts';
import { parseHead } from './response-head.ts';
import type { ParsedHead } from './response-head.ts';

export type ResponseFraming = 'none' | 'length' | 'chunked' | 'close';

export interface ResponseEvents {
  /** 1xx other than 101. */
  information(head: ParsedHead): void;
  head(head: ParsedHead, framing: ResponseFraming): void;
  body(chunk: Buffer, final: boolean): void;
  end(trailers: RawHeaders): void;
}

/** After a 101 what follows is not HTTP; `rest` are its first bytes. */
export interface Upgraded {
  readonly head: ParsedHead;
  readonly rest: Buffer;
}

const maxHeadBytes = 65_536;
const CR = 0x0d;
const LF = 0x0a;
const noTrailers: RawHeaders = [];

type State = 'head' | 'length' | 'chunked' | 'close' | 'done';

const ignore: ResponseEvents = { information() {}, head() {}, body() {}, end() {} };

export class ResponseParser {
  #events: ResponseEvents = ignore;
  #chunks: ChunkedDecoder | null = null;
  #state: State = 'done';
  #method = '';
  #upgrade = false;
  #upgraded: Upgraded | null = null;
  #partialHead: Buffer | null = null;
  #remaining = 0;
  #reusable = false;
  #keepAliveMs: number | null = null;

  /** Be ready for the response to a request with this method, and tell `events` about it. */
  expect(method: string, upgrade: boolean, events: ResponseEvents): void {
    this.#events = events;
    this.#state = 'head';
    this.#method = method;
    this.#upgrade = upgrade;
    this.#partialHead = null;
    this.#reusable = false;
  }

  /** Stop taking bytes: the rest of the response is not wanted. */
  stop(): void {
    this.#events = ignore;
    this.#state = 'done';
  }

  get headSeen(): boolean {
    return this.#state !== 'head';
  }

  get upgraded(): Upgraded | null {
    return this.#upgraded;
  }

  get done(): boolean {
    return this.#state === 'done';
  }

  /** Whether the connection may carry another request after this response. */
  get reusable(): boolean {
    return this.#reusable;
  }

  /** How long the upstream said it keeps an idle connection, in milliseconds; null = not said. */
  get keepAliveMs(): number | null {
    return this.#keepAliveMs;
  }

  /** Takes the next bytes. Returns why they are no valid response, or null. */
  feed(chunk: Buffer): string | null {
    let at = 0;
    while (at < chunk.length) {
      if (this.#state === 'head') {
        const read = this.#readHead(chunk, at);
        if (typeof read === 'string') return read;
        at = read;
      } else if (this.#state === 'length') {
        at = this.#readLength(chunk, at);
      } else if (this.#state === 'chunked') {
        const read = this.#readChunked(chunk, at);
        if (typeof read === 'string') return read;
        at = read;
      } else if (this.#state === 'close') {
        this.#events.body(at === 0 ? chunk : chunk.subarray(at), false);
        return null;
      } else {
        this.#reusable = false; // bytes beyond the response: the connection's framing cannot be trusted
        return null;
      }
    }
    return null;
  }

  /** The upstream closed its side. Returns whether the response is complete. */
  finish(): boolean {
    if (this.#state === 'close') this.#complete(noTrailers);
    return this.#state === 'done';
  }

  #readHead(chunk: Buffer, start: number): number | string {
    const known = this.#partialHead;
    const bytes = known === null ? chunk : Buffer.concat([known, chunk]);
    const from = known === null ? start : 0;
    const end = lastLineEnd(bytes, from);
    if ((end === -1 ? bytes.length : end) - from > maxHeadBytes) return 'response head too large';
    if (end === -1) {
      this.#partialHead = from === 0 ? bytes : bytes.subarray(from);
      return chunk.length;
    }
    this.#partialHead = null;
    const head = parseHead(bytes.toString('latin1', from, bytes[end - 1] === CR ? end - 1 : end));
    if (typeof head === 'string') return head;
    const afterEmptyLine = end + (bytes[end + 1] === LF ? 2 : 3);
    const at = afterEmptyLine - (known?.length ?? 0);
    return this.#begin(head, chunk, at);
  }

  #begin(head: ParsedHead, chunk: Buffer, at: number): number | string {
    if (head.statusCode === 101) {
      if (!this.#upgrade) return 'switched protocols without being asked';
      this.#state = 'done';
      this.#upgraded = { head, rest: chunk.subarray(at) };
      return chunk.length;
    }
    if (head.statusCode < 200) {
      this.#events.information(head);
      return at;
    }
    const framing = framingOf(head, this.#method);
    this.#reusable = head.persistent && framing !== 'close';
    this.#keepAliveMs = head.keepAliveMs;
    this.#remaining = head.contentLength ?? 0;
    if (framing === 'chunked') this.#chunks = new ChunkedDecoder();
    this.#state = framing === 'none' ? 'done' : framing;
    this.#events.head(head, framing);
    if (framing === 'none') this.#events.end(noTrailers);
    return at;
  }

  #readLength(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#remaining);
    this.#remaining -= end - at;
    const final = this.#remaining === 0;
    if (final) this.#state = 'done';
    this.#events.body(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end), final);
    if (final) this.#events.end(noTrailers);
    return end;
  }

  #readChunked(chunk: Buffer, at: number): number | string {
    const decoder = this.#chunks;
    if (decoder === null) return 'no chunk decoder';
    const event = decoder.next(chunk, at);
    if (event.kind === 'fault') return event.reason;
    if (event.kind === 'data') this.#events.body(chunk.subarray(event.start, event.end), false);
    if (event.kind === 'end') this.#complete(event.trailers);
    return event.end;
  }

  #complete(trailers: RawHeaders): void {
    this.#state = 'done';
    this.#chunks = null;
    this.#events.end(trailers);
  }
}

/** Where the LF of a head's last line is: an empty line follows, ended by CRLF or by LF alone. -1 = not there yet. */
function lastLineEnd(bytes: Buffer, from: number): number {
  const end = bytes.indexOf('\n\r\n', from, 'latin1');
  if (end === -1) return bytes.indexOf('\n\n', from, 'latin1');
  const bare = bytes.subarray(from, end + 1).indexOf('\n\n', 0, 'latin1'); // what follows it is body
  return bare === -1 ? end : from + bare;
}

/** RFC 9112 §6.3, in its order. */
function framingOf(head: ParsedHead, method: string): ResponseFraming {
  if (method === 'HEAD' || head.statusCode === 204 || head.statusCode === 304) return 'none';
  if (head.chunked) return 'chunked';
  if (head.contentLength === null) return 'close';
  return head.contentLength === 0 ? 'none' : 'length';
}
