/**
 * The short text fields of a multipart/form-data body (RFC 7578), which is how audio and images are posted to OpenAI. Files in it are passed
 * over with Buffer.indexOf and never kept. At most `keptCap` bytes are held, wherever the chunks are cut.
 */
import type { JsonShape } from './json-pruner.ts';
import type { BodyFault, BodySink, Found } from './body-sink.ts';

/** Longest head of a part, and longest value of a field, that is looked at. */
const keptCap = 4 * 1024;
const lineBreak = '\r\n';

export class FormSink implements BodySink {
  readonly #delimiter: Buffer | null;
  readonly #shape: JsonShape;
  readonly #onFound: (found: Found) => void;
  readonly #fields: Record<string, string> = {};
  /** Bytes since the last delimiter; only its end is kept once the part is too long to be a field. */
  #part = Buffer.from(lineBreak); // so that the first delimiter, which stands without a line break before it, is found like the others
  #isLong = false;
  #told = false;
  #atMs = 0;

  constructor(contentType: string, shape: JsonShape, onFound: (found: Found) => void) {
    const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType);
    const text = boundary?.[1] ?? boundary?.[2];
    this.#delimiter = text === undefined ? null : Buffer.from(`${lineBreak}--${text}`, 'latin1');
    this.#shape = shape;
    this.#onFound = onFound;
  }

  write(chunk: Buffer, atMs: number): void {
    if (this.#delimiter === null || this.#told) return;
    this.#atMs = atMs;
    let rest = Buffer.concat([this.#part, chunk]);
    for (let end = rest.indexOf(this.#delimiter); end !== -1; end = rest.indexOf(this.#delimiter)) {
      this.#endPart(rest.subarray(0, end));
      rest = rest.subarray(end + this.#delimiter.length);
      if (rest.indexOf('--') === 0) return this.settle(); // the closing delimiter
    }
    this.#keep(rest, this.#delimiter.length);
  }

  /** The fields may stand after the file, so a request that is still on its way tells nothing yet. */
  attempt(): void {}

  settle(): void {
    if (this.#told) return;
    this.#told = true;
    this.#onFound({ value: this.#fields, isEvent: false, name: undefined, atMs: this.#atMs });
  }

  failures(): number {
    return this.#delimiter === null ? 1 : 0;
  }

  fault(): BodyFault | null {
    return this.#delimiter === null ? 'unreadable' : null;
  }

  isWhole(): boolean {
    return false; // nothing is kept that could become too long
  }

  #keep(rest: Buffer, delimiterLength: number): void {
    this.#isLong ||= rest.length > keptCap;
    this.#part = Buffer.from(this.#isLong ? rest.subarray(Math.max(0, rest.length - delimiterLength)) : rest);
  }

  #endPart(part: Buffer): void {
    const isField = !this.#isLong && part.length <= keptCap;
    this.#isLong = false;
    const headEnd = isField ? part.indexOf('\r\n\r\n') : -1;
    if (headEnd === -1) return;
    const head = part.toString('utf8', 0, headEnd);
    const name = /content-disposition:[^\r\n]*[;\s]name="([^"]{1,64})"/i.exec(head)?.[1];
    if (name === undefined || /;\s*filename\*?=/i.test(head) || !Object.hasOwn(this.#shape, name)) return;
    this.#fields[name] = part.toString('utf8', headEnd + 4);
  }
}
