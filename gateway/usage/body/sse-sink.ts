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
}

export function openSseSink(options: SseOptions): BodySink {
  const utf8 = new StringDecoder('utf8');
  const note = new FaultNote();
  let atMs = 0;
  let overflowed = false;
  const onEvent = ({ data, event: name }: EventSourceMessage): void => {
    if (!data.startsWith('{') || options.skip(data, name)) return; // OpenAI ends with `[DONE]`
    const value = data.length < pruneFrom ? (parseObject(data) ?? 'unreadable') : pruneEvent(data, options.shape);
    if (typeof value === 'string') note.add(value);
    else options.onFound({ value, isEvent: true, name, atMs });
  };
  const parser = createParser({
    maxBufferSize: eventCap,
    onEvent,
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
      atMs = at;
      feed(utf8.write(chunk));
    },
    attempt: () => undefined,
    /** A server that ends without the last blank line has still sent its event. */
    settle: () => feed('\n\n'),
    failures: () => note.failures,
    fault: () => note.fault,
    isWhole: () => false,
  };
}

function pruneEvent(data: string, shape: JsonShape): JsonObject | BodyFault {
  let found: JsonObject | null = null;
  const pruner = new JsonPruner(shape, (value, inArray) => {
    if (!inArray) found = value;
  });
  pruner.write(Buffer.from(data));
  return found ?? pruner.note.fault ?? 'unreadable';
}
