/** Showing another zone moves the bounds of days, never what is in them together (UX item 11). */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { UsagePoint } from '../../../contract/analytics.ts';
import { answer } from '../../../gateway/analytics/answer.ts';
import { generateRows } from '../../helpers/generated-rows.ts';
import { filledWarehouse, type FilledWarehouse } from './warehouse-kit.ts';

const range = { from: '2026-10-20T00:00:00.000Z', to: '2026-11-04T00:00:00.000Z' };
let warehouse: FilledWarehouse;
beforeAll(async () => {
  const [fromMs, toMs] = [Date.parse(range.from), Date.parse(range.to)];
  warehouse = await filledWarehouse(generateRows({ count: 2_000, seed: 11, fromMs, toMs }));
});
afterAll(() => warehouse.close());

async function days(tz: string): Promise<readonly UsagePoint[]> {
  const { points } = await answer(warehouse.store.warehouse, 'usage', { ...range, tz, bucket: '1d' });
  return points;
}

const sum = (
  points: readonly UsagePoint[],
  field: 'calls' | 'inputTokens' | 'outputTokens' | 'unpricedCalls',
): number => points.reduce((total, point) => total + point[field], 0);

it.each(['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu'])(
  'days of %s begin elsewhere than those of UTC and sum up to the same, over a change of clocks too',
  async (zone) => {
    const [utc, local] = [await days('UTC'), await days(zone)];
    expect(local.map(({ at }) => at)).not.toEqual(utc.map(({ at }) => at));
    for (const field of ['calls', 'inputTokens', 'outputTokens', 'unpricedCalls'] as const)
      expect(sum(local, field)).toBe(sum(utc, field));
    const cost = (points: readonly UsagePoint[]) => points.reduce((total, { costUsd }) => total + (costUsd ?? 0), 0);
    expect(cost(local)).toBeCloseTo(cost(utc), 6);
  },
);
