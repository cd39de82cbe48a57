import type { JsonObject } from '../json-value.ts';
import type { BodyFault, BodySink, Found } from './body-sink.ts';
import { EventFields } from './event-fields.ts';
import { FaultNote } from './fault-note.ts';
import { openBrace } from './json-bytes.ts';
import { JsonPruner, parseObject, type JsonShape } from './json-pruner.ts';

/** Above this length an event, which may carry images in base64, is pruned as it comes: it is never held in one piece. */
const pruneFrom = 64 * 1024;
const longestName = 256;

export interface SseOptions {
  readonly shape: JsonShape;
  readonly onFound: (found: Found) => void;
  /** True for events that cannot tell anything new; saves parsing them. */
  readonly skip: (data: string, name: string | undefined) => boolean;
  /**
   * A key for an event that only repeats running totals: the next one with the same key says all of it again with newer numbers, so only the
   * last of them is parsed. Null for an event that is read at once.
   */
  readonly repeats: (data: string) => string | null;
}

export function openSseSink(options: SseOptions): BodySink {
  const events = new EventReader(options);
  const collector = new EventCollector(options.shape, events);
  const fields = new EventFields(collector);
  const { note } = events;
  return {
    write(chunk, at) {
      events.atMs = at;
      fields.write(chunk);
    },
    attempt: () => events.readWaiting(),
    settle() {
      fields.end();
      events.readWaiting();
    },
    failures: () => note.failures,
    fault: () => note.fault,
    isWhole: () => false,
  };
}

/** Puts one event together: a short one as text, a long one pruned. Only JSON objects are looked at; OpenAI ends with `[DONE]`. */
class EventCollector {
  readonly #shape: JsonShape;
  readonly #reader: EventReader;
  #data: Buffer[] = [];
  #dataBytes = 0;
  #name = '';
  #isObject: boolean | null = null; // null until the first byte of data
  #long: { readonly pruner: JsonPruner; found: JsonObject | null } | null = null;

  constructor(shape: JsonShape, reader: EventReader) {
    this.#shape = shape;
    this.#reader = reader;
  }

  /** JSON does not mind whether lines are joined by the line feed that belongs between them, once there is something. */
  onDataLine(): void {
    if (this.#isObject === true) this.onData(lineBreak);
  }

  onData(bytes: Buffer): void {
    this.#isObject ??= bytes[0] === openBrace;
    if (!this.#isObject) return;
    if (this.#long !== null) return this.#long.pruner.write(bytes);
    this.#data.push(bytes);
    this.#dataBytes += bytes.length;
    if (this.#dataBytes >= pruneFrom) this.#prune();
  }

  /** The last one counts. */
  onNameLine(): void {
    this.#name = '';
  }

  onName(bytes: Buffer): void {
    if (this.#name.length < longestName) this.#name += bytes.toString('utf8', 0, longestName);
  }

  onEventEnd(): void {
    const name = this.#name === '' ? undefined : this.#name;
    if (this.#long !== null)
      this.#reader.longEvent(this.#long.found ?? this.#long.pruner.note.fault ?? 'unreadable', name);
    else if (this.#isObject === true) this.#reader.event(textOf(this.#data), name);
    this.#data = [];
    this.#dataBytes = 0;
    this.#name = '';
    this.#isObject = null;
    this.#long = null;
  }

  #prune(): void {
    const pruner = new JsonPruner(this.#shape, (value, inArray) => {
      if (!inArray) long.found = value;
    });
    const long = { pruner, found: null as JsonObject | null };
    this.#long = long;
    for (const bytes of this.#data) pruner.write(bytes);
    this.#data = [];
  }
}

const lineBreak = Buffer.from('\n');

const textOf = (pieces: readonly Buffer[]): string =>
  (pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)).toString('utf8');

/** Parses events one by one, but of those that only repeat running totals the last one only. */
class EventReader {
  readonly note = new FaultNote();
  atMs = 0;
  readonly #options: SseOptions;
  #waiting: { readonly key: string; readonly data: string; readonly name: string | undefined } | null = null;

  constructor(options: SseOptions) {
    this.#options = options;
  }

  event(data: string, name: string | undefined): void {
    if (this.#options.skip(data, name)) return;
    const key = this.#options.repeats(data);
    if (key === null || key !== this.#waiting?.key) this.readWaiting();
    if (key === null) this.#found(parseObject(data) ?? 'unreadable', name);
    else this.#waiting = { key, data, name };
  }

  longEvent(value: JsonObject | BodyFault, name: string | undefined): void {
    this.readWaiting();
    this.#found(value, name);
  }

  readWaiting(): void {
    if (this.#waiting === null) return;
    const { data, name } = this.#waiting;
    this.#waiting = null;
    this.#found(parseObject(data) ?? 'unreadable', name);
  }

  #found(value: JsonObject | BodyFault, name: string | undefined): void {
    if (typeof value === 'string') this.note.add(value);
    else this.#options.onFound({ value, isEvent: true, name, atMs: this.atMs });
  }
}
