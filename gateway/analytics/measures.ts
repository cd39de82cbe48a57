/**
 * The measures that questions share, as SQL and as the numbers read from a row. Success and tokens are those of generation surfaces
 * (DESIGN §7): counting tokens, listing files and polling are calls, but they neither succeed nor spend tokens. Cost is that of every call that
 * has one. No measure is named like a column: engines differ in which of the two such a name then means.
 */
import type { Totals } from '../../contract/analytics.ts';
import { unpricedSql } from '../../contract/unpriced.ts';
import type { SqlRow } from '../warehouse/warehouse.ts';
import { factTable } from '../warehouse/table.ts';
import { count, numberOrNull } from './row.ts';
import { raw } from './sql.ts';

/** HTTP < 400 and outcome ok; a call without a status did not succeed. */
export const cameBackWhole = "(outcome = 'ok' AND status_code < 400)";
export const facts = raw(factTable);

const spent = (column: string) => `SUM(CASE WHEN generation THEN ${column} END)`;

const measureSql = {
  calls: 'COUNT(*)',
  generations: 'COUNT_IF(generation)',
  succeeded: `COUNT_IF(generation AND ${cameBackWhole})`,
  input_tokens_sum: spent('input_tokens'),
  output_tokens_sum: spent('output_tokens'),
  cached_input_tokens_sum: spent('cached_input_tokens'),
  reasoning_tokens_sum: spent('reasoning_tokens'),
  total_tokens_sum: spent('total_tokens'),
  cost_usd_sum: 'SUM(cost_usd)', // creating a cache is no generation, but it costs
  priced_calls: 'COUNT(cost_usd)',
  unpriced_calls: `COUNT_IF(${unpricedSql()})`,
  mismatched_calls: 'COUNT_IF(usage_mismatch)',
  first_ms: 'MIN(started_ms)',
  last_ms: 'MAX(started_ms)',
} as const;
export type Measure = keyof typeof measureSql;

/** `expression AS name, …` for a SELECT list. */
export function measures(...names: readonly Measure[]) {
  return raw(names.map((name) => `${measureSql[name]} AS ${name}`).join(', '));
}

/** Biggest first: by cost, then by calls. */
export const byWeight = raw('cost_usd_sum DESC NULLS LAST, calls DESC');

export const totalsMeasures = measures(
  'calls',
  'generations',
  'succeeded',
  'input_tokens_sum',
  'output_tokens_sum',
  'cached_input_tokens_sum',
  'reasoning_tokens_sum',
  'total_tokens_sum',
  'cost_usd_sum',
  'priced_calls',
  'unpriced_calls',
  'mismatched_calls',
);

export function readTotals(row: SqlRow | undefined): Totals {
  const generations = count(row, 'generations');
  const succeeded = count(row, 'succeeded');
  return {
    calls: count(row, 'calls'),
    generations,
    succeeded,
    failed: generations - succeeded,
    successRate: generations === 0 ? null : succeeded / generations,
    inputTokens: count(row, 'input_tokens_sum'),
    outputTokens: count(row, 'output_tokens_sum'),
    cachedInputTokens: count(row, 'cached_input_tokens_sum'),
    reasoningTokens: count(row, 'reasoning_tokens_sum'),
    totalTokens: count(row, 'total_tokens_sum'),
    costUsd: numberOrNull(row, 'cost_usd_sum'),
    pricedCalls: count(row, 'priced_calls'),
    unpricedCalls: count(row, 'unpriced_calls'),
    mismatchedCalls: count(row, 'mismatched_calls'),
  };
}
