/**
 * Reads a JSON text of any size, in chunks cut anywhere, and yields only the members a shape names. Long strings are skipped with
 * Buffer.indexOf, so that 20 MB of base64 cost a few milliseconds and no memory (P7). A top-level array yields one value per element,
 * as soon as its last byte is there: that is how Gemini streams without `alt=sse`.
 *
 * It works on bytes: every structural character of JSON is ASCII, so a chunk may end inside a UTF-8 sequence or an escape.
 */
import { isObject, type JsonObject } from '../json-value.ts';
import { FaultNote } from './fault-note.ts';
import { closeBrace, closeBracket, colon, comma, isSpace, openBrace, openBracket, quote } from './json-bytes.ts';
import { KeptBytes } from './kept-bytes.ts';
import { RawScanner } from './raw-scanner.ts';

/**
 * `keep` copies a value; `sign` only tells whether there is one; `bytes` puts the length of a text in its place; a nested shape descends,
 * through arrays as well. Other members are skipped.
 */
export interface JsonShape {
  readonly [member: string]: 'keep' | 'sign' | 'bytes' | JsonShape;
}

type Want = JsonShape[string] | null;
type Expect =
  | 'top'
  | 'value'
  | 'element'
  | 'firstElement'
  | 'firstKey'
  | 'key'
  | 'colon'
  | 'comma'
  | 'raw'
  | 'keyText'
  | 'end';
interface Frame {
  readonly isObject: boolean;
  readonly shape: JsonShape;
  kept: number;
}

const deepest = 32;

export class JsonPruner {
  /** Text that is not JSON, or an element with more kept bytes than the cap. */
  readonly note = new FaultNote();
  readonly #shape: JsonShape;
  readonly #onValue: (value: JsonObject, inArray: boolean) => void;
  readonly #frames: Frame[] = [];
  readonly #out = new KeptBytes();
  readonly #raw = new RawScanner();
  #expect: Expect = 'top';
  #inArray = false;
  #want: Want = null;

  /** `onValue` gets each pruned top-level object: the whole text, or each element of a top-level array (`inArray`). */
  constructor(shape: JsonShape, onValue: (value: JsonObject, inArray: boolean) => void) {
    this.#shape = shape;
    this.#onValue = onValue;
  }

  write(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && this.#expect !== 'end') {
      if (this.#expect === 'raw') at = this.#scanValue(chunk, at);
      else if (this.#expect === 'keyText') at = this.#scanKey(chunk, at);
      else if (isSpace(chunk[at])) at += 1;
      else at += this.#structural(chunk[at] ?? 0);
    }
  }

  #scanValue(chunk: Buffer, from: number): number {
    const to = this.#raw.scan(chunk, from);
    if (this.#want !== null && this.#want !== 'sign' && this.#want !== 'bytes') this.#out.add(chunk, from, to);
    if (!this.#raw.done) return to;
    if (this.#want === 'sign') this.#out.addText(this.#raw.sign());
    if (this.#want === 'bytes') this.#out.addText(this.#raw.length());
    this.#expect = 'comma';
    return to;
  }

  #scanKey(chunk: Buffer, from: number): number {
    const to = this.#raw.scan(chunk, from);
    this.#out.addKey(chunk, from, this.#raw.done ? to - 1 : to);
    if (this.#raw.done) this.#endKey();
    return to;
  }

  /** One structural byte; returns how many bytes it used (0 = look at it again in the new state). */
  #structural(byte: number): 0 | 1 {
    const expect = this.#expect;
    if (expect === 'value') return this.#beginValue(byte, this.#want);
    if (expect === 'element') return this.#beginElement(byte);
    if (expect === 'firstElement') return byte === closeBracket ? this.#close() : this.#beginElement(byte);
    if (expect === 'firstKey' && byte === closeBrace) return this.#close();
    if ((expect === 'firstKey' || expect === 'key') && byte === quote) return this.#beginKey();
    if (expect === 'colon' && byte === colon) return this.#go('value');
    if (expect === 'comma') return this.#afterValue(byte);
    if (expect === 'top' && byte === openBrace) return this.#beginValue(byte, this.#shape);
    if (expect === 'top' && byte === openBracket) return this.#beginTopArray();
    return this.#fail();
  }

  #beginTopArray(): 1 {
    this.#inArray = true;
    return this.#go('firstElement');
  }

  #beginValue(byte: number, want: Want): 0 | 1 {
    this.#want = want;
    if (want !== null && typeof want === 'object' && (byte === openBrace || byte === openBracket)) {
      if (this.#frames.length >= deepest) return this.#fail();
      this.#frames.push({ isObject: byte === openBrace, shape: want, kept: 0 });
      this.#out.addText(byte === openBrace ? '{' : '[');
      return this.#go(byte === openBrace ? 'firstKey' : 'firstElement');
    }
    if (!this.#raw.begin(byte)) return this.#fail();
    this.#expect = 'raw';
    return 0;
  }

  /** Elements of a top-level array that are no objects are skipped. */
  #beginElement(byte: number): 0 | 1 {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return this.#beginValue(byte, byte === openBrace ? this.#shape : null);
    if (frame.kept > 0) this.#out.addText(',');
    frame.kept += 1;
    return this.#beginValue(byte, frame.shape);
  }

  #beginKey(): 1 {
    this.#out.clearKey();
    this.#raw.beginString();
    return this.#go('keyText');
  }

  #endKey(): void {
    const frame = this.#frames.at(-1);
    const name = this.#out.key();
    this.#expect = 'colon';
    this.#want = null;
    if (frame === undefined || name === null || !Object.hasOwn(frame.shape, name)) return;
    this.#want = frame.shape[name] ?? null;
    this.#out.addText(`${frame.kept > 0 ? ',' : ''}"${name}":`);
    frame.kept += 1;
  }

  #afterValue(byte: number): 0 | 1 {
    const inObject = this.#frames.at(-1)?.isObject ?? false;
    if (byte === comma) return this.#go(inObject ? 'key' : 'element');
    return byte === (inObject ? closeBrace : closeBracket) ? this.#close() : this.#fail();
  }

  #close(): 1 {
    const frame = this.#frames.pop();
    if (frame === undefined) return this.#go('end'); // of the top-level array
    this.#out.addText(frame.isObject ? '}' : ']');
    if (this.#frames.length > 0) return this.#go('comma');
    this.#yieldValue();
    return this.#go(this.#inArray ? 'comma' : 'end');
  }

  #yieldValue(): void {
    const text = this.#out.take();
    const value = text === null ? null : parseObject(text);
    if (value === null) this.note.add(text === null ? 'too_large' : 'unreadable');
    else this.#onValue(value, this.#inArray);
  }

  #go(next: Expect): 1 {
    this.#expect = next;
    return 1;
  }

  #fail(): 1 {
    this.note.add('unreadable');
    this.#frames.length = 0;
    return this.#go('end');
  }
}

/** The text as a JSON object, or null when it is none: what others send may be anything. */
export function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
