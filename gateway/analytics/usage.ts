/** Calls, tokens, cost and latency over time, whole or by group. Every bucket is there, with or without calls. */
import { questions, type UsagePoint } from '../../contract/analytics.ts';
import { AppError } from '../../contract/errors.ts';
import type { SqlRow, Warehouse } from '../warehouse/warehouse.ts';
import { defaultBucket, planBuckets, type BucketPlan, type BucketStart } from './buckets.ts';
import { condition } from './filter.ts';
import { planGroups, type GroupPlan } from './groups.ts';
import { facts, measures } from './measures.ts';
import { groupedSample, percentiles, sampleOf } from './percentiles.ts';
import { ask, type AskContext, type Question } from './question.ts';
import { describeRange, resolveRange } from './range.ts';
import { count, numberOrNull } from './row.ts';
import { raw, sql, type Sql } from './sql.ts';

const maxPoints = 20_000;

export const usage: Question<'usage'> = {
  query: questions.usage.query,
  answer: async (warehouse, query, context) => {
    const range = resolveRange(query, context.now);
    const plan = planBuckets(range, query.bucket ?? defaultBucket(range));
    if (query.groupBy !== undefined) checkPoints(plan, query.groupLimit);
    const where = condition(range, query.filter, warehouse.dialect);
    const groups =
      query.groupBy === undefined
        ? null
        : await planGroups(warehouse, { where, groupBy: query.groupBy, limit: query.groupLimit }, context);
    const rows = await readBuckets(warehouse, where, plan, groups, context);
    const answer = { range: describeRange(range), bucket: plan.bucket, points: points(plan, groups, rows) };
    return groups === null ? answer : { ...answer, groups: [...groups.groups] };
  },
};

function checkPoints(plan: BucketPlan, groupLimit: number): void {
  if (plan.starts.length * (groupLimit + 1) <= maxPoints) return;
  const message = `${plan.starts.length} buckets of up to ${groupLimit + 1} groups are more than ${maxPoints} points; choose a larger bucket or a lower groupLimit`;
  throw new AppError('bad_request', message, { field: 'groupLimit' });
}

async function readBuckets(
  warehouse: Warehouse,
  where: Sql,
  plan: BucketPlan,
  groups: GroupPlan | null,
  context: AskContext,
): Promise<readonly SqlRow[]> {
  const [size] = await ask(warehouse, sql`SELECT COUNT(*) AS calls FROM ${facts} WHERE ${where}`, context);
  const calls = count(size, 'calls');
  if (calls === 0) return [];
  return ask(warehouse, bucketQuery(warehouse, where, plan, groups, calls), context);
}

function bucketQuery(warehouse: Warehouse, where: Sql, plan: BucketPlan, groups: GroupPlan | null, calls: number): Sql {
  const sampled = sampleOf(calls, groupedSample).text;
  const taken = (column: string) => (calls <= groupedSample ? column : `CASE WHEN ${sampled} THEN ${column} END`);
  const latency = percentiles(warehouse.dialect, [
    ['p50', taken('duration_ms'), 0.5],
    ['p95', taken('duration_ms'), 0.95],
    ['ttft_p50', taken('ttft_ms'), 0.5],
  ]);
  const group = groups === null ? raw('') : sql`, ${groups.indexSql} AS group_index`;
  return sql`SELECT ${plan.keySql} AS bucket_key${group}, ${pointMeasures}, ${latency} FROM ${facts} WHERE ${where}
    GROUP BY bucket_key${raw(groups === null ? '' : ', group_index')}`;
}

const pointMeasures = measures(
  'calls',
  'generations',
  'succeeded',
  'input_tokens_sum',
  'output_tokens_sum',
  'cached_input_tokens_sum',
  'cost_usd_sum',
  'unpriced_calls',
);

const cellKey = (bucketKey: number, groupIndex: number) => `${bucketKey} ${groupIndex}`;

function points(plan: BucketPlan, groups: GroupPlan | null, rows: readonly SqlRow[]): UsagePoint[] {
  const cells = new Map(rows.map((row) => [cellKey(count(row, 'bucket_key'), count(row, 'group_index')), row]));
  if (groups === null) return plan.starts.map((start) => point(start, cells.get(cellKey(start.key, 0))));
  return plan.starts.flatMap((start) =>
    groups.groups.map((group, index) => ({ ...point(start, cells.get(cellKey(start.key, index))), group })),
  );
}

function point({ atMs }: BucketStart, row: SqlRow | undefined): UsagePoint {
  return {
    at: new Date(atMs).toISOString(),
    calls: count(row, 'calls'),
    failed: count(row, 'generations') - count(row, 'succeeded'),
    inputTokens: count(row, 'input_tokens_sum'),
    outputTokens: count(row, 'output_tokens_sum'),
    cachedInputTokens: count(row, 'cached_input_tokens_sum'),
    costUsd: numberOrNull(row, 'cost_usd_sum'),
    unpricedCalls: count(row, 'unpriced_calls'),
    p50Ms: numberOrNull(row, 'p50'),
    p95Ms: numberOrNull(row, 'p95'),
    ttftP50Ms: numberOrNull(row, 'ttft_p50'),
  };
}
