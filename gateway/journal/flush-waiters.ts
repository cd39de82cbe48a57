/** Whoever waits for the journal to have come so far: told when it has, when a fault makes waiting useless, or when the time is over. */
export class FlushWaiters {
  readonly #waiting = new Set<Waiter>();

  /** True once `isDone`, which {@link check} asks again; false after `withinMs` or {@link giveUp}. */
  async wait(isDone: () => boolean, withinMs: number): Promise<boolean> {
    if (isDone()) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiter: Waiter = { isDone, done: resolve };
    const timer = setTimeout(() => resolve(false), withinMs);
    this.#waiting.add(waiter);
    const flushed = await promise;
    clearTimeout(timer);
    this.#waiting.delete(waiter);
    return flushed;
  }

  check(): void {
    for (const { isDone, done } of this.#waiting) if (isDone()) done(true);
  }

  giveUp(): void {
    for (const { done } of this.#waiting) done(false);
  }
}

interface Waiter {
  readonly isDone: () => boolean;
  readonly done: (flushed: boolean) => void;
}
