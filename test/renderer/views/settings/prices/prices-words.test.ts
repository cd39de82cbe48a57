import { describe, expect, it } from 'vitest';
import type { RepriceState } from '../../../../../contract/prices.ts';
import { otherRates, periodWords } from '../../../../../renderer/views/settings/prices/price-words.ts';
import {
  isCheckOf,
  progressWords,
  resultWords,
  sharePart,
} from '../../../../../renderer/views/settings/prices/reprice-words.ts';

describe('an own price in its row', () => {
  it('names every rate beyond input and output', () => {
    expect(
      otherRates({ provider: 'google', model: 'm', cachedInputPerMillionUsd: 0.07, unitsUsd: { webSearches: 0.014 } }),
    ).toBe('Read from cache $0.07 · Web searches $0.014 each');
  });

  it('says when it is in force', () => {
    expect(periodWords({})).toBe('always');
    expect(periodWords({ from: '2026-11-01' })).toBe('from 2026-11-01');
    expect(periodWords({ from: '2026-10-15T09:30:00Z', to: '2027-01-01' })).toBe(
      'from 2026-10-15 09:30Z until 2027-01-01',
    );
  });
});

const input = { from: '2026-10-01T00:00:00Z', to: '2026-11-01T00:00:00Z', engine: 'duckdb', dryRun: true } as const;
const state: RepriceState = {
  phase: 'done',
  input,
  rowsSeen: 9090,
  rowsTotal: 9090,
  rowsChanged: 2818,
  rowsKept: 0,
  oldCostUsd: 55.45,
  newCostUsd: 52.72,
  detail: '',
};

describe('a re-pricing run', () => {
  it('says what it would change, and afterwards what it changed', () => {
    expect(resultWords(state)).toBe('2,818 of 9,090 calls would change; the period would go from $55.45 to $52.72.');
    expect(resultWords({ ...state, input: { ...input, dryRun: false }, rowsKept: 1 })).toBe(
      '2,818 of 9,090 calls changed; the period went from $55.45 to $52.72. 1 call without a price now keeps the old one.',
    );
    expect(resultWords({ ...state, rowsChanged: 0 })).toBe('None of 9,090 calls would change.');
    expect(resultWords({ ...state, rowsSeen: 0, rowsChanged: 0 })).toBe('There is no call in this period.');
    expect(resultWords({ ...state, oldCostUsd: null })).toContain('would cost $52.72, before it had no price');
  });

  it('shows how far it is as soon as the calls are counted', () => {
    const counting = { ...state, phase: 'running', rowsSeen: 0, rowsTotal: null } as const;
    expect([progressWords(counting), sharePart(counting)]).toEqual(['Counting calls…', 0]);
    expect(sharePart({ ...state, phase: 'running', rowsSeen: 909 })).toBeCloseTo(0.1);
    expect(sharePart({ ...state, rowsTotal: 0, rowsSeen: 0 })).toBe(1);
  });

  it('may follow only the check of the same calls', () => {
    expect(isCheckOf(state, input)).toBe(true);
    expect(isCheckOf(state, { ...input, engine: 'both' })).toBe(false);
    expect(isCheckOf(state, { ...input, to: '2026-11-02T00:00:00Z' })).toBe(false);
    expect(isCheckOf({ ...state, input: { ...input, dryRun: false } }, input)).toBe(false);
    expect(isCheckOf({ ...state, phase: 'running' }, input)).toBe(false);
    expect(isCheckOf(state, null)).toBe(false);
  });
});
