/** What went wrong, on every surface, newest first: one row for each kind of failure with the last call that had it. */
import { questions, type ErrorRow } from '../../contract/analytics.ts';
import { Outcome } from '../../contract/usage-record.ts';
import type { SqlRow } from '../warehouse/warehouse.ts';
import { condition } from './filter.ts';
import { cameBackWhole, facts, measures } from './measures.ts';
import { ask, type Question } from './question.ts';
import { describeRange, resolveRange } from './range.ts';
import { count, instant, numberOrNull, text, textOrNull } from './row.ts';
import { raw, sql } from './sql.ts';

const kind = raw('outcome, status_code, error_code, upstream, endpoint, model');

export const errors: Question<'errors'> = {
  query: questions.errors.query,
  answer: async (warehouse, query, context) => {
    const range = resolveRange(query, context.now);
    const rows = await ask(
      warehouse,
      sql`SELECT ${kind}, ${measures('calls', 'last_ms')}, MAX_BY(call_id, started_ms) AS last_call_id FROM ${facts}
        WHERE ${condition(range, query.filter, warehouse.dialect)} AND NOT COALESCE(${raw(cameBackWhole)}, FALSE)
        GROUP BY ${kind} ORDER BY last_ms DESC, last_call_id DESC LIMIT ${raw(query.limit)}`,
      context,
    );
    return { range: describeRange(range), errors: rows.map(shape) };
  },
};

function shape(row: SqlRow): ErrorRow {
  return {
    outcome: Outcome.parse(row['outcome']),
    statusCode: numberOrNull(row, 'status_code'),
    errorCode: textOrNull(row, 'error_code'),
    upstream: text(row, 'upstream'),
    endpoint: text(row, 'endpoint'),
    model: textOrNull(row, 'model'),
    calls: count(row, 'calls'),
    lastAt: instant(row, 'last_ms'),
    lastCallId: text(row, 'last_call_id'),
  };
}
