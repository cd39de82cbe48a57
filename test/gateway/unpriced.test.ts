/** What "unpriced" means, and that every place that counts such calls counts the same ones. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isUnpriced, unpricedSql } from '../../contract/unpriced.ts';
import type { UsageRecord } from '../../contract/usage-record.ts';
import { answer } from '../../gateway/analytics/answer.ts';
import { startLiveHub } from '../../gateway/live/live-hub.ts';
import { factTable } from '../../gateway/warehouse/table.ts';
import { startControlServer } from '../helpers/control-server.ts';
import { generateRows } from '../helpers/generated-rows.ts';
import { usageRecord } from '../helpers/usage-records.ts';
import { filledWarehouse, type FilledWarehouse } from './analytics/warehouse-kit.ts';

const unknown = { costUsd: null, costSource: 'none', usageSource: 'none', errorCode: null } as const;
const cases: readonly (readonly [string, Partial<UsageRecord>, boolean])[] = [
  ['an answer whose model has no price', { costUsd: null }, true],
  ['an answer without usage', unknown, true],
  ['an answer that was withheld, without usage', { ...unknown, outcome: 'blocked' }, true],
  ['a stream that its client cancelled', { ...unknown, outcome: 'client_aborted' }, true],
  ['a stream of an unknown model, cancelled after its usage', { costUsd: null, outcome: 'client_aborted' }, true],
  ['a cancelled stream whose cost was seen', { outcome: 'client_aborted' }, false],
  ['a call cancelled before the answer began', { ...unknown, outcome: 'client_aborted', statusCode: null }, true],
  ['a call that was running when the gateway died', { ...unknown, outcome: 'interrupted', statusCode: null }, true],
  ['a stream with an error inside', { ...unknown, outcome: 'upstream_error' }, true],
  [
    'a call whose upstream fell silent',
    { ...unknown, outcome: 'timeout', errorCode: 'upstream_timeout', statusCode: null },
    true,
  ],
  [
    'a call whose connection broke',
    { ...unknown, outcome: 'network_error', errorCode: 'upstream_reset', statusCode: null },
    true,
  ],
  ...(['upstream_refused', 'upstream_dns', 'upstream_tls'] as const).map(
    (errorCode) =>
      [
        `a call without a connection (${errorCode})`,
        { ...unknown, outcome: 'network_error', errorCode, statusCode: null },
        false,
      ] as const,
  ),
  ['a bad request', { ...unknown, outcome: 'client_error', statusCode: 400 }, false],
  ['a refused call beyond the quota', { ...unknown, outcome: 'rate_limited', statusCode: 429 }, false],
  ['a server error', { ...unknown, outcome: 'upstream_error', statusCode: 500 }, false],
  ['a server error that reports usage', { costUsd: null, outcome: 'upstream_error', statusCode: 500 }, false],
  ['a refused call that has a cost', { outcome: 'upstream_error', statusCode: 500 }, false],
  ['a call that generates nothing', { ...unknown, surface: 'countTokens' }, false],
  ['a call that costs nothing', { costUsd: 0 }, false],
];

it.each(cases)('%s', (_, fields, expected) => {
  expect(isUnpriced(usageRecord(fields))).toBe(expected);
});

/** Random rows, with each of the calls above among them. */
const nowMs = Date.now();
const random = generateRows({ count: 3_000, seed: 20_261_129, fromMs: nowMs - 3_000_000, toMs: nowMs - 60_000 });
const records = random.map((record, index): UsageRecord => {
  const fields = cases[index % (3 * cases.length)]?.[1] ?? {};
  return { ...record, ...fields, upstream: record.upstream };
});
const expected = records.filter(isUnpriced).length;

describe('over random calls', () => {
  let filled: FilledWarehouse;
  beforeAll(async () => {
    filled = await filledWarehouse(records);
  });
  afterAll(() => filled.close());

  const warehouse = () => filled.store.warehouse;
  const sum = (rows: readonly { readonly unpricedCalls: number }[]): number =>
    rows.reduce((total, { unpricedCalls }) => total + unpricedCalls, 0);
  const range = { range: '1h' } as const;

  it('every question of the dashboard counts the same calls', async () => {
    expect((await answer(warehouse(), 'metrics', range)).totals.unpricedCalls).toBe(expected);
    expect(sum((await answer(warehouse(), 'models', { ...range, limit: 200 })).models)).toBe(expected);
    expect(sum((await answer(warehouse(), 'usage', { ...range, bucket: '1h' })).points)).toBe(expected);
    expect(sum((await answer(warehouse(), 'keys', range)).keys)).toBe(expected);
  });

  it('the list by cause has each of them once', async () => {
    const { unmetered } = await answer(warehouse(), 'unmetered', { ...range, limit: 500 });
    const rows = unmetered.filter(({ reason }) => reason !== 'mismatch');
    expect(rows.reduce((total, { calls }) => total + calls, 0)).toBe(expected);
  });

  it('SQL decides call by call as the function does, in a joined table too', async () => {
    const rows = await warehouse().query(
      `SELECT m.call_id, ${unpricedSql('m')} AS unpriced FROM ${factTable} AS m`,
      [],
    );
    const told = new Map(rows.map((row) => [row['call_id'], row['unpriced']]));
    expect(told).toEqual(new Map(records.map((record) => [record.callId, isUnpriced(record)])));
  });

  it('the live totals of the day and Prometheus count them too', async () => {
    const hub = startLiveHub();
    const server = await startControlServer();
    for (const record of records) {
      hub.callEnded(record);
      server.counters.callEnded(record);
    }
    const text = await (await server.get('/metrics')).text();
    const counted = [...text.matchAll(/^aism_unpriced_calls_total\{[^}]*\} (\d+)$/gm)];
    expect(counted.reduce((total, [, value]) => total + Number(value), 0)).toBe(expected);
    expect(hub.realtime().today.unpricedCalls).toBe(expected);
    hub.stop();
    await server.stop();
  });
});
