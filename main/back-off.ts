export interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * Delay before retry number `attempt` (0 = the first retry), doubling from `firstMs` up to `longestMs`.
 * @param random in [0, 1): spreads the delay over its upper half so that many clients do not return in step; 1 = no jitter.
 */
export function backOffMs({ firstMs, longestMs }: BackOff, attempt: number, random = 1): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 30));
  return Math.round(full / 2 + (full / 2) * random);
}
