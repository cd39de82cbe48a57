/**
 * Budgets that were crossed. A step is told once in a period: a jump over several tells the highest alone and counts the others as told, and
 * one that falls back (rows deleted, prices corrected, a warehouse that is being rebuilt) and is reached again goes on holding untold. A limit
 * that was raised, or other calls to count, make another crossing of it, with an id of its own.
 */
import { budgetSteps, type Alert, type BudgetState } from '../../contract/thresholds.ts';
import { endWhere, type AlertsMemory, type Told } from './memory.ts';
import { budgetWording } from './wording.ts';

export interface MeasuredBudget extends BudgetState {
  /** Name of the period: `2026-11` or `2026-11-24`. */
  readonly period: string;
  /** It has ended: calls that began in it may still arrive. */
  readonly isOver: boolean;
}

export function budgetCrossings(memory: AlertsMemory, budgets: readonly MeasuredBudget[], now: Date): AlertsMemory {
  let next = memory;
  const holding = new Set<string>();
  for (const measured of budgets) {
    const step = reachedStep(measured);
    if (step === null) continue;
    const before = next.told.find(({ mark }) => mark === markOf(measured, step)) ?? untold(measured, step);
    const known = covers(before, measured) && next.told.includes(before);
    const told = known ? before : again(before, measured);
    holding.add(alertId(told));
    next = known ? resume(next, alertId(told)) : tell(next, measured, step, told, now);
  }
  return endWhere(next, now, ({ kind, id }) => kind === 'budget' && !holding.has(id));
}

function reachedStep({ budget, spentUsd }: MeasuredBudget): number | null {
  const spent = spentUsd ?? 0;
  return budgetSteps.findLast((step) => spent >= (budget.limitUsd * step) / 100) ?? null;
}

const markOf = ({ budget, period }: MeasuredBudget, step: number): string => `budget:${budget.id}:${period}:${step}`;

/** The first crossing has the mark as its id, a later one (at a raised limit) says how many there were. */
const alertId = ({ mark, times }: Told): string => (times <= 1 ? mark : `${mark}@${times}`);

/** A lowered limit is no news: what was told at more holds at less. */
const covers = (told: Told, { budget }: MeasuredBudget): boolean =>
  told.limitUsd >= budget.limitUsd && sameFilter(told, budget);

const sameFilter = (a: Pick<Told, 'filter'>, b: Pick<Told, 'filter'>): boolean =>
  JSON.stringify(a.filter) === JSON.stringify(b.filter);

const resume = (memory: AlertsMemory, id: string): AlertsMemory => ({
  ...memory,
  alerts: memory.alerts.map((alert) => (alert.id === id ? { ...alert, endedAt: null } : alert)),
});

/** The step with its alert; the steps below it count as told. */
function tell(memory: AlertsMemory, measured: MeasuredBudget, step: number, told: Told, now: Date): AlertsMemory {
  const below = budgetSteps
    .filter((lower) => lower < step)
    .map((lower) => memory.told.find(({ mark }) => mark === markOf(measured, lower)) ?? untold(measured, lower))
    .map((before) => ({ ...again(before, measured), times: before.times }));
  const marks = new Set([told, ...below].map(({ mark }) => mark));
  return {
    ...memory,
    alerts: [alertOf(measured, step, alertId(told), now), ...memory.alerts],
    told: [...memory.told.filter(({ mark }) => !marks.has(mark)), told, ...below],
  };
}

/** Told once more, at the budget as it is now. */
function again(before: Told, { budget, to }: MeasuredBudget): Told {
  const limitUsd = sameFilter(before, budget) ? Math.max(before.limitUsd, budget.limitUsd) : budget.limitUsd;
  return { mark: before.mark, times: before.times + 1, limitUsd, filter: budget.filter, until: to };
}

const untold = (measured: MeasuredBudget, step: number): Told => ({
  mark: markOf(measured, step),
  times: 0,
  limitUsd: measured.budget.limitUsd,
  filter: measured.budget.filter,
  until: measured.to,
});

/** A preset that shows the period: one that has ended is in no preset of its own. */
function rangeOf({ budget: { period }, isOver }: MeasuredBudget): Alert['range'] {
  if (isOver) return period === 'day' ? '7d' : '90d';
  return period === 'day' ? 'today' : 'month';
}

function alertOf(measured: MeasuredBudget, step: number, id: string, now: Date): Alert {
  const { budget } = measured;
  return {
    id,
    kind: 'budget',
    level: step >= 100 ? 'critical' : 'warning',
    ...budgetWording(measured, measured, step),
    at: now.toISOString(),
    endedAt: null,
    filter: budget.filter,
    range: rangeOf(measured),
  };
}
