/** Waits between reconnects: doubling from half a second to ten, with jitter so that many dashboards do not return in step. */

const firstMs = 500;
const longestMs = 10_000;

/** @param attempt 0 for the first retry. @param random in [0, 1). Returns milliseconds, at least 75 % of the nominal wait. */
export function backOffMs(attempt: number, random: number): number {
  const nominal = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 10));
  return Math.round(nominal * (0.75 + random * 0.25));
}
