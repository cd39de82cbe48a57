/**
 * Budgets, alarms and time zone as they are on the page, and what saving them makes of the thresholds as they are by then. Pure. Only what was
 * changed here is put into them: limits, and budgets of somebody else, stay.
 */
import type { Budget, Thresholds } from '../../../../contract/thresholds.ts';
import { alarmDraftsOf, alarmProblemCount, errorRateOf, latencyOf, type AlarmDraft } from './alarm-draft.ts';

export interface AlertsDraft {
  readonly budgets: readonly Budget[];
  readonly errorRate: AlarmDraft;
  readonly latency: AlarmDraft;
  readonly tz: string; // empty: the zone of the gateway's machine
}

export function alertsDraftOf(thresholds: Thresholds): AlertsDraft {
  return { budgets: thresholds.budgets, ...alarmDraftsOf(thresholds), tz: thresholds.tz ?? '' };
}

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export function zoneProblem(tz: string): string | null {
  if (tz.trim() === '') return null;
  try {
    new Intl.DateTimeFormat('en', { timeZone: tz.trim() }).resolvedOptions();
    return null;
  } catch (error) {
    if (error instanceof RangeError) return 'Accepted: a time zone like Europe/Berlin or UTC, or nothing';
    throw error;
  }
}

export function problemCount({ errorRate, latency, tz }: AlertsDraft): number {
  const inZone = zoneProblem(tz) === null ? 0 : 1;
  return alarmProblemCount('errorRate', errorRate) + alarmProblemCount('latency', latency) + inZone;
}

/**
 * @param fresh as they are now
 * @param base as they were when the draft was begun
 * @param draft without problems
 */
export function mergedWith(fresh: Thresholds, base: Thresholds, draft: AlertsDraft): Thresholds {
  const before = alertsDraftOf(base);
  const tz = draft.tz.trim();
  return {
    ...fresh,
    budgets: mergedBudgets(fresh.budgets, base.budgets, draft.budgets),
    errorRate: same(draft.errorRate, before.errorRate)
      ? fresh.errorRate
      : errorRateOf(draft.errorRate, fresh.errorRate),
    latency: same(draft.latency, before.latency) ? fresh.latency : latencyOf(draft.latency, fresh.latency),
    tz: draft.tz === before.tz ? fresh.tz : tz === '' ? null : tz,
  };
}

function mergedBudgets(fresh: readonly Budget[], base: readonly Budget[], draft: readonly Budget[]): Budget[] {
  const of = (list: readonly Budget[], id: string): Budget | undefined => list.find((budget) => budget.id === id);
  const changed = draft.filter((budget) => !same(budget, of(base, budget.id)));
  const removed = base.filter(({ id }) => of(draft, id) === undefined);
  const kept = fresh
    .filter(({ id }) => of(removed, id) === undefined)
    .map((budget) => of(changed, budget.id) ?? budget);
  return [...kept, ...changed.filter(({ id }) => of(fresh, id) === undefined)];
}
