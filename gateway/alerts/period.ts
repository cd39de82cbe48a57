/** The calendar day or month that an instant lies in, in the budgets' zone. */
import type { BudgetPeriod } from '../../contract/thresholds.ts';
import { startOfLocal, zoneOf, type Zone } from '../analytics/zone.ts';

export interface Period {
  /** `2026-11` or `2026-11-24`. */
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number; // exclusive
}

const hourMs = 3_600_000;
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

/** The zone of the budgets; null is the machine's, which may change while the gateway runs. */
export function budgetZone(tz: string | null): Zone {
  return zoneOf(tz ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
}
