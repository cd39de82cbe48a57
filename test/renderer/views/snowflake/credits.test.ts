import { expect, it } from 'vitest';
import { creditsPerDay as gatewayEstimate } from '../../../../gateway/warehouse/snowflake-health.ts';
import { creditsPerDay, creditsWords } from '../../../../renderer/views/snowflake/credits.ts';

it('estimates what the interval costs, at most a warehouse that never sleeps', () => {
  expect(creditsPerDay(1)).toBe(24);
  expect(creditsPerDay(15)).toBeCloseTo(1.8, 5);
  expect(creditsPerDay(60)).toBeCloseTo(0.45, 5);
});

it('agrees with what the gateway reports for every interval the slider offers', () => {
  for (let minutes = 1; minutes <= 60; minutes += 1)
    expect(creditsPerDay(minutes)).toBeCloseTo(gatewayEstimate(minutes), 1);
});

it('writes an estimate with no more digits than it has', () => {
  expect([24, 13.5, 1.8, 0.45, 0.4576].map(creditsWords)).toEqual([
    'about 24 credits a day',
    'about 14 credits a day',
    'about 1.8 credits a day',
    'about 0.45 credits a day',
    'about 0.46 credits a day',
  ]);
});
