/**
 * The chunked transfer coding (RFC 9112 §7.1), one step at a time over views of the incoming bytes. Works byte by byte outside of chunk data,
 * so a split at any place needs no special case. Chunk extensions are skipped: they are hop-by-hop.
 */
import type { RawHeaders } from '../exchange.ts';
import { readField } from './response-head.ts';

/** `end` is where the next step starts. */
export type ChunkedEvent =
  | { readonly kind: 'more'; readonly end: number } // nothing to hand on yet
  | { readonly kind: 'data'; readonly start: number; readonly end: number }
  | { readonly kind: 'end'; readonly trailers: RawHeaders; readonly end: number }
  | { readonly kind: 'fault'; readonly reason: string };

const CR = 0x0d;
const LF = 0x0a;
const semicolon = 0x3b;
const space = 0x20;
const tab = 0x09;
const maxSizeDigits = 13; // below 2^53
const maxExtensionBytes = 4096;
const maxTrailerBytes = 32_768;

type State = 'size' | 'extension' | 'size-lf' | 'data' | 'data-cr' | 'data-lf' | 'trailer';

const fault = (reason: string): ChunkedEvent => ({ kind: 'fault', reason });

export class ChunkedDecoder {
  readonly #trailers: string[] = [];
  #state: State = 'size';
  #size = 0;
  #digits = 0;
  #extensionBytes = 0;
  #trailerBytes = 0;
  #line = '';

  /** Reads on from `start` until there is something to hand on or the bytes are used up. */
  next(chunk: Buffer, start: number): ChunkedEvent {
    let at = start;
    while (at < chunk.length) {
      if (this.#state === 'data') return this.#data(chunk, at);
      if (this.#state === 'trailer') return this.#trailer(chunk, at);
      const reason = this.#step(chunk[at] ?? 0);
      if (reason !== null) return fault(reason);
      at += 1;
    }
    return { kind: 'more', end: at };
  }

  /** One byte of chunk framing. Returns the reason when it does not belong there. */
  #step(byte: number): string | null {
    if (this.#state === 'size') return this.#sizeByte(byte);
    if (this.#state === 'extension') return this.#extensionByte(byte);
    if (this.#state === 'size-lf') return this.#sizeEnd(byte);
    const expected = this.#state === 'data-cr' ? CR : LF;
    if (byte !== expected) return 'chunk longer than its size';
    this.#state = this.#state === 'data-cr' ? 'data-lf' : 'size';
    return null;
  }

  #sizeByte(byte: number): string | null {
    const digit = hexDigit(byte);
    if (digit !== -1) {
      this.#digits += 1;
      this.#size = this.#size * 16 + digit;
      return this.#digits > maxSizeDigits ? 'chunk size too large' : null;
    }
    if (this.#digits === 0) return 'chunk without a size';
    if (byte === CR) this.#state = 'size-lf';
    else if (byte === semicolon || byte === space || byte === tab) this.#state = 'extension';
    else return 'invalid chunk size';
    return null;
  }

  #extensionByte(byte: number): string | null {
    this.#extensionBytes += 1;
    if (byte === CR) this.#state = 'size-lf';
    else if (byte < space && byte !== tab) return 'invalid chunk extension';
    return this.#extensionBytes > maxExtensionBytes ? 'chunk extension too large' : null;
  }

  #sizeEnd(byte: number): string | null {
    if (byte !== LF) return 'bare CR after a chunk size';
    this.#state = this.#size === 0 ? 'trailer' : 'data';
    this.#digits = 0;
    this.#extensionBytes = 0;
    return null;
  }

  #data(chunk: Buffer, at: number): ChunkedEvent {
    const end = Math.min(chunk.length, at + this.#size);
    this.#size -= end - at;
    if (this.#size === 0) this.#state = 'data-cr';
    return { kind: 'data', start: at, end };
  }

  #trailer(chunk: Buffer, at: number): ChunkedEvent {
    const lineEnd = chunk.indexOf(LF, at);
    const end = lineEnd === -1 ? chunk.length : lineEnd + 1;
    this.#trailerBytes += end - at;
    if (this.#trailerBytes > maxTrailerBytes) return fault('trailers too large');
    this.#line += chunk.toString('latin1', at, end);
    if (lineEnd === -1) return { kind: 'more', end };
    if (this.#line === '\r\n') return { kind: 'end', trailers: this.#trailers, end };
    if (!this.#line.endsWith('\r\n')) return fault('bare LF in a trailer');
    const reason = readField(this.#line.slice(0, -2), this.#trailers, null);
    this.#line = '';
    return reason === null ? { kind: 'more', end } : fault(reason);
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
