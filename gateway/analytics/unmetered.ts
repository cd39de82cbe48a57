/**
 * Calls whose numbers are missing or doubtful, by cause (P6). A generation call without usage cannot have a price either, so it is listed
 * as `no_usage` only; a mismatch is listed beside either. `no_usage` and `no_price` together are the unpriced calls of the totals.
 */
import { questions, UnmeteredRow } from '../../contract/analytics.ts';
import { unpricedSql } from '../../contract/unpriced.ts';
import { condition } from './filter.ts';
import { facts, measures } from './measures.ts';
import { ask, type Question } from './question.ts';
import { describeRange, resolveRange } from './range.ts';
import { count, instant } from './row.ts';
import { join, raw, sql, type Sql } from './sql.ts';

const causes = [
  ['no_usage', `${unpricedSql()} AND usage_source = 'none'`],
  ['no_price', `${unpricedSql()} AND usage_source <> 'none'`],
  ['mismatch', 'usage_mismatch'],
] as const;

export const unmetered: Question<'unmetered'> = {
  query: questions.unmetered.query,
  answer: async (warehouse, query, context) => {
    const range = resolveRange(query, context.now);
    const where = condition(range, query.filter, warehouse.dialect);
    const parts = causes.map(([reason, cause]) => rowsOf(reason, cause, where));
    const rows = await ask(
      warehouse,
      sql`${join(parts, ' UNION ALL ')}
        ORDER BY calls DESC, reason, provider, model NULLS LAST, surface LIMIT ${raw(query.limit)}`,
      context,
    );
    const shaped = rows.map((row) =>
      UnmeteredRow.parse({ ...row, calls: count(row, 'calls'), lastAt: instant(row, 'last_ms') }),
    );
    return { range: describeRange(range), unmetered: shaped };
  },
};

function rowsOf(reason: string, cause: string, where: Sql): Sql {
  return sql`SELECT ${reason} AS reason, provider, model, surface, ${measures('calls', 'last_ms')} FROM ${facts}
    WHERE ${where} AND ${raw(cause)} GROUP BY provider, model, surface`;
}
