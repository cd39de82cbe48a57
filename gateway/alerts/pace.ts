/** When to check: soon after rows arrived, and while what was measured still moves by itself. A slow warehouse is asked less often. */

export const checkEveryMs = 15_000;
const retryMs = 2_000;
/** Spending changes without a call too: prices are corrected, rows are deleted. */
const anywayMs = 5 * 60_000;
const restFactor = 20;
/** A check that was slow once, while the warehouse started, must not delay the next one for minutes. */
const longestRestMs = 30_000;

export interface LastCheck {
  readonly endedMs: number; // monotonic
  readonly tookMs: number;
  readonly failed: boolean;
  /** A window held calls: they leave it as time passes. */
  readonly windowMoves: boolean;
  readonly periodEndsAt: number | null; // epoch ms; null without a budget
}

export interface Moment {
  readonly monotonicMs: number;
  readonly epochMs: number;
  /** Rows reached the warehouse since the last check began. */
  readonly rowsArrived: boolean;
}

export function isDue(last: LastCheck | null, { monotonicMs, epochMs, rowsArrived }: Moment): boolean {
  if (last === null) return true;
  const restedMs = monotonicMs - last.endedMs;
  const restMs = Math.max(last.failed ? retryMs : checkEveryMs, Math.min(last.tookMs * restFactor, longestRestMs));
  if (restedMs < restMs) return false;
  const periodEnded = last.periodEndsAt !== null && epochMs >= last.periodEndsAt;
  return last.failed || rowsArrived || last.windowMoves || periodEnded || restedMs >= anywayMs;
}
