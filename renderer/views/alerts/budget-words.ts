/**
 * How a budget stands, in words and shares. Pure. What is spent is a lower bound where calls have no price, and unknown where none has one:
 * then there is no share and no forecast.
 */
import type { Filter } from '../../../contract/analytics.ts';
import { budgetSteps, type BudgetPeriod, type BudgetState } from '../../../contract/thresholds.ts';
import { formatCost } from '../../format/cost.ts';
import { dash, formatExact, formatShare } from '../../format/numbers.ts';
import { formatDay } from '../../format/time.ts';
import { chipsOf, chipWords, fieldLabels } from '../../requests/request-filter.ts';

export type BudgetTone = 'good' | 'warn' | 'bad';

export interface BudgetFacts {
  readonly tone: BudgetTone;
  readonly share: number | null; // of the amount; above 1 when it is overdrawn
  readonly percent: string;
  readonly spent: string; // 'at least $103.20 of $120.00'
  readonly doubt: string | null; // why it is only a lower bound
  readonly forecast: { readonly words: string; readonly over: boolean } | null;
}

export function budgetFacts(state: BudgetState, nowMs: number, tz: string): BudgetFacts {
  const { budget, spentUsd, unpricedCalls } = state;
  const share = spentUsd === null ? null : spentUsd / budget.limitUsd;
  const lower = unpricedCalls > 0;
  return {
    tone: toneOf(share),
    share,
    percent: share === null ? dash : formatShare(share),
    spent: `${lower && spentUsd !== null ? 'at least ' : ''}${formatCost(spentUsd)} of ${formatCost(budget.limitUsd)}`,
    doubt: lower ? doubtWords(unpricedCalls) : null,
    forecast: forecastOf(state, nowMs, tz),
  };
}

const [warnPercent, fullPercent] = budgetSteps;

function toneOf(share: number | null): BudgetTone {
  const percent = (share ?? 0) * 100;
  if (percent >= fullPercent) return 'bad';
  return percent >= warnPercent ? 'warn' : 'good';
}

function doubtWords(calls: number): string {
  return `${formatExact(calls)} ${calls === 1 ? 'call has' : 'calls have'} no price and ${calls === 1 ? 'is' : 'are'} not in this sum`;
}

const hourMs = 3_600_000;
/** Less than this says little about the rest of the period. */
const earliestMs: Readonly<Record<BudgetPeriod, number>> = { day: hourMs, month: 24 * hourMs };

/** How the forecast is made, for whoever asks. */
export const forecastMethod = 'What was spent so far, continued at the same pace to the end of the period';

function forecastOf(state: BudgetState, nowMs: number, tz: string): BudgetFacts['forecast'] {
  const { budget, from, to, spentUsd } = state;
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const elapsedMs = Math.min(nowMs, toMs) - fromMs;
  if (spentUsd === null || elapsedMs < earliestMs[budget.period]) return null;
  const costUsd = (spentUsd * (toMs - fromMs)) / elapsedMs;
  const end = budget.period === 'day' ? 'the end of the day' : formatDay(toMs - 1, tz);
  return { words: `At this pace ${formatCost(costUsd)} by ${end}`, over: costUsd > budget.limitUsd };
}

export const periodWords: Readonly<Record<BudgetPeriod, string>> = { day: 'per day', month: 'per month' };

/** Whose calls a budget is about: all calls, or user support-bot. */
export function scopeWords(filter: Filter): string {
  const chips = chipsOf(filter);
  if (chips.length === 0) return 'all calls';
  return chips.map((chip) => `${fieldLabels[chip.field].toLowerCase()} ${chipWords(chip)}`).join(', ');
}

/** Where marks and filling stand on a bar that is as long as the budget, or as what was spent when that is more. */
export function barPlaces(share: number | null): { readonly fill: number; readonly marks: readonly number[] } {
  const whole = Math.max(1, share ?? 0);
  return { fill: (share ?? 0) / whole, marks: budgetSteps.map((percent) => percent / 100 / whole) };
}
