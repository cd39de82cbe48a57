/** Totals, latency and the period before. Latencies are those of all calls that have one. */
import { questions, type Filter, type Metrics } from '../../contract/analytics.ts';
import type { SqlRow } from '../warehouse/warehouse.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { condition } from './filter.ts';
import { facts, measures, readTotals, totalsMeasures } from './measures.ts';
import { percentiles, sampleOf, type PercentileColumn } from './percentiles.ts';
import { ask, type AskContext, type Question } from './question.ts';
import { describeRange, previousOf, resolveRange, type ResolvedRange } from './range.ts';
import { count, instant, numberOrNull } from './row.ts';
import { sql, type Sql } from './sql.ts';

const currentLatencies: readonly PercentileColumn[] = [
  ['duration_p50', 'duration_ms', 0.5],
  ['duration_p95', 'duration_ms', 0.95],
  ['duration_p99', 'duration_ms', 0.99],
  ['ttft_p50', 'ttft_ms', 0.5],
  ['ttft_p95', 'ttft_ms', 0.95],
  ['overhead_p50', 'overhead_ms', 0.5],
  ['overhead_p99', 'overhead_ms', 0.99],
];
const previousLatencies: readonly PercentileColumn[] = [
  ['duration_p95', 'duration_ms', 0.95],
  ['ttft_p50', 'ttft_ms', 0.5],
];

interface Period {
  readonly totals: SqlRow | undefined;
  readonly latency: SqlRow | undefined;
}

export const metrics: Question<'metrics'> = {
  query: questions.metrics.query,
  answer: async (warehouse, query, context) => {
    const range = resolveRange(query, context.now);
    const askPeriod = (period: ResolvedRange, latencies: readonly PercentileColumn[]) =>
      readPeriod(warehouse, condition(period, query.filter, warehouse.dialect), latencies, context);
    const [current, previous, future] = await Promise.all([
      askPeriod(range, currentLatencies),
      askPeriod(previousOf(range), previousLatencies),
      query.from === undefined ? readFuture(warehouse, query.filter, context) : null,
    ]);
    return { range: describeRange(range), ...shapeCurrent(current), previous: shapePrevious(previous), future };
  },
};

const toleranceMs = 60_000; // a clock that was corrected by a little is no news

async function readFuture(
  warehouse: Warehouse,
  filter: Filter,
  context: AskContext,
): Promise<NonNullable<Metrics['future']> | null> {
  const range = { fromMs: context.now.getTime() + toleranceMs, toMs: Number.MAX_SAFE_INTEGER };
  const where = condition(range, filter, warehouse.dialect);
  const [row] = await ask(warehouse, sql`SELECT ${measures('calls', 'last_ms')} FROM ${facts} WHERE ${where}`, context);
  return count(row, 'calls') === 0 ? null : { calls: count(row, 'calls'), lastAt: instant(row, 'last_ms') };
}

async function readPeriod(
  warehouse: Warehouse,
  where: Sql,
  latencies: readonly PercentileColumn[],
  context: AskContext,
): Promise<Period> {
  const [totals] = await ask(
    warehouse,
    sql`SELECT ${totalsMeasures}, AVG(duration_ms) AS duration_avg FROM ${facts} WHERE ${where}`,
    context,
  );
  const calls = count(totals, 'calls');
  if (calls === 0) return { totals, latency: undefined };
  const columns = percentiles(warehouse.dialect, latencies);
  const [latency] = await ask(
    warehouse,
    sql`SELECT ${columns} FROM ${facts} WHERE ${where} AND ${sampleOf(calls)}`,
    context,
  );
  return { totals, latency };
}

function shapeCurrent({ totals, latency }: Period): Pick<Metrics, 'totals' | 'durationMs' | 'ttftMs' | 'overheadMs'> {
  return {
    totals: readTotals(totals),
    durationMs: {
      avg: numberOrNull(totals, 'duration_avg'),
      p50: numberOrNull(latency, 'duration_p50'),
      p95: numberOrNull(latency, 'duration_p95'),
      p99: numberOrNull(latency, 'duration_p99'),
    },
    ttftMs: { p50: numberOrNull(latency, 'ttft_p50'), p95: numberOrNull(latency, 'ttft_p95') },
    overheadMs: { p50: numberOrNull(latency, 'overhead_p50'), p99: numberOrNull(latency, 'overhead_p99') },
  };
}

function shapePrevious({ totals, latency }: Period): Metrics['previous'] {
  if (count(totals, 'calls') === 0) return null;
  return {
    ...readTotals(totals),
    p95Ms: numberOrNull(latency, 'duration_p95'),
    ttftP50Ms: numberOrNull(latency, 'ttft_p50'),
  };
}
