import { expect, it } from 'vitest';
import type { Usage, UsagePoint } from '../../../../contract/analytics.ts';
import { dayRows, dayTotal } from '../../../../renderer/views/costs/daily-rows.ts';

const point = (at: string, costUsd: number | null, unpricedCalls = 0): UsagePoint => ({
  at,
  calls: 2,
  failed: 0,
  inputTokens: 10,
  outputTokens: 5,
  cachedInputTokens: 0,
  costUsd,
  unpricedCalls,
  p50Ms: null,
  p95Ms: null,
  ttftP50Ms: null,
});
const usage: Usage = {
  range: { from: '2026-10-23T22:00:00.000Z', to: '2026-10-26T00:00:00.000Z', tz: 'Europe/Paris' },
  bucket: '1d',
  points: [point('2026-10-23T22:00:00.000Z', 1.5), point('2026-10-24T22:00:00.000Z', null, 2)],
};

it('names days in the zone of the answer, newest first', () => {
  expect(dayRows(usage).map(({ day }) => day)).toEqual(['25 Oct 2026', '24 Oct 2026']);
});

it('sums the days; an unknown cost stays unknown in the sum and is counted', () => {
  const rows = dayRows(usage);
  expect(dayTotal(rows)).toEqual({ calls: 4, tokens: 30, costUsd: 1.5, unpricedCalls: 2 });
  expect(dayTotal(rows.slice(0, 1)).costUsd).toBeNull();
});
