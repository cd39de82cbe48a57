/** Users, sessions and keys: one shape, one query over another column. Calls without one are the row with id null. */
import type { ListQuery, PrincipalRow, Range } from '../../contract/analytics.ts';
import type { SqlRow, Warehouse } from '../warehouse/warehouse.ts';
import { condition } from './filter.ts';
import { byWeight, facts, measures } from './measures.ts';
import { ask, type AskContext } from './question.ts';
import { describeRange, resolveRange } from './range.ts';
import { count, instant, numberOrNull, textOrNull } from './row.ts';
import { raw, sql } from './sql.ts';

export async function principals(
  column: 'user_id' | 'session_id' | 'key_id',
  warehouse: Warehouse,
  query: ListQuery,
  context: AskContext,
): Promise<{ range: Range; rows: PrincipalRow[] }> {
  const range = resolveRange(query, context.now);
  const rows = await ask(
    warehouse,
    sql`SELECT ${raw(column)} AS id, ${principalMeasures} FROM ${facts}
      WHERE ${condition(range, query.filter, warehouse.dialect)}
      GROUP BY ${raw(column)} ORDER BY ${byWeight}, id NULLS LAST LIMIT ${raw(query.limit)}`,
    context,
  );
  return { range: describeRange(range), rows: rows.map(shape) };
}

const principalMeasures = measures(
  'calls',
  'generations',
  'succeeded',
  'input_tokens_sum',
  'output_tokens_sum',
  'cost_usd_sum',
  'unpriced_calls',
  'first_ms',
  'last_ms',
);

function shape(row: SqlRow): PrincipalRow {
  return {
    id: textOrNull(row, 'id'),
    calls: count(row, 'calls'),
    failed: count(row, 'generations') - count(row, 'succeeded'),
    inputTokens: count(row, 'input_tokens_sum'),
    outputTokens: count(row, 'output_tokens_sum'),
    costUsd: numberOrNull(row, 'cost_usd_sum'),
    unpricedCalls: count(row, 'unpriced_calls'),
    firstAt: instant(row, 'first_ms'),
    lastAt: instant(row, 'last_ms'),
  };
}
