import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QuestionInput } from '../../../contract/analytics.ts';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import { answer } from '../../../gateway/analytics/answer.ts';
import { generateRows } from '../../helpers/generated-rows.ts';
import { filledWarehouse, type FilledWarehouse } from './warehouse-kit.ts';

const from = '2026-11-01T00:00:00.000Z';
const to = '2026-11-01T00:00:02.000Z'; // two seconds for 1,500 calls: many share a millisecond
const records = generateRows({ count: 1_500, seed: 5, fromMs: Date.parse(from), toMs: Date.parse(to) });
const newestFirst = records.toSorted(
  (a, b) => b.startedAt.localeCompare(a.startedAt) || (b.callId < a.callId ? -1 : 1),
);

let warehouse: FilledWarehouse;
beforeAll(async () => {
  warehouse = await filledWarehouse(records);
});
afterAll(() => warehouse.close());

const ask = (query: QuestionInput<'calls'>) => answer(warehouse.store.warehouse, 'calls', { from, to, ...query });

async function allPages(query: QuestionInput<'calls'>): Promise<UsageRecord[]> {
  const calls: UsageRecord[] = [];
  for (let cursor: string | undefined, more = true; more;) {
    const page = await ask({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    calls.push(...page.calls);
    more = page.next !== null;
    cursor = page.next ?? undefined;
  }
  return calls;
}

describe('calls', () => {
  it.each([1_499, 1_500, 700, 7])('in pages of %i are every record once, whole, newest first', async (limit) => {
    expect(await allPages({ limit })).toEqual(newestFirst);
  });

  it('are filtered and searched across the whole range, without regard to case', async () => {
    const wanted = newestFirst.filter((record) =>
      [record.callId, record.model, record.endpoint, record.userId, record.sessionId].some((value) =>
        value?.toLowerCase().includes('user-1'),
      ),
    );
    expect(await allPages({ limit: 50, search: 'USER-1' })).toEqual(wanted);
    const byModel = newestFirst.filter((record) => record.model === 'gpt-5' && record.userId === 'user-3');
    expect(await allPages({ limit: 5, filter: { model: ['gpt-5'], user: ['user-3'] } })).toEqual(byModel);
  });

  it.each(['%', '_', "'", '"; DROP TABLE api_usage_metrics', '\\', '\0'])(
    'take %j in a search as plain text',
    async (search) => {
      expect((await ask({ search })).calls).toEqual([]);
      expect(await allPages({ limit: 5000 })).toHaveLength(records.length);
    },
  );

  it.each(['nonsense', '', Buffer.from('1 2').toString('base64url')])(
    'refuse the cursor %j and name the field',
    async (cursor) => {
      await expect(ask({ cursor })).rejects.toMatchObject({ code: 'bad_request', field: 'cursor' });
    },
  );
});
