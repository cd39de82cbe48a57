/**
 * Takes the one chunk out of an OpenAI chat stream that the caller did not ask for: `choices` empty, `usage` an object. Every other byte passes
 * as it came. What begins an event is kept back until the event is complete; a longer one cannot be that chunk and passes at once. Each byte is
 * looked at once, and no more than {@link longestUsageEvent} of them are kept.
 */
import { EventEnds } from './event-ends.ts';

const longestUsageEvent = 16 * 1024;
const nothing = Buffer.alloc(0);
const usageName = Buffer.from('"usage"');
const lineFeed = 0x0a;

export class UsageChunkRemover {
  readonly #ends = new EventEnds();
  #kept: Buffer[] = []; // the beginning of an event
  #keptBytes = 0;
  #inLongEvent = false;
  #removed = false;
  #dropLineFeed = false; // it would be the second half of the line end that closed the removed event

  /** Bytes that may go to the client now; may be empty. */
  push(chunk: Buffer): Buffer {
    if (this.#removed) return this.#afterRemoval(chunk);
    const kept = this.#kept;
    let from = 0; // where the current event begins, or goes on
    for (let end = this.#ends.next(chunk, 0); end !== null; end = this.#ends.next(chunk, end)) {
      if (this.#isRemovable(chunk.subarray(from, end))) return this.#remove(from === 0 ? [] : kept, chunk, from, end);
      this.#beginEvent();
      from = end;
    }
    const passes = this.#keep(chunk.subarray(from)) ? chunk.length : from;
    return passes === 0 ? nothing : joined([...kept, chunk.subarray(0, passes)]);
  }

  /** What is left when the stream ends. */
  flush(): Buffer {
    const rest = joined(this.#kept);
    this.#beginEvent();
    return rest;
  }

  /** @param rest the event without what was kept of it */
  #isRemovable(rest: Buffer): boolean {
    if (this.#inLongEvent || this.#keptBytes + rest.length > longestUsageEvent) return false;
    return isUsageChunk(joined([...this.#kept, rest]));
  }

  #remove(before: readonly Buffer[], chunk: Buffer, from: number, end: number): Buffer {
    this.#removed = true;
    this.#dropLineFeed = this.#ends.mayGoOn();
    this.#beginEvent();
    return joined([...before, chunk.subarray(0, from), this.#afterRemoval(chunk.subarray(end))]);
  }

  #beginEvent(): void {
    this.#kept = [];
    this.#keptBytes = 0;
    this.#inLongEvent = false;
  }

  /** True when the beginning is too long to be kept, and with it all that was kept. */
  #keep(beginning: Buffer): boolean {
    this.#inLongEvent ||= this.#keptBytes + beginning.length > longestUsageEvent;
    if (this.#inLongEvent) {
      this.#kept = [];
      this.#keptBytes = 0;
    } else if (beginning.length > 0) {
      this.#kept.push(beginning);
      this.#keptBytes += beginning.length;
    }
    return this.#inLongEvent;
  }

  #afterRemoval(chunk: Buffer): Buffer {
    if (!this.#dropLineFeed || chunk.length === 0) return chunk;
    this.#dropLineFeed = false;
    return chunk[0] === lineFeed ? chunk.subarray(1) : chunk;
  }
}

function joined(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}

function isUsageChunk(event: Buffer): boolean {
  if (!event.includes(usageName)) return false;
  const data = event
    .toString('latin1') // only ASCII decides
    .split(/\r\n|\n|\r/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length))
    .join('\n');
  return noChoices.test(data) && hasUsageAlone(data);
}

/** Every chunk of such a stream has `usage`, mostly null: what is plainly none is not parsed. */
const noChoices = /"choices"\s*:\s*\[\s*\]/;

function hasUsageAlone(data: string): boolean {
  try {
    const chunk: unknown = JSON.parse(data);
    if (typeof chunk !== 'object' || chunk === null) return false;
    const choices: unknown = Reflect.get(chunk, 'choices');
    const usage: unknown = Reflect.get(chunk, 'usage');
    return Array.isArray(choices) && choices.length === 0 && typeof usage === 'object' && usage !== null;
  } catch {
    return false; // `[DONE]`, or nothing we know
  }
}
