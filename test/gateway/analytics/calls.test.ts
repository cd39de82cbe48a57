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

/** What a search should find: each word in any of what is searched. */
function found(search: string): UsageRecord[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return newestFirst.filter((record) => {
    const { callId, endpoint, upstream, provider, userId, sessionId, keyId, client, outcome, errorCode } = record;
    const model = record.model ?? record.modelRequested;
    const status = record.statusCode?.toString();
    const texts = [
      callId,
      model,
      endpoint,
      upstream,
      provider,
      userId,
      sessionId,
      keyId,
      client,
      outcome,
      errorCode,
      status,
    ];
    return words.every((word) => texts.some((text) => text?.toLowerCase().includes(word)));
  });
}

describe('calls', () => {
  it.each([1_499, 1_500, 700, 7])('in pages of %i are every record once, whole, newest first', async (limit) => {
    expect(await allPages({ limit })).toEqual(newestFirst);
  });

  it('are filtered and searched across the whole range, without regard to case', async () => {
    expect(await allPages({ limit: 50, search: 'USER-1' })).toEqual(found('user-1'));
    const byModel = newestFirst.filter((record) => record.model === 'gpt-5' && record.userId === 'user-3');
    expect(await allPages({ limit: 5, filter: { model: ['gpt-5'], user: ['user-3'] } })).toEqual(byModel);
  });

  it.each(['gpt user-1', '429', 'RATE_limited google', ' anthropic\tclaude ', 'session-3 no-such-word'])(
    'are searched word by word: %j',
    async (search) => {
      expect(await allPages({ limit: 500, search })).toEqual(found(search));
    },
  );

  it('are all found by a search without a word', async () => {
    expect(await allPages({ limit: 5000, search: '  ' })).toEqual(newestFirst);
  });

  it.each(['%', '_', "'", '"; DROP TABLE api_usage_metrics', '\\', '\0'])(
    'take %j in a search as plain text',
    async (search) => {
      expect(await allPages({ limit: 500, search })).toEqual(found(search));
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
