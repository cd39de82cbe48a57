import { describe, expect, it } from 'vitest';
import type { UsagePoint } from '../../../../contract/analytics.ts';
import { forecastMonth, fullDays, monthEnd } from '../../../../renderer/views/costs/forecast.ts';
import { forecastBasis, forecastDetail, forecastMethod } from '../../../../renderer/views/costs/forecast-words.ts';

const nowMs = Date.parse('2026-11-21T00:00:00Z');
const point = (daysAgo: number, costUsd: number | null, calls = 1): UsagePoint => ({
  at: new Date(nowMs - daysAgo * 86_400_000).toISOString(),
  calls,
  failed: 0,
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  costUsd,
  unpricedCalls: 0,
  p50Ms: null,
  p95Ms: null,
  ttftP50Ms: null,
});

describe('the forecast of the month', () => {
  it('adds the daily mean of the last seven full days for each day that is left', () => {
    const days = [9, 8, 7, 6, 5, 4, 3, 2, 1].map((daysAgo) => point(daysAgo, daysAgo > 7 ? 90 : 2));
    expect(forecastMonth({ monthCostUsd: 30, days, nowMs, tz: 'UTC' })).toEqual({
      kind: 'forecast',
      costUsd: 50,
      perDayUsd: 2,
      days: 7,
    });
  });

  it('takes the mean over the days since the first call when there are fewer, quiet days among them', () => {
    const days = [point(6, null, 0), point(5, null, 0), point(4, 6), point(3, null, 0), point(2, null, 0), point(1, 2)];
    expect(forecastMonth({ monthCostUsd: null, days, nowMs, tz: 'UTC' })).toMatchObject({
      costUsd: 20,
      perDayUsd: 2,
      days: 4,
    });
  });

  it('does not take a quiet week for the time before the first call', () => {
    const days = [point(20, 5), ...[7, 6, 5, 4, 3, 2].map((daysAgo) => point(daysAgo, null, 0)), point(1, 7)];
    expect(forecastMonth({ monthCostUsd: 12, days, nowMs, tz: 'UTC' })).toMatchObject({ perDayUsd: 1, costUsd: 22 });
  });

  it('is none with less than three full days', () => {
    const days = [point(3, null, 0), point(2, 5), point(1, 5)];
    const forecast = forecastMonth({ monthCostUsd: 5, days, nowMs, tz: 'UTC' });
    expect(forecast).toEqual({ kind: 'not-enough', days: 2 });
    expect(forecastBasis(forecast)).toBe('needs 3 full days, 2 seen');
    const none = forecastMonth({ monthCostUsd: null, days: [], nowMs, tz: 'UTC' });
    expect(forecastBasis(none)).toBe('needs 3 full days, none seen');
  });

  it('says its method in words, and that it is a lower bound when prices are missing', () => {
    const forecast = { kind: 'forecast', costUsd: 50, perDayUsd: 2, days: 5 } as const;
    expect(forecastDetail(forecast)).toBe('so far + $2.00 a day');
    expect(forecastBasis(forecast)).toBe('mean of the last 5 full days');
    expect(forecastMethod(forecast, 0)).toMatch(/^Linear: .*5 full days.*left\.$/);
    expect(forecastMethod(forecast, 3)).toContain('At least, because some calls have no price.');
  });

  it('looks at full days of the zone, also over a change of clocks', () => {
    const { from, to } = fullDays(Date.parse('2026-11-05T10:00:00Z'), 'Europe/Paris');
    expect([from, to]).toEqual(['2026-10-05T22:00:00.000Z', '2026-11-04T23:00:00.000Z']);
  });

  it('ends the month at the midnight of the shown zone, also over a change of clocks and of the year', () => {
    expect(new Date(monthEnd(nowMs, 'Europe/Paris')).toISOString()).toBe('2026-11-30T23:00:00.000Z');
    expect(new Date(monthEnd(Date.parse('2026-10-05T00:00:00Z'), 'Europe/Paris')).toISOString()).toBe(
      '2026-10-31T23:00:00.000Z',
    );
    expect(new Date(monthEnd(Date.parse('2026-12-31T00:00:00Z'), 'UTC')).toISOString()).toBe(
      '2027-01-01T00:00:00.000Z',
    );
  });
});
