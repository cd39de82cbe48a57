/** The cost of the month to its end: what was spent so far plus the daily mean of the last seven days for the time that is left. Pure. */
import type { UsagePoint } from '../../../contract/analytics.ts';
import { instantOf, localMidnight, wallClock } from '../../range/local-midnight.ts';

export interface ForecastInput {
  readonly monthCostUsd: number | null;
  readonly points: readonly UsagePoint[]; // of the last seven days
  readonly nowMs: number;
  readonly tz: string;
}

export type Forecast =
  | { readonly kind: 'forecast'; readonly costUsd: number; readonly perDayUsd: number; readonly days: number }
  | { readonly kind: 'not-enough' };

const dayMs = 86_400_000;
/** Fewer days say little about a month. */
const fewestDays = 3;
const window = 7;

export function forecastMonth({ monthCostUsd, points, nowMs, tz }: ForecastInput): Forecast {
  const first = points.find(({ calls }) => calls > 0);
  const days = first === undefined ? 0 : Math.min(window, (nowMs - Date.parse(first.at)) / dayMs);
  if (days < fewestDays) return { kind: 'not-enough' };
  const spent = points.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
  const perDayUsd = spent / days;
  const leftDays = (monthEnd(nowMs, tz) - nowMs) / dayMs;
  return { kind: 'forecast', costUsd: (monthCostUsd ?? 0) + perDayUsd * leftDays, perDayUsd, days };
}

/** The first instant of the next month in the zone. */
export function monthEnd(nowMs: number, tz: string): number {
  const start = new Date(wallClock(localMidnight(nowMs, tz, 'month'), tz));
  return instantOf(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1), tz);
}
