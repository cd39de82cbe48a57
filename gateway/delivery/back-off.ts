/** Growing waits between attempts, with jitter so that many installs do not knock at the same moment. */
export interface BackOff {
  /** The next wait in ms: doubles from `firstMs` to `maxMs`, each time shortened by up to half at random. */
  next(): number;
  reset(): void;
}

export function createBackOff(firstMs: number, maxMs: number, random: () => number = Math.random): BackOff {
  let waitMs = firstMs;
  return {
    next: () => {
      const current = waitMs;
      waitMs = Math.min(waitMs * 2, maxMs);
      return Math.round(current * (1 - random() / 2));
    },
    reset: () => {
      waitMs = firstMs;
    },
  };
}
