import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openUsageTap } from '../../../gateway/usage/usage-tap.ts';

const path = '/v1beta/models/gemini-2.5-flash:streamGenerateContent';

async function stream(events: readonly object[]) {
  const tap = openUsageTap({ upstream: { provider: 'google' }, method: 'POST', path });
  tap.responseHead(200, ['content-type', 'text/event-stream']);
  for (const event of events) tap.responseChunk(Buffer.from(`data: ${JSON.stringify(event)}\n\n`), 1);
  return tap.finish(true);
}

describe('usage that repeats in a stream', () => {
  it('is never summed: the last value of each field wins', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 20 }), async (steps) => {
        const sorted = steps.toSorted((a, b) => a - b);
        const events = sorted.map((candidatesTokenCount) => ({
          usageMetadata: { promptTokenCount: 50, candidatesTokenCount, totalTokenCount: 50 + candidatesTokenCount },
        }));
        const last = sorted.at(-1) ?? 0;
        expect(await stream(events)).toMatchObject({
          inputTokens: 50,
          outputTokens: last,
          totalTokens: 50 + last,
          usageMismatch: false,
        });
      }),
      { numRuns: 50 },
    );
  });

  it('is not erased by a chunk that holds only part of it', async () => {
    const full = {
      promptTokenCount: 50,
      cachedContentTokenCount: 20,
      candidatesTokenCount: 7,
      thoughtsTokenCount: 3,
      totalTokenCount: 60,
    };
    const partial = [
      {},
      null,
      { trafficType: 'ON_DEMAND' },
      { cachedContentTokenCount: 20 },
      { promptTokenCount: null, candidatesTokenCount: null },
    ];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(partial), fc.shuffledSubarray(partial), async (before, after) => {
        const events = [...before, full, ...after].map((usageMetadata) => ({ usageMetadata }));
        expect(await stream(events)).toMatchObject({
          inputTokens: 50,
          cachedInputTokens: 20,
          outputTokens: 10,
          reasoningTokens: 3,
          totalTokens: 60,
          usageMismatch: false,
        });
      }),
      { numRuns: 60 },
    );
  });

  it('with only a cached count knows nothing but that', async () => {
    expect(await stream([{ usageMetadata: { cachedContentTokenCount: 20 } }])).toMatchObject({
      inputTokens: null,
      cachedInputTokens: 20,
      outputTokens: null,
      totalTokens: null,
    });
  });

  it('flags cached tokens that exceed the prompt', async () => {
    expect(
      await stream([
        {
          usageMetadata: {
            promptTokenCount: 5,
            cachedContentTokenCount: 20,
            candidatesTokenCount: 1,
            totalTokenCount: 6,
          },
        },
      ]),
    ).toMatchObject({ usageMismatch: true });
  });
});
