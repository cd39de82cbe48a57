/** Asks the embedded DuckDB what budgets have spent and how the last minutes went: the numbers that the dashboard shows, sample traffic too. */
import type { Metrics, QuestionQuery } from '../../contract/analytics.ts';
import type { Thresholds } from '../../contract/thresholds.ts';
import type { MeasuredWindow } from './alarm-crossings.ts';
import type { MeasuredBudget } from './budget-crossings.ts';
import type { Measured } from './crossings.ts';
import { budgetZone, periodsSince } from './period.ts';

export type AskMetrics = (query: QuestionQuery<'metrics'>, signal: AbortSignal) => Promise<Metrics>;

export interface MeasureTimes {
  readonly now: Date;
  /** All calls that began before are in the warehouse: periods that ended by then are asked for no more. */
  readonly settledMs: number;
}

/** @throws what the warehouse throws: nothing is known then */
export async function measure(
  { tz, budgets, errorRate, latency }: Thresholds,
  { now, settledMs }: MeasureTimes,
  ask: AskMetrics,
  signal: AbortSignal,
): Promise<Measured> {
  const zone = budgetZone(tz);
  const nowMs = now.getTime();
  const asked = new Map<string, Promise<Metrics>>();
  /** Budgets and alarms that count the same calls share one answer. */
  const metricsOf = (
    fromMs: number,
    filter: QuestionQuery<'metrics'>['filter'],
    toMs = nowMs + 1,
  ): Promise<Metrics> => {
    const key = JSON.stringify([fromMs, toMs, filter]);
    const query = { from: isoOf(fromMs), to: isoOf(toMs), tz: 'UTC', filter, source: 'duckdb' } as const;
    const answer = asked.get(key) ?? ask(query, signal);
    asked.set(key, answer);
    return answer;
  };
  const lastMinutes = async (alarm: { on: boolean; minutes: number }): Promise<MeasuredWindow | null> =>
    alarm.on ? windowOf(await metricsOf(nowMs - alarm.minutes * 60_000, {})) : null;
  // One after the other: a dashboard that asks at the same time keeps its share of the warehouse.
  const spent: MeasuredBudget[] = [];
  for (const budget of budgets) {
    for (const { name, fromMs, toMs } of periodsSince(budget.period, zone, settledMs, nowMs)) {
      const isOver = toMs <= nowMs;
      const { totals } = await metricsOf(fromMs, budget.filter, isOver ? toMs : nowMs + 1);
      const { costUsd: spentUsd, unpricedCalls } = totals;
      spent.push({ budget, period: name, isOver, from: isoOf(fromMs), to: isoOf(toMs), spentUsd, unpricedCalls });
    }
  }
  return { budgets: spent, errorRate: await lastMinutes(errorRate), latency: await lastMinutes(latency) };
}

const windowOf = ({ totals, durationMs }: Metrics): MeasuredWindow => ({
  calls: totals.calls,
  generations: totals.generations,
  failed: totals.failed,
  p95Ms: durationMs.p95,
});

const isoOf = (ms: number): string => new Date(ms).toISOString();
