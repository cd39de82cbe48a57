/**
 * How near each model and key comes to what a provider grants. Calls of generation surfaces count, refused ones too: they spend the quota of
 * requests. The rows read begin before the range where the quota day does; a clock minute that the range cuts counts with its part inside.
 */
import { questions, type LimitRow, type QuotaReset } from '../../contract/analytics.ts';
import { Provider } from '../../contract/usage-record.ts';
import type { SqlRow } from '../warehouse/warehouse.ts';
import { condition } from './filter.ts';
import { facts } from './measures.ts';
import { ask, type Question } from './question.ts';
import { quotaDays } from './quota-day.ts';
import { describeRange, resolveRange, type ResolvedRange } from './range.ts';
import { count, instant, numberOrNull, textOrNull } from './row.ts';
import { join, raw, sql, type Sql } from './sql.ts';

const minuteMs = 60_000;
const minute = raw(`started_ms - MOD(started_ms, ${minuteMs})`);

export const limits: Question<'limits'> = {
  query: questions.limits.query,
  answer: async (warehouse, query, context) => {
    const range = resolveRange(query, context.now);
    const resets = quotaDays(range.toMs);
    const read = { fromMs: earliest(range, resets), toMs: range.toMs };
    const where = condition(read, query.filter, warehouse.dialect);
    const rows = await ask(warehouse, statement(perMinute(range, resets, where), query.limit), context);
    return { range: describeRange(range), resets, limits: rows.map(shape) };
  },
};

const earliest = ({ fromMs, toMs }: ResolvedRange, resets: readonly QuotaReset[]): number =>
  Math.min(fromMs, toMs - minuteMs, ...resets.map(({ from }) => Date.parse(from)));

function statement(minutes: Sql, limit: number): Sql {
  return sql`SELECT provider, model, key_id,
      SUM(last_requests) AS minute_requests,
      SUM(last_tokens) AS minute_tokens,
      SUM(day_requests) AS today_requests,
      SUM(day_tokens) AS today_tokens,
      MAX(range_requests) AS peak_requests,
      MAX(range_tokens) AS peak_tokens,
      SUM(refused) AS rate_limited,
      MAX(refused_ms) AS rate_limited_ms,
      MAX(newest_ms) AS last_ms
    FROM (${minutes}) minutes
    GROUP BY provider, model, key_id
    ORDER BY today_requests DESC, last_ms DESC, provider, model NULLS LAST, key_id NULLS LAST
    LIMIT ${raw(limit)}`;
}

/** One row for each model, key and clock minute. */
function perMinute({ fromMs, toMs }: ResolvedRange, resets: readonly QuotaReset[], where: Sql): Sql {
  const inRange = `started_ms >= ${fromMs}`;
  const columns = [
    ...requestsAndTokens('range', inRange),
    ...requestsAndTokens('last', `started_ms >= ${toMs - minuteMs}`),
    ...requestsAndTokens('day', `started_ms >= ${dayStart(resets)}`),
    `COUNT_IF(status_code = 429 AND ${inRange}) AS refused`,
    `MAX(CASE WHEN status_code = 429 AND ${inRange} THEN started_ms END) AS refused_ms`,
    'MAX(started_ms) AS newest_ms',
  ];
  return sql`SELECT provider, model, key_id, ${join(columns.map(raw), ', ')} FROM ${facts}
    WHERE ${where} AND generation GROUP BY provider, model, key_id, ${minute}`;
}

const requestsAndTokens = (name: string, when: string): string[] => [
  `COUNT_IF(${when}) AS ${name}_requests`,
  `SUM(CASE WHEN ${when} THEN input_tokens END) AS ${name}_tokens`,
];

const dayStart = (resets: readonly QuotaReset[]): string =>
  `CASE provider ${resets.map(({ provider, from }) => `WHEN '${provider}' THEN ${Date.parse(from)}`).join(' ')} END`;

function shape(row: SqlRow): LimitRow {
  return {
    provider: Provider.parse(row['provider']),
    model: textOrNull(row, 'model'),
    key: textOrNull(row, 'key_id'),
    requestsLastMinute: count(row, 'minute_requests'),
    tokensLastMinute: count(row, 'minute_tokens'),
    requestsToday: count(row, 'today_requests'),
    tokensToday: count(row, 'today_tokens'),
    peakRequestsPerMinute: count(row, 'peak_requests'),
    peakTokensPerMinute: count(row, 'peak_tokens'),
    rateLimitedCalls: count(row, 'rate_limited'),
    lastRateLimitedAt: numberOrNull(row, 'rate_limited_ms') === null ? null : instant(row, 'rate_limited_ms'),
    lastAt: instant(row, 'last_ms'),
  };
}
