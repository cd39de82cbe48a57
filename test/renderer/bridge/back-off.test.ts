import { expect, it } from 'vitest';
import { backOffMs } from '../../../renderer/bridge/back-off.ts';

it('doubles the wait up to ten seconds, with at most a quarter of jitter', () => {
  const waits = Array.from({ length: 8 }, (_, attempt) => [backOffMs(attempt, 0), backOffMs(attempt, 0.999)]);
  expect(waits.map(([least]) => least)).toEqual([375, 750, 1500, 3000, 6000, 7500, 7500, 7500]);
  for (const [least = 0, most = 0] of waits) expect(most / least).toBeLessThanOrEqual(1 / 0.75);
  expect(backOffMs(1_000_000, 0.5)).toBeLessThanOrEqual(10_000);
});
