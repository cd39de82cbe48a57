/**
 * The fields of an SSE stream (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream), from bytes cut anywhere: values
 * of `data` and `event` are handed over piece by piece as they come, nothing is held but the beginning of a line.
 */
export interface FieldEvents {
  onData(bytes: Buffer): void;
  onName(bytes: Buffer): void;
  /** A line of `data` or `event`, which may be empty, begins. */
  onDataLine(): void;
  onNameLine(): void;
  onEventEnd(): void;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const colon = 0x3a;
const space = 0x20;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const nothing = Buffer.alloc(0);
const shortLine = 256;
/** No field we read has a longer name. */
const longestField = 16;

export class EventFields {
  readonly #events: FieldEvents;
  #start: Buffer = nothing; // of a line whose field is not known yet
  #field: 'data' | 'event' | 'other' | null = null;
  #mayStripSpace = false;
  #afterReturn = false;
  #isFirstLine = true;

  constructor(events: FieldEvents) {
    this.#events = events;
  }

  write(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#afterReturn && chunk[at] === lineFeed) at += 1;
      this.#afterReturn = false;
      const end = endOfLine(chunk, at);
      if (end > at) this.#part(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end));
      if (end >= chunk.length) return;
      this.#endLine();
      this.#afterReturn = chunk[end] === carriageReturn;
      at = end + 1;
    }
  }

  /** A server that ends without the last blank line has still sent its event. */
  end(): void {
    this.#endLine();
    this.#events.onEventEnd();
  }

  #part(bytes: Buffer): void {
    if (this.#field !== null) return this.#value(bytes);
    this.#start = this.#start.length === 0 ? bytes : Buffer.concat([this.#start, bytes]);
    const at = this.#start.indexOf(colon);
    if (at === -1 && this.#start.length <= longestField) return;
    const name = this.#nameOf(at);
    const rest = at === -1 ? nothing : this.#start.subarray(at + 1);
    this.#start = nothing;
    this.#begin(name);
    if (rest.length > 0) this.#value(rest);
  }

  #nameOf(end: number): string {
    const bytes = end === -1 ? this.#start : this.#start.subarray(0, end);
    const hasMark = this.#isFirstLine && bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);
    return bytes.toString('latin1', hasMark ? byteOrderMark.length : 0);
  }

  #begin(name: string): void {
    this.#field = name === 'data' || name === 'event' ? name : 'other';
    this.#mayStripSpace = true;
    if (this.#field === 'data') this.#events.onDataLine();
    else if (this.#field === 'event') this.#events.onNameLine();
  }

  #value(bytes: Buffer): void {
    const value = this.#mayStripSpace && bytes[0] === space ? bytes.subarray(1) : bytes;
    this.#mayStripSpace = false;
    if (value.length === 0) return;
    if (this.#field === 'data') this.#events.onData(value);
    else if (this.#field === 'event') this.#events.onName(value);
  }

  #endLine(): void {
    const isBlank = this.#field === null && this.#start.length === 0;
    if (!isBlank && this.#field === null) this.#begin(this.#nameOf(-1)); // a field without a value
    this.#isFirstLine = false;
    this.#start = nothing;
    this.#field = null;
    if (isBlank) this.#events.onEventEnd();
  }
}

/** A loop for the first bytes: most lines are short, and a call of `indexOf` costs more than they do. */
function endOfLine(chunk: Buffer, from: number): number {
  const looped = Math.min(chunk.length, from + shortLine);
  for (let at = from; at < looped; at += 1) if (chunk[at] === lineFeed || chunk[at] === carriageReturn) return at;
  const rest = chunk.subarray(looped);
  const feed = rest.indexOf(lineFeed);
  const line = feed === -1 ? rest : rest.subarray(0, feed);
  const before = line.indexOf(carriageReturn);
  return looped + (before === -1 ? line.length : before);
}
