import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { questions, type LimitRow, type QuestionInput } from '../../../contract/analytics.ts';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import { answer } from '../../../gateway/analytics/answer.ts';
import { quotaDays } from '../../../gateway/analytics/quota-day.ts';
import { generateRows } from '../../helpers/generated-rows.ts';
import { usageRecord } from '../../helpers/usage-records.ts';
import { isGeneration, known, sum, within, type Records } from './oracle.ts';
import { filledWarehouse, type FilledWarehouse } from './warehouse-kit.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const quotaDayOf = (provider: string, at: string) => {
  const day = quotaDays(Date.parse(at)).find((reset) => reset.provider === provider);
  return day === undefined ? null : { zone: day.zone, from: day.from, nextAt: day.nextAt };
};

describe('the day of a quota', () => {
  it.each([
    ['in winter', '2026-11-24T07:59:59Z', '2026-11-23T08:00:00.000Z', '2026-11-24T08:00:00.000Z', 24],
    ['of 23 hours', '2026-03-08T20:00:00Z', '2026-03-08T08:00:00.000Z', '2026-03-09T07:00:00.000Z', 23],
    ['of 25 hours', '2026-11-01T08:30:00Z', '2026-11-01T07:00:00.000Z', '2026-11-02T08:00:00.000Z', 25],
    ['that ends with the range', '2026-11-24T08:00:00Z', '2026-11-23T08:00:00.000Z', '2026-11-24T08:00:00.000Z', 24],
  ])('%s is the Pacific one for Google', (_, at, from, nextAt, hours) => {
    expect(quotaDayOf('google', at)).toEqual({ zone: 'America/Los_Angeles', from, nextAt });
    expect((Date.parse(nextAt) - Date.parse(from)) / hourMs).toBe(hours);
  });

  it.each(['openai', 'anthropic', 'other'])('is the last 24 hours for %s, and has no next one', (provider) => {
    const day = { zone: null, from: '2026-10-31T09:00:00.000Z', nextAt: null };
    expect(quotaDayOf(provider, '2026-11-01T09:00:00Z')).toEqual(day);
  });
});

/** The rules once more, in plain TypeScript. */
function rowsByOracle(records: Records, fromMs: number, toMs: number): Map<string, Omit<LimitRow, 'lastAt'>> {
  const resets = new Map(quotaDays(toMs).map((reset) => [reset.provider, Date.parse(reset.from)]));
  const earliestMs = Math.min(fromMs, toMs - minuteMs, ...resets.values());
  const counted = within(records, earliestMs, toMs).filter(isGeneration);
  const inputs = (rows: Records) => sum(known(rows, 'inputTokens'));
  const groups = [...Map.groupBy(counted, keyOf)].map(([key, rows]) => {
    const [first] = rows;
    if (first === undefined) throw new Error('A group has a row');
    const inRange = within(rows, fromMs, toMs);
    const minutes = [...Map.groupBy(inRange, (row) => Math.floor(Date.parse(row.startedAt) / minuteMs)).values()];
    const today = within(rows, resets.get(first.provider) ?? Number.NaN, toMs);
    const last = within(rows, toMs - minuteMs, toMs);
    const refused = inRange.filter((row) => row.statusCode === 429);
    const row = {
      provider: first.provider,
      model: first.model,
      key: first.keyId,
      requestsLastMinute: last.length,
      tokensLastMinute: inputs(last),
      requestsToday: today.length,
      tokensToday: inputs(today),
      peakRequestsPerMinute: Math.max(0, ...minutes.map((rowsOfMinute) => rowsOfMinute.length)),
      peakTokensPerMinute: Math.max(0, ...minutes.map(inputs)),
      rateLimitedCalls: refused.length,
      lastRateLimitedAt: refused.at(-1)?.startedAt ?? null,
    };
    return [key, row] as const;
  });
  return new Map(groups);
}

const keyOf = (row: Pick<UsageRecord, 'provider' | 'model' | 'keyId'>) => `${row.provider}|${row.model}|${row.keyId}`;

describe('limits', () => {
  const endMs = Date.parse('2026-11-01T20:00:30Z'); // inside a minute, on the Pacific day of 25 hours
  const records = generateRows({ count: 5_000, seed: 429, fromMs: endMs - 50 * hourMs, toMs: endMs });
  const busy = Array.from({ length: 7 }, (_, index) =>
    usageRecord({
      streamId: 'install:epoch',
      seq: 5_001 + index,
      callId: `busy-${index}`,
      startedAt: new Date(endMs - minuteMs + index * 10_000 - 1).toISOString(), // the first one is just too old
      statusCode: index === 6 ? 429 : 200,
      outcome: index === 6 ? 'rate_limited' : 'ok',
      inputTokens: index === 6 ? null : 100,
      model: 'busy',
      keyId: 'k',
      provider: 'google',
    }),
  );
  const all = [...records, ...busy];
  let warehouse: FilledWarehouse;
  beforeAll(async () => {
    warehouse = await filledWarehouse(all);
  });
  afterAll(() => warehouse.close());

  async function ask(query: QuestionInput<'limits'>) {
    const given = await answer(warehouse.store.warehouse, 'limits', query);
    questions.limits.answer.parse(given);
    return given;
  }

  it.each([
    ['shorter than a day', 6 * hourMs],
    ['shorter than a minute', 20_000],
    ['longer than a day', 40 * hourMs],
  ])('over a range %s are those of the rules, by model and key', async (_, lengthMs) => {
    const fromMs = endMs - lengthMs;
    const range = { from: new Date(fromMs).toISOString(), to: new Date(endMs).toISOString() };
    const { limits } = await ask({ ...range, limit: 1000 });
    const expected = rowsByOracle(all, fromMs, endMs);
    expect(limits.length).toBe(expected.size);
    for (const { lastAt: _lastAt, ...row } of limits) {
      expect(row).toEqual(expected.get(keyOf({ ...row, keyId: row.key })));
    }
    expect(limits.some((row) => row.rateLimitedCalls > 0)).toBe(true);
  });

  it('count exactly the minute before the end, refused calls included', async () => {
    const to = new Date(endMs).toISOString();
    const { limits } = await ask({ from: '2026-11-01T00:00:00Z', to, filter: { model: ['busy'] } });
    expect(limits).toEqual([
      expect.objectContaining({
        requestsLastMinute: 6,
        tokensLastMinute: 500,
        requestsToday: 7,
        tokensToday: 600,
        peakRequestsPerMinute: 4, // 19:59:30 to 19:59:59.999
        rateLimitedCalls: 1,
        lastRateLimitedAt: busy.at(-1)?.startedAt,
        lastAt: busy.at(-1)?.startedAt,
      }),
    ]);
  });

  it('without a call are no rows, and still say when quotas begin anew', async () => {
    const { limits, resets } = await ask({ from: '2027-01-01T00:00:00Z', to: '2027-01-02T00:00:00Z' });
    expect(limits).toEqual([]);
    expect(resets.map(({ provider }) => provider)).toEqual(['google', 'openai', 'anthropic', 'other']);
  });
});
