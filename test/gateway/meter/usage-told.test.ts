import { expect, it } from 'vitest';
import { createMeter } from '../../../gateway/meter.ts';
import { createPriceBook } from '../../../gateway/pricing/price-book.ts';
import { createAttribution } from '../../../gateway/usage/attribution.ts';
import { createUsageFaultCounter } from '../../../gateway/usage/usage-faults.ts';
import { createRecorders, requestHead } from './recorders.ts';

const times = { durationMs: 12, firstByteMs: 3, overheadMs: 0.2, answerWaits: false };

async function recordOf(answer: string, headers: readonly string[] = []) {
  const recorders = createRecorders();
  const usageFaults = createUsageFaultCounter();
  const prices = createPriceBook({ log: { info: () => undefined, warn: () => undefined } });
  const open = createMeter({ ...recorders, prices, attribution: createAttribution('salt'), holdMs: 50, usageFaults });
  const observer = open(requestHead({ headers }));
  observer.responseHead({ statusCode: 200, headers: ['content-type', 'application/json'] }, 3);
  observer.responseBody(Buffer.from(answer), 4);
  await observer.end({ kind: 'complete' }, times);
  prices.stop();
  return { record: recorders.closed[0], faults: usageFaults.totals() };
}

it('puts what is billed beside tokens, and which attempt a call was, into its row', async () => {
  const answer = {
    candidates: [{ finishReason: 'STOP', groundingMetadata: { webSearchQueries: ['a', 'b', 'a'] } }],
    usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 2, totalTokenCount: 6 },
  };
  const { record, faults } = await recordOf(JSON.stringify(answer), [
    'Idempotency-Key',
    'k',
    'X-Stainless-Retry-Count',
    '2',
  ]);
  expect(record).toMatchObject({
    units: { webSearches: 2, groundedPrompts: 1 },
    idempotencyId: expect.stringMatching(/^i-[0-9a-f]{16}$/),
    attempt: 3,
    usageSource: 'reported',
  });
  expect(Object.values(faults)).toEqual([0, 0, 0, 0, 0]);
});

it('counts usage that cannot be read by its reason, and leaves the numbers unknown', async () => {
  const { record, faults } = await recordOf('{"usageMetadata":{"promptTokenCount":-4}}');
  expect(record).toMatchObject({
    inputTokens: null,
    totalTokens: null,
    units: null,
    usageSource: 'none',
    attempt: null,
  });
  expect(faults).toMatchObject({ invalid_count: 1, unreadable: 0 });
});
