import { expect, it } from 'vitest';
import { answer } from '../../../gateway/analytics/answer.ts';
import { usageRecord } from '../../helpers/usage-records.ts';
import { filledWarehouse } from './warehouse-kit.ts';

const now = new Date('2026-11-29T12:00:00.000Z');
const at = (hours: number) => new Date(now.getTime() + hours * 3_600_000).toISOString();

it('calls that are dated in the future are in no preset range, and metrics says how many there are and until when', async () => {
  const warehouse = await filledWarehouse([
    usageRecord({ seq: 1, startedAt: at(-1) }),
    usageRecord({ seq: 2, startedAt: at(48), userId: 'ada' }),
    usageRecord({ seq: 3, startedAt: at(50) }),
  ]);
  const ask = (query: Parameters<typeof answer<'metrics'>>[2]) =>
    answer(warehouse.store.warehouse, 'metrics', query, { now });
  try {
    for (const range of ['24h', '90d', 'today', 'month'] as const) {
      const { totals, future } = await ask({ range });
      expect([totals.calls, future]).toEqual([1, { calls: 2, lastAt: at(50) }]);
    }
    expect((await ask({ range: '24h', filter: { user: ['ada'] } })).future).toEqual({ calls: 1, lastAt: at(48) });
    expect((await ask({ range: '24h', filter: { user: ['bob'] } })).future).toBeNull();
    expect((await ask({ from: at(0), to: at(60) })).totals.calls).toBe(2);
  } finally {
    await warehouse.close();
  }
});
