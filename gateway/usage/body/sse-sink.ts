import { StringDecoder } from 'node:string_decoder';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { parseObject, JsonPruner, type JsonShape } from './json-pruner.ts';
import type { JsonObject } from '../json-value.ts';
import type { BodyFault, BodySink, Found } from './body-sink.ts';
import { FaultNote } from './fault-note.ts';

/** An event may carry a whole answer with images in base64; what is longer is skipped and reading goes on with the next event. */
const eventCap = 32 * 1024 * 1024;
/** Above this length an event is pruned instead of parsed, which does not build its strings. */
const pruneFrom = 64 * 1024;

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
  const utf8 = new StringDecoder('utf8');
  const events = new EventReader(options);
  const { note } = events;
  let overflowed = false;
  const parser = createParser({
    maxBufferSize: eventCap,
    onEvent: (message) => events.event(message),
    onError: (error) => {
      overflowed ||= error.type === 'max-buffer-size-exceeded';
    },
  });
  const feed = (text: string): void => {
    parser.feed(text);
    if (!overflowed) return;
    overflowed = false;
    note.add('too_large');
    parser.reset(); // the rest of the long line is no known field, so the parser skips it
  };
  return {
    write(chunk, at) {
      events.atMs = at;
      feed(utf8.write(chunk));
    },
    attempt: () => events.readWaiting(),
    /** A server that ends without the last blank line has still sent its event. */
    settle() {
      feed('\n\n');
      events.readWaiting();
    },
    failures: () => note.failures,
    fault: () => note.fault,
    isWhole: () => false,
  };
}

/** Parses events one by one, but of those that only repeat running totals the last one only. */
class EventReader {
  readonly note = new FaultNote();
  atMs = 0;
  readonly #options: SseOptions;
  #waiting: { readonly key: string; readonly data: string; readonly name: string | undefined } | null = null;

  constructor(options: SseOptions) {
    this.#options = options;
  }

  event({ data, event: name }: EventSourceMessage): void {
    if (!data.startsWith('{') || this.#options.skip(data, name)) return; // OpenAI ends with `[DONE]`
    const key = data.length < pruneFrom ? this.#options.repeats(data) : null;
    if (key === null || key !== this.#waiting?.key) this.readWaiting();
    if (key === null) this.#read(data, name);
    else this.#waiting = { key, data, name };
  }

  readWaiting(): void {
    if (this.#waiting === null) return;
    const { data, name } = this.#waiting;
    this.#waiting = null;
    this.#read(data, name);
  }

  #read(data: string, name: string | undefined): void {
    const { shape, onFound } = this.#options;
    const value = data.length < pruneFrom ? (parseObject(data) ?? 'unreadable') : pruneEvent(data, shape);
    if (typeof value === 'string') this.note.add(value);
    else onFound({ value, isEvent: true, name, atMs: this.atMs });
  }
}

function pruneEvent(data: string, shape: JsonShape): JsonObject | BodyFault {
  let found: JsonObject | null = null;
  const pruner = new JsonPruner(shape, (value, inArray) => {
    if (!inArray) found = value;
  });
  pruner.write(Buffer.from(data));
  return found ?? pruner.note.fault ?? 'unreadable';
}
