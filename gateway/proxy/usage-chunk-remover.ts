/**
 * Takes the one chunk out of an OpenAI chat stream that the caller did not ask for: `choices` empty, `usage` an object. Every other byte passes
 * as it came. What begins an event is kept back until the event is whole; a longer one cannot be that chunk and passes at once.
 */
const longestUsageEvent = 16 * 1024;
const eventEnd = /\r\n\r\n|\n\n|\r\r/;
const nothing = Buffer.alloc(0);

export class UsageChunkRemover {
  #kept: Buffer = nothing;
  #inLongEvent = false;
  #removed = false;

  /** Bytes that may go to the client now; may be empty. */
  push(chunk: Buffer): Buffer {
    if (this.#removed) return chunk;
    this.#kept = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    const passed: Buffer[] = [];
    for (let event = this.#nextEvent(); event !== null; event = this.#nextEvent()) {
      if (this.#inLongEvent || !isUsageChunk(event)) passed.push(event);
      else this.#removed = true;
      this.#inLongEvent = false;
    }
    if (this.#removed || this.#kept.length > longestUsageEvent) {
      this.#inLongEvent = !this.#removed;
      passed.push(this.#keptUpToPossibleEnd());
    }
    return passed.length === 1 && passed[0] !== undefined ? passed[0] : Buffer.concat(passed);
  }

  /** What is left when the stream ends. */
  flush(): Buffer {
    const rest = this.#kept;
    this.#kept = nothing;
    return rest;
  }

  #nextEvent(): Buffer | null {
    const match = eventEnd.exec(this.#kept.toString('latin1'));
    if (match === null) return null;
    const end = match.index + match[0].length;
    const event = this.#kept.subarray(0, end);
    this.#kept = this.#kept.subarray(end);
    return event;
  }

  /** All of it but the last bytes, which may be half of an event's end. */
  #keptUpToPossibleEnd(): Buffer {
    const cut = this.#removed ? this.#kept.length : this.#kept.length - 3;
    const passed = this.#kept.subarray(0, cut);
    this.#kept = this.#kept.subarray(cut);
    return passed;
  }
}

function isUsageChunk(event: Buffer): boolean {
  if (event.length > longestUsageEvent || !event.includes('"usage"')) return false;
  const data = event
    .toString('utf8')
    .split(/\r\n|\n|\r/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length))
    .join('\n');
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
