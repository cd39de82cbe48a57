/**
 * Asking a chat stream for its usage, with a way back: an upstream that refuses the question gets the caller's own body, and the caller sees
 * only the answer to that. Nothing of a refusal is passed on, and nothing is sent again once a byte of an answer has been.
 */
import { codingOf } from './content-codings.ts';
import { fieldOf } from './headers.ts';
import { askingForUsage, headersForLength } from './stream-usage.ts';
import type { OutgoingRequest } from './upstream/upstream-client.ts';
import type { RawHeaders } from './exchange.ts';

const longMemoryMs = 60 * 60_000; // an upstream that refused is asked again after an hour: it may have been updated
const mostRemembered = 1_000;
const longestModelName = 200;
/** What servers answer to a body they do not accept; nothing was generated, so nothing is paid twice. */
const refusals: ReadonlySet<number> = new Set([400, 413, 422]);
const namesQuestion = /stream_options|include_usage/;
const longestDecodedRefusal = 256 * 1024;

/** Who took the question and who refused it, by upstream, path and model. */
export class UsageQuestions {
  readonly #taken = new Map<string, { readonly taken: boolean; readonly untilMs: number }>();

  /** Null when nothing is known, or no longer. */
  took(key: string): boolean | null {
    const known = this.#taken.get(key);
    return known === undefined || known.untilMs < performance.now() ? null : known.taken;
  }

  note(key: string, taken: boolean): void {
    this.#taken.delete(key);
    const [oldest] = this.#taken.keys();
    if (this.#taken.size >= mostRemembered && oldest !== undefined) this.#taken.delete(oldest);
    this.#taken.set(key, { taken, untilMs: performance.now() + longMemoryMs });
  }
}

export interface Asking {
  readonly request: OutgoingRequest;
  readonly body: Buffer;
}

/** The question of one call. */
export class UsageQuestion {
  readonly #memory: UsageQuestions;
  readonly #place: string;
  #key = '';
  #state: 'unasked' | 'asked' | 'withdrawn' = 'unasked';

  /** @param place upstream and path */
  constructor(memory: UsageQuestions, place: string) {
    this.#memory = memory;
    this.#place = place;
  }

  /** Whether the answer is one to the question. */
  get isAsked(): boolean {
    return this.#state === 'asked';
  }

  /** Request and body with the question; null when this caller, or this upstream, is not to be asked. */
  ask(request: OutgoingRequest, body: Buffer): Asking | null {
    const asking = askingForUsage(body);
    if (asking === null) return null;
    this.#key = `${this.#place} ${asking.model?.slice(0, longestModelName) ?? ''}`;
    if (this.#memory.took(this.#key) === false) return null;
    this.#state = 'asked';
    const headers = headersForLength(request.headers, asking.body.length);
    return { request: { ...request, headers }, body: asking.body };
  }

  /** Whether an answer with this status may be about the question. */
  mayRefuse(statusCode: number): boolean {
    return this.isAsked && refusals.has(statusCode);
  }

  /**
   * Whether the caller's own body has to be sent: the refusal names what we added, or nothing is known yet of this upstream, whose words may
   * be its own.
   */
  isRefused(headers: RawHeaders, body: Buffer): boolean {
    return this.#memory.took(this.#key) !== true || namesQuestion.test(decoded(headers, body));
  }

  withdraw(): void {
    this.#state = 'withdrawn';
  }

  /** The answer that the caller gets has begun: its status tells who was right. */
  answered(statusCode: number): void {
    const succeeded = statusCode >= 200 && statusCode < 300;
    if (succeeded && this.#state !== 'unasked') this.#memory.note(this.#key, this.#state === 'asked');
  }
}

function decoded(headers: RawHeaders, body: Buffer): string {
  const coding = codingOf(fieldOf(headers, 'content-encoding'));
  if (coding === null) return '';
  if (coding === 'identity') return body.toString('latin1');
  try {
    return coding.decodeWhole(body, { maxOutputLength: longestDecodedRefusal }).toString('latin1');
  } catch {
    return ''; // cut off or damaged: it names nothing
  }
}
