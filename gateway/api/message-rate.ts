/** How often a reader may speak: a burst at once, then a steady rate. Far above what a client has to say, far below what would keep us busy. */
export interface MessageRateLimits {
  /** Messages, pings and pongs that may come at once. */
  readonly burst: number;
  /** How many more may come each second. */
  readonly perSecond: number;
}

/** Asked for each message; false when it is one too many. */
export function createMessageRate({ burst, perSecond }: MessageRateLimits): () => boolean {
  let left = burst;
  let countedAtMs = performance.now();
  return () => {
    const nowMs = performance.now();
    left = Math.min(burst, left + ((nowMs - countedAtMs) / 1000) * perSecond);
    countedAtMs = nowMs;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
