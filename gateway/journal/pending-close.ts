import type { CloseResult } from './journal.ts';

/** One caller waiting for its row: told once, by whichever comes first of the commit, the deadline and a fault. */
export class PendingClose {
  readonly result: Promise<CloseResult>;
  #resolve: ((result: CloseResult) => void) | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(deadlineMs: number, onDeadline: (pending: PendingClose) => void) {
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#timer = setTimeout(() => onDeadline(this), deadlineMs);
  }

  /** True when the caller had still been waiting. */
  tell(result: CloseResult): boolean {
    const resolve = this.#resolve;
    if (resolve === null) return false;
    this.#resolve = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    resolve(result);
    return true;
  }
}
