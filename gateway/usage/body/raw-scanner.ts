import { closeBrace, closeBracket, comma, isSpace, openBrace, openBracket, quote } from './json-bytes.ts';

const backslash = 0x5c;
const minus = 0x2d;
const [zero, nine] = [0x30, 0x39];
const literalStarts = new Set([0x74, 0x66, 0x6e]); // true, false, null

export type RawKind = 'string' | 'container' | 'scalar';

/** Finds the end of one string, number, literal or container, wherever the chunks are cut. */
export class RawScanner {
  done = false;
  #kind: RawKind = 'scalar';
  #opened = false; // the first byte of the value was taken
  #inString = false;
  #depth = 0;
  #backslashes = 0; // at the end of the last chunk, inside a string
  #contentBytes = 0;
  #scalar = '';

  /** Prepares for a value that begins with `byte`; false when no JSON value does. The byte itself is scanned with the rest. */
  begin(byte: number): boolean {
    const isContainer = byte === openBrace || byte === openBracket;
    this.#reset(byte === quote ? 'string' : isContainer ? 'container' : 'scalar');
    return this.#kind !== 'scalar' || byte === minus || (byte >= zero && byte <= nine) || literalStarts.has(byte);
  }

  /** Prepares for a string whose opening quote was taken already. */
  beginString(): void {
    this.#reset('string');
    this.#opened = true;
    this.#inString = true;
  }

  /** Returns the index after the value, or the chunk's length when it goes on. */
  scan(chunk: Buffer, from: number): number {
    if (this.#kind === 'scalar') return this.#scanScalar(chunk, from);
    let at = from;
    if (!this.#opened) {
      this.#opened = true;
      if (this.#kind === 'string') this.#inString = true;
      else this.#depth = 1;
      at += 1;
    }
    while (at < chunk.length && !this.done)
      at = this.#inString ? this.#scanString(chunk, at) : this.#scanContainer(chunk, at);
    return at;
  }

  /** What stands for the scanned value when only its presence matters: an empty string stays empty, null and false become null. */
  sign(): string {
    if (this.#kind === 'string') return this.#contentBytes > 0 ? '"…"' : '""';
    return this.#kind === 'scalar' && (this.#scalar === 'null' || this.#scalar === 'false') ? 'null' : '1';
  }

  /** Bytes between the quotes of a string, escapes as they stand; null for any other value. */
  length(): string {
    return this.#kind === 'string' ? String(this.#contentBytes) : 'null';
  }

  #reset(kind: RawKind): void {
    this.done = false;
    this.#kind = kind;
    this.#opened = false;
    this.#inString = false;
    this.#depth = 0;
    this.#backslashes = 0;
    this.#contentBytes = 0;
    this.#scalar = '';
  }

  #scanScalar(chunk: Buffer, from: number): number {
    let at = from;
    while (at < chunk.length && !endsScalar(chunk[at])) at += 1;
    if (this.#scalar.length < 8) this.#scalar += chunk.toString('latin1', from, Math.min(at, from + 8));
    this.done = at < chunk.length;
    return at;
  }

  #scanString(chunk: Buffer, from: number): number {
    const end = chunk.indexOf(quote, from);
    const stop = end === -1 ? chunk.length : end;
    this.#contentBytes += stop - from;
    let run = 0;
    while (stop - run > from && chunk[stop - run - 1] === backslash) run += 1;
    if (stop - run === from) run += this.#backslashes;
    this.#backslashes = end === -1 ? run : 0;
    if (end === -1) return chunk.length;
    if (run % 2 === 1) return end + 1; // an escaped quote
    this.#inString = false;
    this.done = this.#kind === 'string';
    return end + 1;
  }

  #scanContainer(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === quote) {
        this.#inString = true;
        return at + 1;
      }
      if (byte === openBrace || byte === openBracket) this.#depth += 1;
      else if (byte === closeBrace || byte === closeBracket) {
        this.#depth -= 1;
        if (this.#depth === 0) {
          this.done = true;
          return at + 1;
        }
      }
    }
    return chunk.length;
  }
}

const endsScalar = (byte: number | undefined): boolean =>
  byte === comma || byte === closeBrace || byte === closeBracket || isSpace(byte);
