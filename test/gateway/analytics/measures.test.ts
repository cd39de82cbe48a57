import { expect, it } from 'vitest';
import { answer } from '../../../gateway/analytics/answer.ts';
import { usageRecord } from '../../helpers/usage-records.ts';
import { filledWarehouse } from './warehouse-kit.ts';

it('a cache that was made is no generation, but its cost is in every sum', async () => {
  const warehouse = await filledWarehouse([
    usageRecord({ seq: 1, costUsd: 0.25, inputTokens: 10, userId: 'ada' }),
    usageRecord({ seq: 2, costUsd: 0.5, inputTokens: 700, userId: 'ada', surface: 'cachedContents' }),
  ]);
  try {
    const { totals } = await answer(warehouse.store.warehouse, 'metrics', { range: '1h' });
    expect(totals).toMatchObject({ calls: 2, generations: 1, inputTokens: 10, costUsd: 0.75, unpricedCalls: 0 });
    const { users } = await answer(warehouse.store.warehouse, 'users', { range: '1h' });
    expect(users).toEqual([expect.objectContaining({ costUsd: 0.75 })]);
  } finally {
    await warehouse.close();
  }
});
