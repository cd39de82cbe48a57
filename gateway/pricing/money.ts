const nanoPerUsd = 1e9;

/** USD rounded to whole nano-dollars (9 decimals), the precision costs are stored with. */
export function roundToNanoUsd(usd: number): number {
  return Math.round(usd * nanoPerUsd) / nanoPerUsd;
}

/** Whole nano-dollars. */
export const nanoUsd = (usd: number): number => Math.round(usd * nanoPerUsd);
