/**
 * The cost of the month to its end: what was spent so far, plus the daily mean of the last seven full days for the time that is left. A day
 * counts from the first call seen on, quiet days after it too. Pure.
 */
import type { UsagePoint } from '../../../contract/analytics.ts';
import { instantOf, localMidnight, wallClock } from '../../range/local-midnight.ts';

export interface ForecastInput {
  readonly monthCostUsd: number | null;
  readonly days: readonly UsagePoint[]; // full local days up to this morning, oldest first
  readonly nowMs: number;
  readonly tz: string;
}

export type Forecast =
  | { readonly kind: 'forecast'; readonly costUsd: number; readonly perDayUsd: number; readonly days: number }
  | { readonly kind: 'not-enough'; readonly days: number };

const dayMs = 86_400_000;
/** Fewer days say little about a month. */
export const fewestDays = 3;
const meanDays = 7;
/** How far back the first call is looked for: beyond the days of the mean, so that a quiet week is a quiet week. */
export const daysLookedAt = 30;

export function forecastMonth({ monthCostUsd, days, nowMs, tz }: ForecastInput): Forecast {
  const first = days.findIndex(({ calls }) => calls > 0);
  const seen = first === -1 ? [] : days.slice(first).slice(-meanDays);
  if (seen.length < fewestDays) return { kind: 'not-enough', days: seen.length };
  const perDayUsd = seen.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0) / seen.length;
  const leftDays = (monthEnd(nowMs, tz) - nowMs) / dayMs;
  return { kind: 'forecast', costUsd: (monthCostUsd ?? 0) + perDayUsd * leftDays, perDayUsd, days: seen.length };
}

/** The first instant of the next month in the zone. */
export function monthEnd(nowMs: number, tz: string): number {
  const start = new Date(wallClock(localMidnight(nowMs, tz, 'month'), tz));
  return instantOf(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1), tz);
}

/** The full local days before today, as bounds; they change once a day. */
export function fullDays(nowMs: number, tz: string): { from: string; to: string } {
  const toMs = localMidnight(nowMs, tz, 'day');
  const fromMs = instantOf(wallClock(toMs, tz) - daysLookedAt * dayMs, tz);
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}
