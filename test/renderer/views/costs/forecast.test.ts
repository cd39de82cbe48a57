import { describe, expect, it } from 'vitest';
import type { UsagePoint } from '../../../../contract/analytics.ts';
import { forecastMonth, monthEnd } from '../../../../renderer/views/costs/forecast.ts';

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
  it('adds the daily mean of the last seven days for each day that is left', () => {
    const points = [7, 6, 5, 4, 3, 2, 1].map((daysAgo) => point(daysAgo, 2));
    expect(forecastMonth({ monthCostUsd: 30, points, nowMs, tz: 'UTC' })).toEqual({
      kind: 'forecast',
      costUsd: 50,
      perDayUsd: 2,
      days: 7,
    });
  });

  it('takes the mean over the days since the first call when there are fewer', () => {
    const points = [point(7, null, 0), point(4, 6), point(1, 2)];
    expect(forecastMonth({ monthCostUsd: null, points, nowMs, tz: 'UTC' })).toMatchObject({
      costUsd: 20,
      perDayUsd: 2,
    });
  });

  it('is none with less than three days', () => {
    expect(forecastMonth({ monthCostUsd: 5, points: [point(2.9, 5)], nowMs, tz: 'UTC' }).kind).toBe('not-enough');
    expect(forecastMonth({ monthCostUsd: null, points: [], nowMs, tz: 'UTC' }).kind).toBe('not-enough');
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
