/**
 * Endpoints by calls. `successRate` is that of generation calls; `failed` counts every call that did not come back whole, so that an
 * endpoint which only lists files still shows its failures.
 */
import { questions, type EndpointRow } from '../../contract/analytics.ts';
import type { SqlRow } from '../warehouse/warehouse.ts';
import { condition } from './filter.ts';
import { cameBackWhole, facts, measures } from './measures.ts';
import { percentiles } from './percentiles.ts';
import { ask, type Question } from './question.ts';
import { describeRange, resolveRange } from './range.ts';
import { count, numberOrNull, text } from './row.ts';
import { raw, sql } from './sql.ts';

export const endpoints: Question<'endpoints'> = {
  query: questions.endpoints.query,
  answer: async (warehouse, query, context) => {
    const range = resolveRange(query, context.now);
    const rows = await ask(
      warehouse,
      sql`SELECT upstream, method, endpoint, ${measures('calls', 'generations', 'succeeded')},
        COUNT_IF(${raw(cameBackWhole)}) AS whole_calls, AVG(duration_ms) AS duration_avg,
        ${percentiles(warehouse.dialect, [['p95', 'duration_ms', 0.95]])}
        FROM ${facts} WHERE ${condition(range, query.filter, warehouse.dialect)}
        GROUP BY upstream, method, endpoint ORDER BY calls DESC, upstream, method, endpoint LIMIT ${raw(query.limit)}`,
      context,
    );
    return { range: describeRange(range), endpoints: rows.map(shape) };
  },
};

function shape(row: SqlRow): EndpointRow {
  const generations = count(row, 'generations');
  return {
    upstream: text(row, 'upstream'),
    method: text(row, 'method'),
    endpoint: text(row, 'endpoint'),
    calls: count(row, 'calls'),
    successRate: generations === 0 ? null : count(row, 'succeeded') / generations,
    avgMs: numberOrNull(row, 'duration_avg'),
    p95Ms: numberOrNull(row, 'p95'),
    failed: count(row, 'calls') - count(row, 'whole_calls'),
  };
}
