/** The calendar day or month that an instant lies in, in the budgets' zone. */
import type { BudgetPeriod } from '../../contract/thresholds.ts';
import { isZone, machineZone } from '../../contract/machine-zone.ts';
import { startOfLocal, zoneOf, type Zone } from '../analytics/zone.ts';

export interface Period {
  /** `2026-11` or `2026-11-24`. */
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number; // exclusive
}

const hourMs = 3_600_000;
/** Beyond this, a budget that was crossed while nobody looked is history. */
const longestLookBackMs = 32 * 24 * hourMs;
/** From the start of a period into the next one: a day has 23 to 25 hours, a month 28 to 31 days. */
const beyondMs: Record<BudgetPeriod, number> = { day: 30 * hourMs, month: 33 * 24 * hourMs };

export function periodOf(period: BudgetPeriod, zone: Zone, nowMs: number): Period {
  const fromMs = startOfLocal(zone, nowMs, period);
  const wallDate = new Date(fromMs + zone.offsetAt(fromMs)).toISOString();
  return {
    name: wallDate.slice(0, period === 'day' ? 10 : 7),
    fromMs,
    toMs: startOfLocal(zone, fromMs + beyondMs[period], period),
  };
}

/**
 * The periods from the one that an instant lies in to the one of now, newest first; always that of now, and none that ended more than
 * {@link longestLookBackMs} ago.
 */
export function periodsSince(period: BudgetPeriod, zone: Zone, sinceMs: number, nowMs: number): readonly Period[] {
  const periods = [periodOf(period, zone, nowMs)];
  const oldestMs = Math.max(sinceMs, nowMs - longestLookBackMs);
  for (let next = periods[0]; next !== undefined && next.fromMs > oldestMs; next = periods.at(-1)) {
    periods.push(periodOf(period, zone, next.fromMs - 1));
  }
  return periods;
}

/** What is wrong with the zone of the budgets, as a sentence; that of the machine has its own. */
export function zoneProblem(tz: string | null): string | null {
  return tz === null || isZone(tz) ? null : `The time zone "${tz}" of the budgets is unknown; UTC is used.`;
}

/** The zone of the budgets: null is the machine's. One that nobody knows is UTC, so that budgets are watched all the same. */
export function budgetZone(tz: string | null): Zone {
  return zoneOf(tz !== null && isZone(tz) ? tz : tz === null ? machineZone(process.env['TZ']).name : 'UTC');
}
