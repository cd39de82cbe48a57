import { describe, expect, it } from 'vitest';
import type { BudgetState } from '../../../contract/thresholds.ts';
import { budgetWording, errorRateWording } from '../../../gateway/alerts/wording.ts';

const state = (spentUsd: number, limitUsd: number, unpricedCalls = 0): BudgetState => ({
  budget: { id: 'b', name: 'Research', period: 'month', limitUsd, filter: {} },
  from: '2026-11-01T00:00:00.000Z',
  to: '2026-12-01T00:00:00.000Z',
  spentUsd,
  unpricedCalls,
});

describe('an alert in words', () => {
  it('says what was spent of what, and when', () => {
    expect(budgetWording(state(8.02, 10), { period: '2026-11', isOver: false }, 80)).toEqual({
      title: 'Budget "Research" is at 80 %',
      text: '$8.02 of $10.00 spent in November 2026 (80.2 %).',
    });
    expect(budgetWording(state(1_300, 1_000), { period: '2026-11-24', isOver: false }, 100)).toEqual({
      title: 'Budget "Research" is used up',
      text: '$1,300.00 of $1,000.00 spent on 24 November 2026 (130 %).',
    });
  });

  it('speaks of a period that has ended in the past tense, with its date', () => {
    expect(budgetWording(state(62.5, 10), { period: '2026-11-24', isOver: true }, 100).title).toBe(
      'Budget "Research" was used up on 24 November 2026',
    );
    expect(budgetWording(state(8, 10), { period: '2026-11', isOver: true }, 80).title).toBe(
      'Budget "Research" was at 80 % in November 2026',
    );
  });

  it('calls spending a lower bound while calls have no price', () => {
    const { text } = budgetWording(state(9, 10, 1), { period: '2026-11', isOver: false }, 80);
    expect(text).toBe('At least $9.00 of $10.00 spent in November 2026 (90 %). 1 call has no price and may add to it.');
  });

  it('never rounds a small amount to nothing', () => {
    expect(budgetWording(state(0.000_55, 0.000_6), { period: '2026-11', isOver: false }, 80).text).toMatch(
      /^\$0\.00055 of \$0\.0006 spent/,
    );
  });

  it('counts the calls that failed', () => {
    expect(errorRateWording({ failed: 25, generations: 200, minutes: 1, percent: 10 })).toEqual({
      title: '12.5 % of calls fail',
      text: '25 of 200 calls failed in the last minute. The alarm is set at 10 %.',
    });
  });
});
