/**
 * Undoes content-encoding on a copy of a body (RFC 9110, section 8.4). Streams decode as they arrive; a small whole body is decoded in one
 * synchronous call, which is cheaper than a trip to the thread pool.
 */
import {
  brotliDecompressSync,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib';

export type Encoding = 'gzip' | 'br' | 'deflate' | 'zstd';

const known: Readonly<Record<string, Encoding>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  br: 'br',
  deflate: 'deflate',
  zstd: 'zstd',
};
const mostEncodings = 4;

/** Encodings in the order they were applied; null when one of them is unknown. */
export function parseEncodings(header: string | null): readonly Encoding[] | null {
  if (header === null || header === '') return [];
  const encodings: Encoding[] = [];
  for (const token of header.split(',')) {
    const name = token.trim().toLowerCase();
    if (name === '' || name === 'identity') continue;
    const encoding = Object.hasOwn(known, name) ? known[name] : undefined;
    if (encoding === undefined || encodings.length === mostEncodings) return null;
    encodings.push(encoding);
  }
  return encodings;
}

/** "deflate" means zlib (RFC 1950), but some servers send raw deflate (RFC 1951): a zlib header starts with compression method 8. */
const isZlib = (firstByte: number | undefined): boolean => firstByte !== undefined && (firstByte & 0x0f) === 8;

/** The decoded body; `too_large` when it would be longer than `maxBytes`, null when it cannot be decoded. */
export function decodeWhole(
  encodings: readonly Encoding[],
  body: Buffer,
  maxBytes: number,
): Buffer | 'too_large' | null {
  try {
    return encodings.reduceRight((bytes, encoding) => decodeOnce(encoding, bytes, maxBytes), body);
  } catch (error) {
    return error instanceof RangeError ? 'too_large' : null;
  }
}

function decodeOnce(encoding: Encoding, bytes: Buffer, maxOutputLength: number): Buffer {
  const options = { maxOutputLength };
  if (encoding === 'gzip') return gunzipSync(bytes, options);
  if (encoding === 'br') return brotliDecompressSync(bytes, options);
  if (encoding === 'zstd') return zstdDecompressSync(bytes, options);
  return isZlib(bytes[0]) ? inflateSync(bytes, options) : inflateRawSync(bytes, options);
}

function openEngine(encoding: Encoding, firstByte: number | undefined) {
  if (encoding === 'gzip') return createGunzip();
  if (encoding === 'br') return createBrotliDecompress();
  if (encoding === 'zstd') return createZstdDecompress();
  return isZlib(firstByte) ? createInflate() : createInflateRaw();
}

interface Stage {
  write(chunk: Buffer): void;
  end(): void;
  stop(): void;
}

/** Compressed bytes that may wait for the thread pool; beyond it, decoding is given up rather than memory (P7). */
const backlogCap = 16 * 1024 * 1024;

export interface StreamDecoder {
  write(chunk: Buffer, atMs: number): void;
  /** Resolves when all that could be decoded was handed over. */
  end(): Promise<void>;
  stop(): void;
  readonly failed: () => boolean;
}

/** `onData` gets decoded bytes with the time at which their compressed bytes came. */
export function openStreamDecoder(
  encodings: readonly Encoding[],
  onData: (chunk: Buffer, atMs: number) => void,
): StreamDecoder {
  const times: number[] = [];
  const finished = Promise.withResolvers<void>();
  let failed = false;
  let lastAtMs = 0;
  const giveUp = (): void => {
    failed = true;
  };
  const last: Stage = {
    write: (chunk) => onData(chunk, times[0] ?? lastAtMs),
    end: () => finished.resolve(),
    stop: () => finished.resolve(),
  };
  const taken = (): void => void times.shift();
  const first = encodings.reduce<Stage>(
    (next, encoding, index) => openStage(encoding, next, giveUp, index === encodings.length - 1 ? taken : undefined),
    last,
  );
  return {
    write(chunk, atMs) {
      lastAtMs = atMs;
      times.push(atMs);
      first.write(chunk);
    },
    async end() {
      first.end();
      await finished.promise;
    },
    stop: () => first.stop(),
    failed: () => failed,
  };
}

function openStage(encoding: Encoding, next: Stage, onFailure: () => void, onTaken?: () => void): Stage {
  let engine: ReturnType<typeof openEngine> | null = null;
  let open = true;
  const finish = (): void => {
    if (!open) return;
    open = false;
    next.end();
  };
  const start = (firstByte: number | undefined): ReturnType<typeof openEngine> => {
    const opened = openEngine(encoding, firstByte);
    opened.on('data', (chunk: Buffer) => next.write(chunk));
    opened.on('error', onFailure);
    opened.once('close', finish);
    return opened;
  };
  const stop = (): void => {
    engine?.destroy();
    finish();
  };
  return {
    write(chunk) {
      if (!open || chunk.length === 0) return onTaken?.();
      engine ??= start(chunk[0]);
      if (engine.writableLength > backlogCap) {
        onFailure();
        return stop();
      }
      engine.write(chunk, onTaken);
    },
    end: () => (engine === null ? finish() : engine.end()),
    stop,
  };
}
