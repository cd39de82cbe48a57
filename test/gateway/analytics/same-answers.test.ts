/**
 * One suite on both engines: every question is asked of DuckDB and of Snowflake (its stand-in, over the real driver and the real delivery) about
 * the same rows, and the answers must be the same. Numbers may differ in their last digits, because engines add in another order.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buckets,
  groupings,
  questions,
  type Filter,
  type QuestionInput,
  type QuestionName,
} from '../../../contract/analytics.ts';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import { answer } from '../../../gateway/analytics/answer.ts';
import { openSnowflakeWarehouse } from '../../../gateway/warehouse/snowflake/snowflake-warehouse.ts';
import type { Warehouse } from '../../../gateway/warehouse/warehouse.ts';
import { generateRows } from '../../helpers/generated-rows.ts';
import { StandIn } from '../warehouse/snowflake/stand-in-kit.ts';
import { deliverToSnowflake } from './snowflake-delivery.ts';
import { filledWarehouse, type FilledWarehouse } from './warehouse-kit.ts';

/** Across the end of summer time in Berlin and New York, the beginning on Lord Howe Island (half an hour), and a day without any call. */
const spans = [
  { seed: 7, fromMs: Date.parse('2026-10-02T00:00:00Z'), toMs: Date.parse('2026-10-05T00:00:00Z'), count: 900 },
  {
    seed: 20_261_025,
    fromMs: Date.parse('2026-10-24T00:00:00Z'),
    toMs: Date.parse('2026-10-27T00:00:00Z'),
    count: 1_400,
  },
  { seed: 1_101, fromMs: Date.parse('2026-10-31T00:00:00Z'), toMs: Date.parse('2026-11-03T00:00:00Z'), count: 1_100 },
] as const;
const range = { from: '2026-10-24T00:00:00.000Z', to: '2026-11-03T00:00:00.000Z' };
const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];

const odd = {
  model: 'Ünïcode_100%/Model',
  userId: 'o\'brien \\ "quoted"',
  sessionId: 'A_b%C',
  tags: { 'a.b': 'dot', 'c/d': 'slash', '"q"': "it's", Ü: '✓ é', Team: 'Blue', team: 'blue', empty: '' },
};

function records(): UsageRecord[] {
  const rows: UsageRecord[] = [];
  for (const span of spans) rows.push(...generateRows({ ...span, firstSeq: rows.length + 1 }));
  return rows.map((row, index) => (index % 9 === 0 ? { ...row, ...odd } : row));
}

let duckdb: FilledWarehouse;
let standIn: StandIn;
let snowflake: Warehouse;
beforeAll(async () => {
  const rows = records();
  duckdb = await filledWarehouse(rows);
  standIn = await StandIn.start();
  await deliverToSnowflake(standIn.access(), rows);
  snowflake = openSnowflakeWarehouse(standIn.access());
}, 120_000);
afterAll(async () => {
  await snowflake.close();
  await standIn.stop();
  await duckdb.close();
});

/** Ten digits are the same, whatever the order of addition. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(10));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, rounded(member)]));
}

async function askBoth<K extends QuestionName>(name: K, query: QuestionInput<K>) {
  const expected = await answer(duckdb.store.warehouse, name, query);
  const given = await answer(snowflake, name, query);
  questions[name].answer.parse(given);
  return { expected, given };
}

async function expectSame<K extends QuestionName>(name: K, query: QuestionInput<K>): Promise<void> {
  const { expected, given } = await askBoth(name, query);
  expect(rounded(given)).toEqual(rounded(expected));
}

const lists = ['models', 'endpoints', 'users', 'sessions', 'keys', 'errors', 'unmetered', 'limits'] as const;

const filters: readonly (readonly [string, Filter])[] = [
  ['no filter', {}],
  ['upstream', { upstream: ['gemini', 'openai'] }],
  ['provider', { provider: ['google'] }],
  ['model', { model: [odd.model, 'gpt-5'] }],
  ['endpoint', { endpoint: ['/v1/messages'] }],
  ['surface', { surface: ['generateContent', 'countTokens'] }],
  ['outcome', { outcome: ['ok', 'rate_limited', 'interrupted'] }],
  ['user', { user: [odd.userId, 'user-3'] }],
  ['session', { session: [odd.sessionId] }],
  ['key', { key: ['a1b2c3…wxyz'] }],
  ['a tag with a dot', { tags: { 'a.b': ['dot'] } }],
  ['a tag with a slash', { tags: { 'c/d': ['slash'] } }],
  ['a tag with quotes', { tags: { '"q"': ["it's"], 'cost.center/"x"': ['a~b'] } }],
  ['a tag with quotes alone', { tags: { 'cost.center/"x"': ['a~b'] } }],
  ['a tag beyond ASCII', { tags: { Ü: ['✓ é'] } }],
  ['a tag by exact case', { tags: { Team: ['Blue', 'blue'] } }],
  ['an empty tag', { tags: { empty: [''] } }],
  ['a tag nobody has', { tags: { nowhere: ['x'] } }],
  ['fields together', { provider: ['google', 'openai'], outcome: ['ok'], tags: { team: ['blue', 'red'] } }],
  ['nothing allowed', { model: [] }],
];

describe.each(filters)('both engines agree with the filter %s', (_, filter) => {
  it('on metrics', () => expectSame('metrics', { ...range, filter }));

  it.each(lists)('on %s', (name) => expectSame(name, { ...range, filter, limit: 1000 }));

  it('on usage by day', () => expectSame('usage', { ...range, tz: 'Europe/Berlin', bucket: '1d', filter }));

  it('on calls', () => expectSame('calls', { ...range, filter, limit: 200 }));
});

describe('both engines agree', () => {
  const aroundChange: Readonly<Record<string, { readonly from: string; readonly to: string }>> = {
    UTC: { from: '2026-10-24T20:00:00Z', to: '2026-10-25T20:00:00Z' },
    'Europe/Berlin': { from: '2026-10-24T22:00:00Z', to: '2026-10-25T23:00:00Z' },
    'America/New_York': { from: '2026-11-01T04:00:00Z', to: '2026-11-02T05:00:00Z' },
    'Australia/Lord_Howe': { from: '2026-10-03T13:30:00Z', to: '2026-10-04T13:00:00Z' },
  };

  it.each(zones.flatMap((tz) => buckets.map((bucket) => [bucket, tz] as const)))(
    'on usage by %s in %s on the day the clock changes',
    (bucket, tz) => expectSame('usage', { ...aroundChange[tz], tz, bucket }),
  );

  it.each([...groupings, 'tag.team', 'tag.c/d', 'tag."q"', 'tag.nowhere'] as const)(
    'on usage grouped by %s',
    (groupBy) => expectSame('usage', { ...range, bucket: '6h', groupBy, groupLimit: 3 }),
  );

  it('on a range without a call, and on one that begins before the first', async () => {
    const empty = { from: '2026-10-28T00:00:00Z', to: '2026-10-29T00:00:00Z' };
    await expectSame('metrics', empty);
    await expectSame('usage', { ...empty, groupBy: 'model' });
    for (const name of lists) await expectSame(name, empty);
    await expectSame('calls', empty);
    await expectSame('metrics', { from: '2026-10-01T00:00:00Z', to: '2026-10-03T00:00:00Z' });
  });

  it('on where a list is cut', async () => {
    for (const name of lists) await expectSame(name, { ...range, limit: 3 });
  });

  it.each(['100%', '_100', 'ünïcode', 'ÜNÏCODE', "o'brien", '\\', 'A_B%c', '"quoted"', 'messages', 'no such text'])(
    'on calls that contain %s',
    async (search) => {
      await expectSame('calls', { ...range, search, limit: 500 });
    },
  );

  it('on every page of all calls', async () => {
    let cursor: string | undefined;
    let seen = 0;
    do {
      const page = { ...range, limit: 450, ...(cursor === undefined ? {} : { cursor }) };
      const { expected, given } = await askBoth('calls', page);
      expect(given).toEqual(expected);
      seen += given.calls.length;
      cursor = given.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toBe(spans[1].count + spans[2].count);
  });

  it('on searches that find something and on filters that do', async () => {
    const found = await askBoth('calls', { ...range, search: 'ünïcode', limit: 5000 });
    expect(found.given.calls.length).toBeGreaterThan(200);
    const tagged = await askBoth('calls', { ...range, filter: { tags: { 'a.b': ['dot'] } }, limit: 5000 });
    expect(tagged.given.calls.length).toBe(found.given.calls.length);
  });
});
