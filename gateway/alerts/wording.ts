/** Alerts in words: a title for a notice, the numbers below it. */
import type { BudgetState } from '../../contract/thresholds.ts';

export interface Wording {
  readonly title: string;
  readonly text: string;
}

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
/** Of amounts below a dollar, the digits that tell them apart. */
const cents = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  maximumSignificantDigits: 3,
});
const money = (usd: number): string => (usd >= 1 || usd === 0 ? dollars : cents).format(usd);
const whole = new Intl.NumberFormat('en-US');
const upToOneDigit = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

const many = (count: number, one: string, more: string): string => `${whole.format(count)} ${count === 1 ? one : more}`;
const minutesText = (minutes: number): string => (minutes === 1 ? 'minute' : `${minutes} minutes`);

export interface WordedPeriod {
  readonly period: string; // `2026-11` or `2026-11-24`
  readonly isOver: boolean;
}

export function budgetWording(
  { budget, spentUsd, unpricedCalls }: BudgetState,
  { period, isOver }: WordedPeriod,
  step: number,
): Wording {
  const spent = spentUsd ?? 0;
  const atLeast = unpricedCalls > 0 ? 'at least ' : '';
  const share = upToOneDigit.format((spent / budget.limitUsd) * 100);
  const unpriced =
    unpricedCalls === 0 ? '' : ` ${many(unpricedCalls, 'call has', 'calls have')} no price and may add to it.`;
  return {
    title: `Budget "${budget.name}" ${isOver ? 'was' : 'is'} ${step >= 100 ? 'used up' : `at ${step} %`}${isOver ? ` ${periodText(period)}` : ''}`,
    text: `${sentence(`${atLeast}${money(spent)} of ${money(budget.limitUsd)}`)} spent ${periodText(period)} (${share} %).${unpriced}`,
  };
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function periodText(period: string): string {
  const isMonth = period.length === 7;
  const date = new Date(`${period}${isMonth ? '-01' : ''}T00:00:00Z`);
  const parts = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  const text = date.toLocaleDateString('en-GB', isMonth ? parts : { ...parts, day: 'numeric' });
  return `${isMonth ? 'in' : 'on'} ${text}`;
}

export interface ErrorRateReading {
  readonly failed: number;
  readonly generations: number;
  readonly minutes: number;
  readonly percent: number; // the alarm's
}

export function errorRateWording({ failed, generations, minutes, percent }: ErrorRateReading): Wording {
  const share = upToOneDigit.format((failed / generations) * 100);
  return {
    title: `${share} % of calls fail`,
    text: `${whole.format(failed)} of ${many(generations, 'call', 'calls')} failed in the last ${minutesText(minutes)}. The alarm is set at ${upToOneDigit.format(percent)} %.`,
  };
}

export interface LatencyReading {
  readonly p95Ms: number;
  readonly calls: number;
  readonly minutes: number;
  readonly limitMs: number; // the alarm's
}

export function latencyWording({ p95Ms, calls, minutes, limitMs }: LatencyReading): Wording {
  return {
    title: `Calls are slow: p95 is ${duration(p95Ms)}`,
    text: `The slowest 5 % of ${many(calls, 'call', 'calls')} in the last ${minutesText(minutes)} took ${duration(p95Ms)} or longer. The alarm is set at ${duration(limitMs)}.`,
  };
}

const duration = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${upToOneDigit.format(ms / 1000)} s`);
