/** The content codings whose streams can be read and written again (RFC 9110 §8.4.1). */
import type { Transform } from 'node:stream';
import {
  brotliDecompressSync,
  constants,
  createBrotliCompress,
  createBrotliDecompress,
  createDeflate,
  createGunzip,
  createGzip,
  createInflate,
  createZstdCompress,
  createZstdDecompress,
  gunzipSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib';

export interface Coding {
  decoder(): Transform;
  /** Whatever is written comes out at once: an event of a stream waits for no other. */
  encoder(): Transform;
  decodeWhole(bytes: Buffer, options: { readonly maxOutputLength: number }): Buffer;
}

const atOnce = { flush: constants.Z_SYNC_FLUSH };
const gzip: Coding = { decoder: createGunzip, encoder: () => createGzip(atOnce), decodeWhole: gunzipSync };
const codings: ReadonlyMap<string, Coding> = new Map([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['deflate', { decoder: createInflate, encoder: () => createDeflate(atOnce), decodeWhole: inflateSync }],
  [
    'br',
    {
      decoder: createBrotliDecompress,
      encoder: () => createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH }),
      decodeWhole: brotliDecompressSync,
    },
  ],
  [
    'zstd',
    {
      decoder: createZstdDecompress,
      encoder: () => createZstdCompress({ flush: constants.ZSTD_e_flush }),
      decodeWhole: zstdDecompressSync,
    },
  ],
]);

/** The coding that a `content-encoding` names: `identity` when it names none, null when we do not know it or there are several. */
export function codingOf(contentEncoding: string | null): Coding | 'identity' | null {
  const name = contentEncoding?.trim().toLowerCase() ?? '';
  return name === '' || name === 'identity' ? 'identity' : (codings.get(name) ?? null);
}

/** Whether an upstream that takes `accept-encoding` at its word answers in a coding we know. */
export function offersOnlyKnownCodings(acceptEncoding: string | null): boolean {
  return (acceptEncoding ?? '').split(',').every((offer) => {
    const name = offer.split(';')[0]?.trim() ?? '';
    return name === '*' || codingOf(name) !== null;
  });
}
