/** Models by weight: cost first, then calls. Calls that name no model are one row. */
import { questions, type ModelRow } from '../../contract/analytics.ts';
import { Provider } from '../../contract/usage-record.ts';
import type { SqlRow } from '../warehouse/warehouse.ts';
import { condition } from './filter.ts';
import { byWeight, facts, measures } from './measures.ts';
import { percentiles } from './percentiles.ts';
import { ask, type Question } from './question.ts';
import { describeRange, resolveRange } from './range.ts';
import { count, numberOrNull, textOrNull } from './row.ts';
import { raw, sql } from './sql.ts';

export const models: Question<'models'> = {
  query: questions.models.query,
  answer: async (warehouse, query, context) => {
    const range = resolveRange(query, context.now);
    const rows = await ask(
      warehouse,
      sql`SELECT provider, model, ${measures('calls', 'input_tokens_sum', 'output_tokens_sum', 'cost_usd_sum', 'unpriced_calls')},
        SUM(COUNT(*)) OVER () AS all_calls, ${percentiles(warehouse.dialect, [['p95', 'duration_ms', 0.95]])}
        FROM ${facts} WHERE ${condition(range, query.filter, warehouse.dialect)}
        GROUP BY provider, model ORDER BY ${byWeight}, provider, model NULLS LAST LIMIT ${raw(query.limit)}`,
      context,
    );
    return { range: describeRange(range), models: rows.map(shape) };
  },
};

function shape(row: SqlRow): ModelRow {
  const calls = count(row, 'calls');
  return {
    provider: Provider.parse(row['provider']),
    model: textOrNull(row, 'model'),
    calls,
    share: calls / count(row, 'all_calls'),
    inputTokens: count(row, 'input_tokens_sum'),
    outputTokens: count(row, 'output_tokens_sum'),
    costUsd: numberOrNull(row, 'cost_usd_sum'),
    unpricedCalls: count(row, 'unpriced_calls'),
    p95Ms: numberOrNull(row, 'p95'),
  };
}
