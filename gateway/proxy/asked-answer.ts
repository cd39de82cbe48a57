/** What an upstream answers to our question, before anybody else hears of it: a refusal is kept back until it is known what it is about. */
import type { Socket } from 'node:net';
import type { RawHeaders } from './exchange.ts';
import type { ParsedHead } from './upstream/response-head.ts';
import type { ResponseFraming } from './upstream/response-parser.ts';
import type { UpstreamCall, UpstreamEvents, UpstreamFailure } from './upstream/upstream-client.ts';
import type { UsageQuestion } from './usage-question.ts';

const longestKept = 64 * 1024;

interface KeptAnswer {
  readonly head: ParsedHead;
  readonly framing: ResponseFraming;
  readonly pieces: { readonly chunk: Buffer; readonly final: boolean }[];
  bytes: number;
}

export class AskedAnswer implements UpstreamEvents {
  readonly #question: UsageQuestion;
  readonly #to: UpstreamEvents;
  readonly #sendOriginal: () => void;
  #call: UpstreamCall | null = null;
  #kept: KeptAnswer | null = null;

  /** @param sendOriginal sends the caller's own body; nothing of this answer is passed on then */
  constructor(question: UsageQuestion, to: UpstreamEvents, sendOriginal: () => void) {
    this.#question = question;
    this.#to = to;
    this.#sendOriginal = sendOriginal;
  }

  ready(call: UpstreamCall): void {
    this.#call = call;
    this.#to.ready(call);
  }

  suspended(): void {
    this.#to.suspended();
  }

  drained(): void {
    this.#to.drained();
  }

  waitsForClient(): boolean {
    return this.#to.waitsForClient();
  }

  information(head: ParsedHead): void {
    this.#to.information(head);
  }

  head(head: ParsedHead, framing: ResponseFraming): void {
    if (this.#question.mayRefuse(head.statusCode)) this.#kept = { head, framing, pieces: [], bytes: 0 };
    else this.#to.head(head, framing);
  }

  body(chunk: Buffer, final: boolean): void {
    const kept = this.#kept;
    if (kept === null) return this.#to.body(chunk, final);
    kept.pieces.push({ chunk, final });
    kept.bytes += chunk.length;
    if (kept.bytes <= longestKept || final) return;
    if (!this.#isRefusal(kept)) return this.#passOn(kept);
    this.#call?.abort();
    this.#withdraw();
  }

  flush(): void {
    if (this.#kept === null) this.#to.flush();
  }

  end(trailers: RawHeaders): void {
    const kept = this.#kept;
    if (kept !== null && this.#isRefusal(kept)) return this.#withdraw();
    if (kept !== null) this.#passOn(kept);
    this.#to.end(trailers);
  }

  upgraded(head: ParsedHead, socket: Socket, rest: Buffer): void {
    this.#to.upgraded(head, socket, rest);
  }

  failed(failure: UpstreamFailure): void {
    const kept = this.#kept;
    if (kept !== null && this.#isRefusal(kept)) return this.#withdraw();
    if (kept !== null) this.#passOn(kept);
    this.#to.failed(failure);
  }

  #isRefusal({ head, pieces }: KeptAnswer): boolean {
    return this.#question.isRefused(head.headers, Buffer.concat(pieces.map(({ chunk }) => chunk)));
  }

  #withdraw(): void {
    this.#question.withdraw();
    // A moment later the connection of a complete refusal is free for the second attempt.
    process.nextTick(this.#sendOriginal);
  }

  #passOn({ head, framing, pieces }: KeptAnswer): void {
    this.#kept = null;
    this.#to.head(head, framing);
    for (const { chunk, final } of pieces) this.#to.body(chunk, final);
  }
}
