/**
 * Reads one body, request or response, from a copy: content-encoding undone, SSE, JSON or a form taken apart, the objects that matter handed
 * over. Memory is bounded whatever comes; a body of any other kind is not kept at all.
 */
import type { BodyFault, BodySink, Found } from './body-sink.ts';
import { CompressedReader } from './compressed-reader.ts';
import { parseEncodings } from './content-decoder.ts';
import { FormSink } from './form-sink.ts';
import { JsonSink } from './json-sink.ts';
import type { JsonShape } from './json-pruner.ts';
import { openSseSink, type SseOptions } from './sse-sink.ts';

export interface BodyReader {
  readonly kind: MediaKind;
  write(chunk: Buffer, atMs: number): void;
  /** Reads a small uncompressed body if all of it seems to be there, and the newest totals of a stream. */
  attempt(): void;
  /** No more bytes come; a promise only when decompression has to be waited for. */
  settle(): Promise<void> | undefined;
  failures(): number;
  fault(): BodyFault | null;
}

export type MediaKind = 'json' | 'sse' | 'form' | 'none';

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
  readonly repeats: SseOptions['repeats'];
}

export function openBodyReader(options: BodyReaderOptions): BodyReader {
  const kind = mediaKind(options.contentType);
  const encodings = parseEncodings(options.contentEncoding);
  if (kind === 'none') return unread(kind, null);
  if (encodings === null) return unread(kind, 'undecodable');
  const sink = openSink(kind, options);
  return encodings.length === 0
    ? plainReader(kind, sink)
    : new CompressedReader(kind, encodings, sink, options.isStream);
}

/** A missing or vague media type is tried as JSON: the first byte tells soon enough. */
function mediaKind(contentType: string | null): MediaKind {
  const media = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (media === 'text/event-stream') return 'sse';
  if (media === 'multipart/form-data') return 'form';
  return jsonMedia.has(media) || media.endsWith('+json') ? 'json' : 'none';
}
const jsonMedia = new Set(['', 'application/json', 'text/json', 'text/plain']);

function openSink(kind: MediaKind, options: BodyReaderOptions): BodySink {
  const { shape, onFound, skipEvent, repeats, parseWholeUpTo } = options;
  if (kind === 'sse') return openSseSink({ shape, onFound, skip: skipEvent, repeats });
  if (kind === 'form') return new FormSink(options.contentType ?? '', shape, onFound);
  return new JsonSink(shape, parseWholeUpTo, onFound);
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
    fault: () => sink.fault(),
  };
}

function unread(kind: MediaKind, fault: BodyFault | null): BodyReader {
  const nothing = (): undefined => undefined;
  const failures = fault === null ? 0 : 1;
  return { kind, write: nothing, attempt: nothing, settle: nothing, failures: () => failures, fault: () => fault };
}
