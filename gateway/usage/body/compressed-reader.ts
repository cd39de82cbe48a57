import type { BodyReader, MediaKind } from './body-reader.ts';
import type { BodyFault, BodySink } from './body-sink.ts';
import { decodeWhole, openStreamDecoder, type Encoding, type StreamDecoder } from './content-decoder.ts';

/** Compressed bytes of a JSON body up to which decoding waits for the end and is done in one call. */
const decodeWholeUpTo = 64 * 1024;
/** Most decoded bytes of that one call: keeps it below about 3 ms. Longer ones are decoded on the thread pool. */
const decodedWholeCap = 1024 * 1024;
/** Most decoded bytes of one JSON value (not of a stream); beyond it the body counts as unreadable. */
const decodedCap = 32 * 1024 * 1024;

/** Collects a small compressed JSON body and decodes it at the end; a stream, or what is longer, is decoded as it arrives. */
export class CompressedReader implements BodyReader {
  readonly kind: MediaKind;
  readonly #encodings: readonly Encoding[];
  readonly #sink: BodySink;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #lastAtMs = 0;
  #decodedBytes = 0;
  #undecodable = 0;
  #isTooLarge = false;
  #stream: StreamDecoder | null = null;

  constructor(kind: MediaKind, encodings: readonly Encoding[], sink: BodySink, isStream: boolean) {
    this.kind = kind;
    this.#encodings = encodings;
    this.#sink = sink;
    if (kind === 'sse' || isStream) this.#toStream();
  }

  write(chunk: Buffer, atMs: number): void {
    this.#lastAtMs = atMs;
    if (this.#stream !== null) return this.#stream.write(chunk, atMs);
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes > decodeWholeUpTo) this.#toStream();
  }

  /** Half of a compressed body tells nothing, it is read at the end; of a stream, what has come is decoded. */
  attempt(): void {
    if (this.kind === 'sse') this.#sink.attempt();
  }

  settle(): Promise<void> | undefined {
    if (this.#stream !== null) return this.#finish(this.#stream);
    if (this.#waiting.length === 0) return undefined;
    const decoded = decodeWhole(this.#encodings, Buffer.concat(this.#waiting), decodedWholeCap);
    if (decoded === 'too_large') return this.#finish(this.#toStream());
    this.#waiting = [];
    if (decoded === null) this.#undecodable += 1;
    else this.#sink.write(decoded, this.#lastAtMs);
    this.#sink.settle();
    return undefined;
  }

  failures(): number {
    return this.#undecodable + this.#sink.failures() + (this.#stream?.failed() === true ? 1 : 0);
  }

  fault(): BodyFault | null {
    if (this.#isTooLarge) return 'too_large';
    if (this.#undecodable > 0 || this.#stream?.failed() === true) return 'undecodable';
    return this.#sink.fault();
  }

  #toStream(): StreamDecoder {
    const stream = openStreamDecoder(this.#encodings, (chunk, atMs) => this.#decoded(chunk, atMs));
    this.#stream = stream;
    for (const chunk of this.#waiting) stream.write(chunk, this.#lastAtMs);
    this.#waiting = [];
    return stream;
  }

  #decoded(chunk: Buffer, atMs: number): void {
    this.#decodedBytes += chunk.length;
    this.#isTooLarge ||= this.#decodedBytes > decodedCap && this.#sink.isWhole();
    if (this.#isTooLarge) this.#stream?.stop();
    else this.#sink.write(chunk, atMs);
  }

  async #finish(stream: StreamDecoder): Promise<void> {
    await stream.end();
    this.#sink.settle();
  }
}
