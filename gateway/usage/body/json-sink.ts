import { isSpace, openBrace, openBracket } from './json-bytes.ts';
import { JsonPruner, parseObject, type JsonShape } from './json-pruner.ts';
import type { BodyFault, BodySink, Found } from './body-sink.ts';

/** UTF-8 byte order mark, which some servers put before JSON although RFC 8259 forbids it. */
const byteOrderMark = new Set([0xef, 0xbb, 0xbf]);

/**
 * JSON of any size: a small object is kept and parsed whole; a longer one, and any top-level array, is pruned as it arrives, so that memory
 * stays bounded. Which of the two is decided by the first byte, not by the media type.
 */
export class JsonSink implements BodySink {
  readonly #parseWholeUpTo: number;
  readonly #onFound: (found: Found) => void;
  readonly #shape: JsonShape;
  #pruner: JsonPruner | null = null; // most bodies are short and never need one
  #mode: 'sniff' | 'collect' | 'prune' | 'ignore' = 'sniff';
  #collected: Buffer[] = [];
  #collectedBytes = 0;
  #unreadable = 0;
  #atMs = 0;
  #isArray = false;

  constructor(shape: JsonShape, parseWholeUpTo: number, onFound: (found: Found) => void) {
    this.#parseWholeUpTo = parseWholeUpTo;
    this.#onFound = onFound;
    this.#shape = shape;
  }

  write(bytes: Buffer, atMs: number): void {
    this.#atMs = atMs;
    const chunk = this.#mode === 'sniff' ? this.#sniff(bytes) : bytes;
    if (this.#mode === 'collect') this.#collect(chunk);
    else if (this.#mode === 'prune') this.#prune(chunk);
  }

  attempt(): void {
    this.#parseCollected();
  }

  settle(): void {
    if (!this.#parseCollected()) this.#unreadable += 1;
  }

  failures(): number {
    return this.#unreadable + (this.#pruner?.note.failures ?? 0);
  }

  fault(): BodyFault | null {
    return this.#unreadable > 0 ? 'unreadable' : (this.#pruner?.note.fault ?? null);
  }

  isWhole(): boolean {
    return !this.#isArray;
  }

  /** Drops what stands before the value (space, byte order mark) and decides how to read the rest. */
  #sniff(chunk: Buffer): Buffer {
    const start = chunk.findIndex((byte) => !isSpace(byte) && !byteOrderMark.has(byte));
    if (start === -1) return chunk;
    this.#isArray = chunk[start] === openBracket;
    this.#mode = this.#isArray ? 'prune' : chunk[start] === openBrace ? 'collect' : 'ignore';
    return chunk.subarray(start);
  }

  #collect(chunk: Buffer): void {
    this.#collected.push(chunk);
    this.#collectedBytes += chunk.length;
    if (this.#collectedBytes <= this.#parseWholeUpTo) return;
    this.#mode = 'prune';
    for (const earlier of this.#collected) this.#prune(earlier);
    this.#collected = [];
  }

  #prune(chunk: Buffer): void {
    this.#pruner ??= new JsonPruner(this.#shape, (value, isEvent) =>
      this.#onFound({ value, isEvent, name: undefined, atMs: this.#atMs }),
    );
    this.#pruner.write(chunk);
  }

  /** True when nothing is left to parse. */
  #parseCollected(): boolean {
    if (this.#mode !== 'collect') return true;
    const [first] = this.#collected;
    const bytes = first !== undefined && this.#collected.length === 1 ? first : Buffer.concat(this.#collected);
    const value = parseObject(bytes.toString('utf8'));
    if (value === null) return false;
    this.#mode = 'ignore';
    this.#collected = [];
    this.#onFound({ value, isEvent: false, name: undefined, atMs: this.#atMs });
    return true;
  }
}
