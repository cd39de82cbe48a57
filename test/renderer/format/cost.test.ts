import { describe, expect, it } from 'vitest';
import { formatCost, formatCostExact, formatCostShort, unpricedReason } from '../../../renderer/format/cost.ts';
import { recordAt, seeded } from '../fixture/records.ts';

describe('formatCost', () => {
  it.each([
    [0, '$0.00'],
    [0.00001, '<$0.0001'],
    [0.0001, '$0.0001'],
    [0.00374, '$0.0037'],
    [0.5, '$0.5000'],
    [0.99996, '$1.00'],
    [1, '$1.00'],
    [1234.5, '$1,234.50'],
  ])('writes %d as %s', (cost, text) => expect(formatCost(cost)).toBe(text));

  it('writes an unknown price as a dash, never as $0', () => {
    expect(formatCost(null)).toBe('–');
    expect(formatCostExact(null)).toBe('–');
  });

  it('keeps all nine decimals where the exact cost is asked for', () => {
    expect(formatCostExact(0.000000125)).toBe('$0.000000125');
    expect(formatCostExact(1234.5)).toBe('$1,234.50');
  });

  it('writes axis labels briefly', () => {
    expect([0, 0.0004, 0.25, 1500].map(formatCostShort)).toEqual(['$0', '$0.0004', '$0.25', '$1.5K']);
  });
});

describe('unpricedReason', () => {
  const record = { ...recordAt(0, 1, seeded(1)), outcome: 'ok', costUsd: null, usageSource: 'reported' } as const;

  it('is null for a call with a cost', () => expect(unpricedReason({ ...record, costUsd: 0.1 })).toBeNull());

  it('names the model that has no price', () => {
    expect(unpricedReason({ ...record, model: 'gemini-flash-latest' })).toBe(
      'No list price is known for gemini-flash-latest',
    );
  });

  it('tells the cases apart', () => {
    expect(unpricedReason({ ...record, usageSource: 'none' })).toBe('The provider reported no usage for this call');
    expect(unpricedReason({ ...record, usageSource: 'none', outcome: 'timeout' })).toBe(
      'The call ended before any usage was reported',
    );
    const refused = { ...record, usageSource: 'none', outcome: 'client_error', statusCode: 400 } as const;
    expect(unpricedReason(refused)).toBe('The call failed before it could cost anything');
    expect(unpricedReason({ ...record, surface: 'files' })).toBe('This kind of call is not billed by tokens');
    expect(unpricedReason({ ...record, model: null, modelRequested: null })).toBe(
      'The model of this call is not known',
    );
  });
});
