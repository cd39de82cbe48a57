/** What is remembered of alerts between two checks and over a restart (`alerts.json`). */
import { z } from 'zod';
import { Filter } from '../../contract/analytics.ts';
import { Alert } from '../../contract/thresholds.ts';

/** A step of a budget that was told, or passed over by a jump, in one period. `mark` is `budget:<id>:<period>:<step>`. */
export const Told = z.object({
  mark: z.string(),
  times: z.int().nonnegative(), // 0: passed over
  limitUsd: z.number(), // the largest limit it was told at
  filter: Filter,
  until: z.iso.datetime(), // end of the period
});
export type Told = z.infer<typeof Told>;

export const AlertsMemory = z.object({
  alerts: z.array(Alert), // newest first
  told: z.array(Told),
  snoozedUntil: z.iso.datetime().nullable(),
  /** Periods that ended by then hold no surprise any more; whole hours, so that the file is not written with each check. */
  settledUntil: z.iso.datetime().nullable().default(null),
});
export type AlertsMemory = z.infer<typeof AlertsMemory>;

export const noMemory: AlertsMemory = { alerts: [], told: [], snoozedUntil: null, settledUntil: null };

const keptAlerts = 50;
/** A clock that is set back over the end of a period must not tell its crossings again. */
export const toldKeptMs = 7 * 86_400_000;

/** The same memory within its bounds, by a time that is trusted (null: unknown, so nothing is forgotten for its age): alerts that hold stay before those that ended, the newest before the oldest. */
export function bounded(memory: AlertsMemory, trustedMs: number | null): AlertsMemory {
  const newest = memory.alerts.toSorted((a, b) => b.at.localeCompare(a.at));
  const kept = new Set(
    newest.toSorted((a, b) => Number(a.endedAt !== null) - Number(b.endedAt !== null)).slice(0, keptAlerts),
  );
  return {
    ...memory,
    alerts: newest.filter((alert) => kept.has(alert)),
    told: memory.told.filter(({ until }) => trustedMs === null || Date.parse(until) + toldKeptMs > trustedMs),
  };
}

export const holds = (alert: Alert): boolean => alert.endedAt === null;

/** Ends the alerts that hold and that `ends` picks. */
export function endWhere(memory: AlertsMemory, now: Date, ends: (alert: Alert) => boolean): AlertsMemory {
  const endedAt = now.toISOString();
  const alerts = memory.alerts.map((alert) => (holds(alert) && ends(alert) ? { ...alert, endedAt } : alert));
  return { ...memory, alerts };
}
