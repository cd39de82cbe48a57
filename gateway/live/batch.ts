/**
 * Gathers what happens into frames, at most one frame per interval: the first of a quiet time goes out at once (a single call is on screen
 * without delay), the rest wait for the interval to pass.
 */
export interface Pacer {
  /** Something is waiting: `flush` runs now or when the interval has passed. */
  poke(): void;
  stop(): void;
}

export function createPacer(intervalMs: number, flush: () => void): Pacer {
  let lastMs = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;
  const run = (): void => {
    timer = null;
    lastMs = performance.now();
    flush();
  };
  return {
    poke() {
      if (timer !== null) return;
      const waitMs = Math.max(0, lastMs + intervalMs - performance.now());
      timer = setTimeout(run, waitMs);
      timer.unref();
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
