/** The fleet in one line. Pure. */
import type { Fleet } from '../../contract/snowflake.ts';
import { formatDay, formatMinute } from '../format/time.ts';

/** "as of 14:02 · 2 gateways"; the day beside the time when it is not today. */
export function fleetWords({ asOf, gateways }: Fleet, nowMs: number, tz: string): string {
  if (asOf === null || gateways.length === 0) return 'no gateway has delivered yet';
  const sameDay = formatDay(asOf, tz) === formatDay(nowMs, tz);
  const at = sameDay ? formatMinute(asOf, tz) : `${formatDay(asOf, tz)} ${formatMinute(asOf, tz)}`;
  return `as of ${at} · ${gateways.length} ${gateways.length === 1 ? 'gateway' : 'gateways'}`;
}
