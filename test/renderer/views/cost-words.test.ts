import { describe, expect, it } from 'vitest';
import type { PriceExplanation } from '../../../contract/prices.ts';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import { attemptFacts, costLines, costNotes, lacksPrice, unitFacts } from '../../../renderer/views/live/cost-words.ts';
import { recordAt, seeded } from '../fixture/records.ts';

const record: UsageRecord = {
  ...recordAt(Date.parse('2026-11-23T12:00:00Z'), 1, seeded(3)),
  surface: 'generateContent',
  outcome: 'ok',
  usageSource: 'reported',
  serviceTier: 'flex',
  costUsd: 0.000028,
};
const explanation: PriceExplanation = {
  lines: [
    { what: 'input', count: 1200, rateUsd: 0.15, per: 'million', costUsd: 0.00018, assumes: null },
    {
      what: 'webSearches',
      count: 1,
      rateUsd: 0.014,
      per: 'one',
      costUsd: 0.014,
      assumes: 'free searches are not known',
    },
  ],
  costUsd: 0.01418,
  costSource: 'list',
  priceVersion: 'genai-prices 0.1.8',
  tierFactor: 0.5,
  differsFromRow: false,
  reason: null,
};

describe('the cost of a call', () => {
  it('is shown as lines of count, rate and cost', () => {
    expect(costLines(explanation)).toEqual([
      { name: 'Input', factors: '1,200 × $0.15 / M', cost: '$0.00018' },
      { name: 'Web searches', factors: '1 × $0.014 each', cost: '$0.014' },
    ]);
  });

  it('says the tier, what was assumed, and that the row has another price', () => {
    expect(costNotes({ ...explanation, differsFromRow: true }, record)).toEqual([
      'Service tier flex: every line is × 0.5.',
      'Web searches: free searches are not known.',
      'This call was priced with another list at <$0.0001; by the present one it would cost $0.0142.',
    ]);
    expect(costNotes({ ...explanation, tierFactor: 1, lines: [] }, record)).toEqual([]);
  });

  it('can be helped by a price only where something was used', () => {
    const unpriced = { ...record, costUsd: null };
    expect(lacksPrice(unpriced)).toBe(true);
    expect(lacksPrice(record)).toBe(false);
    expect(lacksPrice({ ...unpriced, usageSource: 'none' })).toBe(false);
    expect(lacksPrice({ ...unpriced, usageSource: 'none', units: { images: 1 } })).toBe(true);
    expect(lacksPrice({ ...unpriced, surface: 'files' })).toBe(false);
  });
});

it('names what a call used besides tokens', () => {
  expect(unitFacts({ ...record, units: { webSearches: 2, audioSeconds: 12.5 } })).toEqual([
    { name: 'Web searches', value: '2' },
    { name: 'Seconds of audio', value: '12.5' },
  ]);
  expect(unitFacts({ ...record, units: null })).toEqual([]);
});

it('says which attempt a call was, and nothing where the client said nothing', () => {
  expect(attemptFacts({ ...record, attempt: 2, idempotencyId: 'a1b2' })).toEqual([
    { name: 'Attempt', value: '2, retry 1' },
    { name: 'Idempotency', value: 'a1b2' },
  ]);
  expect(attemptFacts({ ...record, attempt: 1 })).toEqual([{ name: 'Attempt', value: '1, the first' }]);
  expect(attemptFacts({ ...record, attempt: null, idempotencyId: null })).toEqual([]);
});
