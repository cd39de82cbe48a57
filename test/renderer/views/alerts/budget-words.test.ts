import { describe, expect, it } from 'vitest';
import type { BudgetState } from '../../../../contract/thresholds.ts';
import { barPlaces, budgetFacts, scopeWords } from '../../../../renderer/views/alerts/budget-words.ts';

const now = Date.parse('2026-11-11T00:00:00Z'); // a third of November

const budget = (spentUsd: number | null, more: Partial<BudgetState> = {}): BudgetState => ({
  budget: { id: 'b', name: 'Research', period: 'month', limitUsd: 100, filter: {} },
  from: '2026-11-01T00:00:00Z',
  to: '2026-12-01T00:00:00Z',
  spentUsd,
  unpricedCalls: 0,
  ...more,
});
const facts = (state: BudgetState) => budgetFacts(state, now, 'UTC');

describe('how a budget stands', () => {
  it('turns at 80 and at 100 %', () => {
    expect([79.9, 80, 99.9, 100, 130].map((spent) => facts(budget(spent)).tone)).toEqual([
      'good',
      'warn',
      'warn',
      'bad',
      'bad',
    ]);
  });

  it('is a lower bound where calls have no price, and says how many', () => {
    const { spent, doubt } = facts(budget(42, { unpricedCalls: 3 }));
    expect(spent).toBe('at least $42.00 of $100.00');
    expect(doubt).toBe('3 calls have no price and are not in this sum');
  });

  it('is unknown, not 0, where no call has a price', () => {
    expect(facts(budget(null, { unpricedCalls: 1 }))).toMatchObject({
      share: null,
      percent: '–',
      spent: '– of $100.00',
      forecast: null,
    });
  });

  it('forecasts the end of the period from the pace so far, and not before a day has passed', () => {
    expect(facts(budget(42)).forecast).toEqual({ words: 'At this pace $126.00 by 30 Nov', over: true });
    expect(budgetFacts(budget(42), Date.parse('2026-11-01T20:00:00Z'), 'UTC').forecast).toBeNull();
  });

  it('keeps its marks in place on a bar that is overdrawn', () => {
    expect(barPlaces(0.42)).toEqual({ fill: 0.42, marks: [0.8, 1] });
    expect(barPlaces(1.25)).toEqual({ fill: 1, marks: [0.64, 0.8] });
  });
});

it('a budget says whose calls it is about', () => {
  expect(scopeWords({})).toBe('all calls');
  expect(scopeWords({ user: ['ana'], tags: { team: ['research'] } })).toBe('user ana, tag team=research');
});
