import type { CloseResult } from './journal.ts';
import type { Hold } from './protocol.ts';

const noHold: Hold = { heldMs: 0, leftMs: 0 };

/** One caller waiting for its row: told once, by whichever comes first of the commit, the deadline and a fault. */
export class PendingClose {
  readonly result: Promise<CloseResult>;
  #resolve: ((result: CloseResult) => void) | null = null;
  #timer: NodeJS.Timeout | null = null;
  readonly #sinceMs = performance.now();
  readonly #deadlineMs: number;
  readonly #answerWaits: boolean;
  #heldMs = 0;

  /** @param answerWaits whether the client gets the end of its answer only afterwards */
  constructor(deadlineMs: number, onDeadline: (pending: PendingClose) => void, answerWaits = false) {
    this.#deadlineMs = deadlineMs;
    this.#answerWaits = answerWaits;
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#timer = setTimeout(() => onDeadline(this), deadlineMs);
  }

  /** What the answer has waited until now, and may still. */
  hold(): Hold {
    if (!this.#answerWaits) return noHold;
    if (this.#resolve === null) return { heldMs: Math.min(this.#heldMs, this.#deadlineMs), leftMs: 0 };
    const heldMs = Math.min(performance.now() - this.#sinceMs, this.#deadlineMs);
    return { heldMs, leftMs: this.#deadlineMs - heldMs };
  }

  /** True when the caller had still been waiting. */
  tell(result: CloseResult): boolean {
    const resolve = this.#resolve;
    if (resolve === null) return false;
    this.#resolve = null;
    this.#heldMs = performance.now() - this.#sinceMs;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    resolve(result);
    return true;
  }
}
