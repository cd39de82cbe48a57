/**
 * Reads one body, request or response, from a copy: content-encoding undone, SSE or JSON taken apart, the objects that matter handed over.
 * Memory is bounded whatever comes; a body that is neither JSON nor SSE is not kept at all.
 */
import type { BodySink, Found } from './body-sink.ts';
import { CompressedReader } from './compressed-reader.ts';
import { parseEncodings } from './content-decoder.ts';
import { JsonSink } from './json-sink.ts';
import type { JsonShape } from './json-pruner.ts';
import { openSseSink } from './sse-sink.ts';

export interface BodyReader {
  readonly kind: MediaKind;
  write(chunk: Buffer, atMs: number): void;
  /** Reads a small uncompressed body if all of it seems to be there. */
  attempt(): void;
  /** No more bytes come; a promise only when decompression has to be waited for. */
  settle(): Promise<void> | undefined;
  failures(): number;
}

export type MediaKind = 'json' | 'sse' | 'none';

export interface BodyReaderOptions {
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
  readonly shape: JsonShape;
  /** The body comes piece by piece over time, so each piece is decoded when it comes. */
  readonly isStream: boolean;
  /** A JSON object up to this many bytes is parsed as it is; a longer one is pruned. */
  readonly parseWholeUpTo: number;
  readonly onFound: (found: Found) => void;
  readonly skipEvent: (data: string, name: string | undefined) => boolean;
}

export function openBodyReader(options: BodyReaderOptions): BodyReader {
  const kind = mediaKind(options.contentType);
  const encodings = parseEncodings(options.contentEncoding);
  if (kind === 'none' || encodings === null) return unread(kind, encodings === null ? 1 : 0);
  const sink = openSink(kind, options);
  return encodings.length === 0
    ? plainReader(kind, sink)
    : new CompressedReader(kind, encodings, sink, options.isStream);
}

/** A missing or vague media type is tried as JSON: the first byte tells soon enough. */
function mediaKind(contentType: string | null): MediaKind {
  const media = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (media === 'text/event-stream') return 'sse';
  return jsonMedia.has(media) || media.endsWith('+json') ? 'json' : 'none';
}
const jsonMedia = new Set(['', 'application/json', 'text/json', 'text/plain']);

function openSink(kind: MediaKind, options: BodyReaderOptions): BodySink {
  const { shape, onFound, skipEvent, parseWholeUpTo } = options;
  return kind === 'sse'
    ? openSseSink({ shape, onFound, skip: skipEvent })
    : new JsonSink(shape, parseWholeUpTo, onFound);
}

function plainReader(kind: MediaKind, sink: BodySink): BodyReader {
  return {
    kind,
    write: (chunk, atMs) => sink.write(chunk, atMs),
    attempt: () => sink.attempt(),
    settle() {
      sink.settle();
      return undefined;
    },
    failures: () => sink.failures(),
  };
}

function unread(kind: MediaKind, failures: number): BodyReader {
  const nothing = (): undefined => undefined;
  return { kind, write: nothing, attempt: nothing, settle: nothing, failures: () => failures };
}
