/** Growing waits between attempts, with jitter so that many installs do not knock at the same moment. */
export interface BackOff {
  /** The next wait in ms: doubles from `firstMs` to `maxMs`, each time shortened at random. */
  next(): number;
  /** The longest wait at once, for what repeating does not cure; shortened at random like every other. */
  longest(): number;
  reset(): void;
}

export interface BackOffOptions {
  readonly random?: () => number;
  /** How much a wait may be shortened, as a share of it. */
  readonly spread?: number;
}

export function createBackOff(
  firstMs: number,
  maxMs: number,
  { random = Math.random, spread = 0.5 }: BackOffOptions = {},
): BackOff {
  let waitMs = firstMs;
  const shortened = (ms: number): number => Math.round(ms * (1 - random() * spread));
  return {
    next: () => {
      const current = waitMs;
      waitMs = Math.min(waitMs * 2, maxMs);
      return shortened(current);
    },
    longest: () => {
      waitMs = maxMs;
      return shortened(maxMs);
    },
    reset: () => {
      waitMs = firstMs;
    },
  };
}
