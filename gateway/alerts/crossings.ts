/** From what was known and what was measured to what holds now, what began and what ended. Pure: the same input gives the same alerts. */
import type { Alert, Thresholds } from '../../contract/thresholds.ts';
import { alarmCrossing, errorRateAlarm, latencyAlarm, type MeasuredWindow } from './alarm-crossings.ts';
import { budgetCrossings, type MeasuredBudget } from './budget-crossings.ts';
import { bounded, holds, type AlertsMemory } from './memory.ts';

export interface Measured {
  readonly budgets: readonly MeasuredBudget[];
  readonly errorRate: MeasuredWindow | null; // null: the alarm is off
  readonly latency: MeasuredWindow | null;
}

export interface Crossings {
  readonly memory: AlertsMemory;
  readonly fired: readonly Alert[];
  readonly ended: readonly Alert[];
}

export interface CrossingTimes {
  readonly now: Date;
  /** What was told is forgotten by this time; null while it is unknown. */
  readonly trustedMs: number | null;
}

export function crossings(
  before: AlertsMemory,
  measured: Measured,
  thresholds: Thresholds,
  { now, trustedMs }: CrossingTimes,
): Crossings {
  const budgets = budgetCrossings(before, measured.budgets, now);
  const rates = alarmCrossing(budgets, errorRateAlarm(thresholds, measured.errorRate), now);
  const memory = bounded(alarmCrossing(rates, latencyAlarm(thresholds, measured.latency), now), trustedMs);
  const known = new Map(before.alerts.map((alert) => [alert.id, alert]));
  return {
    memory,
    fired: memory.alerts.filter(({ id }) => !known.has(id)),
    ended: memory.alerts.filter((alert) => !holds(alert) && known.get(alert.id)?.endedAt === null),
  };
}
