import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  otherGroup,
  questions,
  unattributedGroup,
  type Filter,
  type GroupBy,
  type QuestionInput,
  type QuestionName,
} from '../../../contract/analytics.ts';
import { succeeded, type UsageRecord } from '../../../contract/usage-record.ts';
import { answer } from '../../../gateway/analytics/answer.ts';
import { generateRows } from '../../helpers/generated-rows.ts';
import {
  cameBack,
  cost,
  failed,
  groupedBy,
  known,
  matching,
  rankError,
  sum,
  tokens,
  totals,
  unpriced,
  within,
  type Records,
} from './oracle.ts';
import { filledWarehouse, type FilledWarehouse } from './warehouse-kit.ts';

/** Ten days around the end of summer time in Berlin, New York and (beginning) Lord Howe Island. */
const dataFrom = Date.parse('2026-10-20T00:00:00Z');
const dataTo = Date.parse('2026-11-04T00:00:00Z');
const records = generateRows({ count: 6_000, seed: 20_261_025, fromMs: dataFrom, toMs: dataTo });
const range = { from: '2026-10-24T00:00:00.000Z', to: '2026-11-02T12:00:00.000Z' };
const fromMs = Date.parse(range.from);
const toMs = Date.parse(range.to);
const maxRankError = 0.01;

const filters: readonly (readonly [string, Filter])[] = [
  ['no filter', {}],
  ['one provider', { provider: ['google'] }],
  ['models or', { model: ['gpt-5', 'claude-opus-5'], outcome: ['ok', 'rate_limited'] }],
  ['a tag with dots, quotes and a slash', { tags: { 'cost.center/"x"': ['a~b'], team: ['blue', 'other'] } }],
  [
    'user, session and key',
    {
      user: ['user-1', 'user-2', 'user-3'],
      session: Array.from({ length: 20 }, (_, n) => `session-${n}`),
      key: ['a1b2c3…wxyz'],
    },
  ],
  ['nothing allowed', { upstream: [] }],
];

let warehouse: FilledWarehouse;
beforeAll(async () => {
  warehouse = await filledWarehouse(records);
});
afterAll(() => warehouse.close());

/** Asks and checks the answer against the contract. */
async function ask<K extends QuestionName>(name: K, query: QuestionInput<K>) {
  const given = await answer(warehouse.store.warehouse, name, query);
  questions[name].answer.parse(given);
  return given;
}

const inRange = (filter: Filter): Records => matching(within(records, fromMs, toMs), filter);

/** To a microsecond: the engine adds in another order. */
const round = (ms: number | null): number | null => (ms === null ? null : Math.round(ms * 1_000));

function expectPercentile(values: readonly number[], fraction: number, value: number | null): void {
  expect(rankError(values, fraction, value)).toBeLessThanOrEqual(maxRankError);
}

describe.each(filters)('with %s', (_, filter) => {
  it('metrics are the totals, latencies and the period before', async () => {
    const got = await ask('metrics', { ...range, filter });
    const rows = inRange(filter);
    expect(got.totals).toEqual(totals(rows));
    expect(got.range).toEqual({ ...range, tz: 'UTC' });
    const durations = known(rows, 'durationMs');
    expect(round(got.durationMs.avg)).toBe(round(durations.length === 0 ? null : sum(durations) / durations.length));
    for (const [fraction, value] of [
      [0.5, got.durationMs.p50],
      [0.95, got.durationMs.p95],
      [0.99, got.durationMs.p99],
    ] as const)
      expectPercentile(durations, fraction, value);
    expectPercentile(known(rows, 'ttftMs'), 0.5, got.ttftMs.p50);
    expectPercentile(known(rows, 'overheadMs'), 0.99, got.overheadMs.p99);
    const before = matching(within(records, 2 * fromMs - toMs, fromMs), filter);
    const { p95Ms = null, ttftP50Ms = null, ...previous } = got.previous ?? {};
    expect(got.previous === null ? null : previous).toEqual(before.length === 0 ? null : totals(before));
    expectPercentile(known(before, 'durationMs'), 0.95, p95Ms);
    expectPercentile(known(before, 'ttftMs'), 0.5, ttftP50Ms);
  });

  it.each(['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'])(
    'usage by day in %s adds up to the totals',
    async (tz) => {
      const got = await ask('usage', { ...range, tz, bucket: '1d', filter });
      const rows = inRange(filter);
      for (const [index, point] of got.points.entries()) {
        const end = got.points[index + 1]?.at;
        const members = within(rows, Date.parse(point.at), end === undefined ? toMs : Date.parse(end));
        expect(point).toMatchObject({
          calls: members.length,
          failed: members.filter(failed).length,
          inputTokens: tokens(members, 'inputTokens'),
          outputTokens: tokens(members, 'outputTokens'),
          cachedInputTokens: tokens(members, 'cachedInputTokens'),
          costUsd: cost(members),
          unpricedCalls: members.filter(unpriced).length,
        });
        expectPercentile(known(members, 'durationMs'), 0.5, point.p50Ms);
        expectPercentile(known(members, 'durationMs'), 0.95, point.p95Ms);
        expectPercentile(known(members, 'ttftMs'), 0.5, point.ttftP50Ms);
      }
      expect(sum(got.points.map((point) => point.calls))).toBe(rows.length);
    },
  );

  it('models, endpoints, users, sessions and keys are the groups of the calls', async () => {
    const rows = inRange(filter);
    const query = { ...range, filter, limit: 1000 };
    const { models } = await ask('models', query);
    const byModel = groupedBy(rows, (row) => `${row.provider} ${row.model}`);
    expect(models).toHaveLength(byModel.size);
    for (const model of models) {
      const members = byModel.get(`${model.provider} ${model.model}`) ?? [];
      expect(model).toMatchObject({
        calls: members.length,
        costUsd: cost(members),
        inputTokens: tokens(members, 'inputTokens'),
        unpricedCalls: members.filter(unpriced).length,
      });
      expect(model.share).toBeCloseTo(members.length / rows.length, 12);
      expectPercentile(known(members, 'durationMs'), 0.95, model.p95Ms);
    }
    const { endpoints } = await ask('endpoints', query);
    const byEndpoint = groupedBy(rows, (row) => `${row.upstream} ${row.method} ${row.endpoint}`);
    expect(endpoints).toHaveLength(byEndpoint.size);
    for (const endpoint of endpoints) {
      const members = byEndpoint.get(`${endpoint.upstream} ${endpoint.method} ${endpoint.endpoint}`) ?? [];
      const counted = totals(members);
      expect(endpoint).toMatchObject({
        calls: members.length,
        successRate: counted.successRate,
        failed: members.filter((row) => !succeeded(row)).length,
      });
    }
    const { users } = await ask('users', query);
    const { sessions } = await ask('sessions', query);
    const { keys } = await ask('keys', query);
    for (const [list, field] of [
      [users, 'userId'],
      [sessions, 'sessionId'],
      [keys, 'keyId'],
    ] as const) {
      const groups = groupedBy(rows, (row) => String(row[field]));
      expect(list).toHaveLength(groups.size);
      for (const row of list) {
        const members = groups.get(String(row.id)) ?? [];
        expect(row).toMatchObject({
          calls: members.length,
          failed: members.filter(failed).length,
          outputTokens: tokens(members, 'outputTokens'),
          costUsd: cost(members),
          firstAt: members.at(0)?.startedAt,
          lastAt: members.at(-1)?.startedAt,
        });
      }
    }
  });

  it('errors are the calls that did not come back whole, newest kind first', async () => {
    const { errors } = await ask('errors', { ...range, filter, limit: 1000 });
    const rows = inRange(filter).filter((row) => !succeeded(row));
    const kind = (row: Pick<UsageRecord, 'outcome' | 'statusCode' | 'errorCode' | 'upstream' | 'endpoint' | 'model'>) =>
      [row.outcome, row.statusCode, row.errorCode, row.upstream, row.endpoint, row.model].join('|');
    const groups = groupedBy(rows, kind);
    expect(errors).toHaveLength(Math.min(1000, groups.size));
    for (const error of errors) {
      const members = groups.get(kind(error)) ?? [];
      expect(error).toMatchObject({
        calls: members.length,
        lastAt: members.at(-1)?.startedAt,
        lastCallId: members.at(-1)?.callId,
      });
    }
    expect(errors.map((error) => error.lastAt)).toEqual(
      errors
        .map((error) => error.lastAt)
        .toSorted()
        .toReversed(),
    );
  });

  it('unmetered calls are listed by cause and agree with unpricedCalls', async () => {
    const { unmetered } = await ask('unmetered', { ...range, filter, limit: 1000 });
    const rows = inRange(filter);
    const counted = (reason: string) => sum(unmetered.filter((row) => row.reason === reason).map((row) => row.calls));
    expect(counted('no_usage')).toBe(rows.filter((row) => unpriced(row) && row.usageSource === 'none').length);
    expect(counted('no_usage') + counted('no_price')).toBe(rows.filter(unpriced).length);
    expect(counted('mismatch')).toBe(rows.filter((row) => row.usageMismatch).length);
  });
});

describe('usage by group', () => {
  const groupings: readonly (readonly [GroupBy, (row: UsageRecord) => string | null | undefined])[] = [
    ['model', (row) => row.model],
    ['provider', (row) => row.provider],
    ['user', (row) => row.userId],
    ['tag.team', (row) => row.tags['team']],
    ['surface', (row) => row.surface],
  ];

  it.each(groupings)('%s: every bucket of every group, the rest as other', async (groupBy, valueOf) => {
    const groupLimit = 3;
    const got = await ask('usage', { ...range, groupBy, groupLimit, bucket: '1d', tz: 'Europe/Berlin' });
    const rows = within(records, fromMs, toMs);
    const weights = [...groupedBy(rows, (row) => valueOf(row) ?? unattributedGroup)].map(([name, members]) => ({
      name,
      cost: cost(members) ?? -1,
      calls: members.length,
    }));
    const heaviest = weights
      .toSorted((a, b) => b.cost - a.cost || b.calls - a.calls)
      .slice(0, groupLimit)
      .map(({ name }) => name);
    const named = heaviest.filter((name) => name !== otherGroup);
    expect(got.groups).toEqual(
      weights.length > groupLimit || named.length < heaviest.length ? [...named, otherGroup] : named,
    );
    expect(got.points).toHaveLength((got.groups?.length ?? 0) * new Set(got.points.map((point) => point.at)).size);
    const groupOf = (row: UsageRecord) =>
      named.includes(valueOf(row) ?? unattributedGroup) ? (valueOf(row) ?? unattributedGroup) : otherGroup;
    for (const group of got.groups ?? []) {
      const members = rows.filter((row) => groupOf(row) === group);
      const points = got.points.filter((point) => point.group === group);
      expect(sum(points.map((point) => point.calls))).toBe(members.length);
      expect(sum(points.map((point) => point.inputTokens))).toBe(tokens(members, 'inputTokens'));
      expect(sum(points.map((point) => point.costUsd ?? 0))).toBeCloseTo(cost(members) ?? 0, 9);
    }
  });
});

describe('ranges without calls', () => {
  const empty = { from: '2027-01-01T00:00:00.000Z', to: '2027-01-02T00:00:00.000Z' };

  it('have buckets of zero calls and unknown latencies, and unknown cost', async () => {
    const usage = await ask('usage', { ...empty, bucket: '6h' });
    expect(usage.points).toHaveLength(4);
    for (const point of usage.points)
      expect(point).toMatchObject({ calls: 0, inputTokens: 0, costUsd: null, p50Ms: null, ttftP50Ms: null });
    const metrics = await ask('metrics', empty);
    expect(metrics.previous).toBeNull();
    expect(metrics.totals).toMatchObject({ calls: 0, successRate: null, costUsd: null });
    expect(metrics.durationMs).toEqual({ avg: null, p50: null, p95: null, p99: null });
  });

  it('have empty lists', async () => {
    expect((await ask('models', empty)).models).toEqual([]);
    expect((await ask('calls', empty)).calls).toEqual([]);
    expect((await ask('usage', { ...empty, groupBy: 'model' })).groups).toEqual([]);
  });
});

it('limits a list to its heaviest rows and keeps shares of all calls', async () => {
  const all = await ask('models', { ...range, limit: 1000 });
  const few = await ask('models', { ...range, limit: 2 });
  expect(few.models).toEqual(all.models.slice(0, 2));
  expect(records.filter(cameBack).length).toBeGreaterThan(0);
});
