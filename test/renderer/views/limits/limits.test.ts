import { describe, expect, it } from 'vitest';
import type { LimitRow } from '../../../../contract/analytics.ts';
import { Thresholds, type RateLimit } from '../../../../contract/thresholds.ts';
import { draftOf, fieldProblem, withLimit } from '../../../../renderer/views/limits/limit-draft.ts';
import { limitOf, rateMeters, resetWords } from '../../../../renderer/views/limits/rate-meters.ts';

const row: LimitRow = {
  provider: 'google',
  model: 'gemini-3.8-flash',
  key: 'k1',
  requestsLastMinute: 54,
  tokensLastMinute: 1200,
  requestsToday: 1500,
  tokensToday: 90_000,
  peakRequestsPerMinute: 61,
  peakTokensPerMinute: 4000,
  rateLimitedCalls: 3,
  lastRateLimitedAt: '2026-11-24T01:00:00.000Z',
  lastAt: '2026-11-24T01:10:00.000Z',
};
const limit = (part: Partial<RateLimit>): RateLimit => ({
  id: 'a',
  provider: 'google',
  model: null,
  key: null,
  requestsPerMinute: 60,
  tokensPerMinute: null,
  requestsPerDay: 1500,
  ...part,
});

describe('rates against limits', () => {
  it('are good, close from 80 % on, and bad once the limit is reached', () => {
    const meters = rateMeters(row, limit({}));
    expect(meters.map(({ tone }) => tone)).toEqual(['warn', 'good', 'bad']);
    expect(meters.map(({ words }) => words)).toEqual(['54 of 60', '1,200, no limit entered', '1,500 of 1,500']);
  });

  it('take the limit that says most about the row', () => {
    const forAll = limit({ id: 'all' });
    const forModel = limit({ id: 'model', model: row.model });
    const forKey = limit({ id: 'key', model: row.model, key: row.key });
    const elsewhere = limit({ id: 'other', provider: 'openai', model: row.model, key: row.key });
    expect(limitOf(row, [forAll, elsewhere, forModel, forKey])?.id).toBe('key');
    expect(limitOf(row, [forAll, forModel])?.id).toBe('model');
    expect(limitOf(row, [elsewhere])).toBeNull();
  });

  it("tell the provider's midnight on the reader's clock", () => {
    const reset = {
      provider: 'google',
      zone: 'America/Los_Angeles',
      from: '2026-11-23T08:00:00.000Z',
      nextAt: '2026-11-24T08:00:00.000Z',
    } as const;
    const words = resetWords(reset, Date.parse('2026-11-24T04:48:00.000Z'), 'Europe/Berlin');
    expect(words).toContain('in 3 h 12 min');
    expect(words).toContain('09:00');
    expect(resetWords({ ...reset, zone: null, nextAt: null }, 0, 'UTC')).toContain('last 24 hours');
  });
});

describe('a limit that a person types', () => {
  it('is a whole number, in groups if they like, or nothing', () => {
    expect(['', '60', '1,000', '4 000 000'].map(fieldProblem)).toEqual([null, null, null, null]);
    expect(['0', '-3', '1.5', 'many'].every((text) => fieldProblem(text)?.includes('Accepted') === true)).toBe(true);
  });

  it('takes the place of the one before, and leaves the others', () => {
    const other = limit({ id: 'other', provider: 'openai' });
    const before = Thresholds.parse({ limits: [other, limit({ id: 'old', model: row.model, key: row.key })] });
    const draft = { ...draftOf(null), requestsPerMinute: '1,000' };
    const { limits } = withLimit(before, row, draft, 'new');
    expect(limits.map(({ id }) => id)).toEqual(['other', 'new']);
    expect(limits[1]).toMatchObject({ requestsPerMinute: 1000, tokensPerMinute: null, key: 'k1' });
    expect(Thresholds.safeParse({ limits }).success).toBe(true);
  });

  it('goes away when every field is empty', () => {
    const before = Thresholds.parse({ limits: [limit({ model: row.model, key: row.key })] });
    expect(withLimit(before, row, draftOf(null), 'new').limits).toEqual([]);
  });
});
