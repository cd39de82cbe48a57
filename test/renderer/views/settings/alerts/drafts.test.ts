import { describe, expect, it } from 'vitest';
import { Thresholds, type Budget } from '../../../../../contract/thresholds.ts';
import { alarmProblem } from '../../../../../renderer/views/settings/alerts/alarm-draft.ts';
import { alertsDraftOf, mergedWith, problemCount } from '../../../../../renderer/views/settings/alerts/alerts-draft.ts';
import { amountOf } from '../../../../../renderer/views/settings/alerts/amount.ts';
import { budgetDraftOf, checkBudget, emptyBudget } from '../../../../../renderer/views/settings/alerts/budget-draft.ts';

const budget = (id: string, more: Partial<Budget> = {}): Budget => ({
  id,
  name: id,
  period: 'month',
  limitUsd: 100,
  filter: {},
  ...more,
});
const base = Thresholds.parse({ budgets: [budget('a'), budget('b')], tz: 'UTC' });
const draft = alertsDraftOf(base);

describe('amounts as people type them', () => {
  it.each([
    ['250', 250],
    [' $1,200.50 ', 1200.5],
    ['12 000', 12_000],
    ['.5', 0.5],
    ['2.', 2],
  ])('reads %s', (text, value) => expect(amountOf(text)).toBe(value));

  it.each(['', '1,2', '1.2.3', '-5', '1e3', 'ten', '.', '1,00', '12 00', 'NaN'])('takes "%s" for no number', (text) => {
    expect(amountOf(text)).toBeNull();
  });
});

describe('a budget that is typed', () => {
  const typed = { ...emptyBudget, name: 'Research', limitUsd: '$1,200' };

  it('becomes the budget it says', () => {
    const { budget: made } = checkBudget({ ...typed, scope: 'tag', value: ' team=research ' }, 'x', []);
    expect(made).toEqual(budget('x', { name: 'Research', limitUsd: 1200, filter: { tags: { team: ['research'] } } }));
  });

  it('names at each field what is accepted, and is nothing until all are right', () => {
    const { budget: made, problems } = checkBudget(
      { ...emptyBudget, limitUsd: '-1', scope: 'tag', value: 'team' },
      'x',
      [],
    );
    expect(made).toBeNull();
    expect([...problems.keys()]).toEqual(['name', 'limitUsd', 'value']);
    for (const words of problems.values()) expect(words).toMatch(/^Accepted: /);
  });

  it.each(['0', '', '1000000001', 'many'])('refuses the amount "%s"', (limitUsd) => {
    expect(checkBudget({ ...typed, limitUsd }, 'x', []).problems.get('limitUsd')).toContain('above 0');
  });

  it('may not have the name of another', () => {
    expect(checkBudget(typed, 'x', ['Research']).problems.get('name')).toContain('Another budget has this name');
  });

  it('is the same again when nothing is typed, also one over several values, which the form cannot make', () => {
    const made = [
      budget('a', { limitUsd: 0.000_001 }),
      budget('b', { filter: { user: ['li'] }, period: 'day' }),
      budget('c', { filter: { model: ['m', 'n'] } }),
      budget('d', { filter: { provider: ['google'] } }),
    ];
    for (const each of made) expect(checkBudget(budgetDraftOf(each), each.id, []).budget).toEqual(each);
  });
});

describe('alarms that are typed', () => {
  const on = { on: true, level: '5', minutes: '5', minCalls: '20' };

  it('are wrong outside what the contract takes, and only while they are on', () => {
    expect(alarmProblem('errorRate', 'level', { ...on, level: '101' })).toContain('0.1 to 100 percent');
    expect(alarmProblem('latency', 'level', { ...on, level: '3601' })).toContain('3,600 seconds');
    expect(alarmProblem('latency', 'minutes', { ...on, minutes: '2.5' })).toContain('whole number');
    expect(alarmProblem('latency', 'minCalls', { ...on, minCalls: '0' })).toContain('1 to 100,000');
    expect(alarmProblem('latency', 'minCalls', { ...on, on: false, minCalls: 'x' })).toBeNull();
  });

  it('at both ends of their bounds are taken by the contract too', () => {
    for (const [level, minutes, minCalls] of [
      ['0.1', '1', '1'],
      ['100', '60', '100,000'],
    ] as const) {
      const alarm = { on: true, level, minutes, minCalls };
      expect(problemCount({ ...draft, errorRate: alarm, latency: alarm })).toBe(0);
      const merged = mergedWith(base, base, { ...draft, errorRate: alarm, latency: alarm });
      expect(Thresholds.safeParse(merged).success).toBe(true);
      expect(merged.latency.p95Ms).toBe(Number(level) * 1000);
    }
  });

  it('keep the level they had when they are switched off', () => {
    const off = { ...draft.errorRate, on: false, level: 'nonsense' };
    expect(mergedWith(base, base, { ...draft, errorRate: off }).errorRate).toEqual({ ...base.errorRate, on: false });
  });
});

describe('saving what was changed', () => {
  it('leaves alone what somebody else saved meanwhile', () => {
    const limit = { id: 'l', provider: 'google', model: null, key: null, requestsPerMinute: 5 } as const;
    const fresh: Thresholds = {
      ...base,
      budgets: [budget('a', { limitUsd: 7 }), budget('b'), budget('theirs')],
      limits: [{ ...limit, tokensPerMinute: null, requestsPerDay: null }],
      latency: { ...base.latency, on: true },
      tz: 'Europe/Berlin',
    };
    const mine = { ...draft, budgets: [budget('a'), budget('mine')] };
    expect(mergedWith(fresh, base, mine)).toEqual({
      ...fresh,
      budgets: [budget('a', { limitUsd: 7 }), budget('theirs'), budget('mine')],
    });
  });

  it('takes a removed budget away, also one that somebody else changed meanwhile', () => {
    const mine = { ...draft, budgets: [budget('b')] };
    const fresh = { ...base, budgets: [budget('a', { limitUsd: 7 }), budget('b'), budget('theirs')] };
    expect(mergedWith(fresh, base, mine).budgets).toEqual([budget('b'), budget('theirs')]);
  });

  it('switches an alarm off without putting back the level that somebody else changed meanwhile', () => {
    const on: Thresholds = {
      ...base,
      errorRate: { ...base.errorRate, on: true },
      latency: { ...base.latency, on: true },
    };
    const begun = alertsDraftOf(on);
    const mine = { ...begun, errorRate: { ...begun.errorRate, on: false }, latency: { ...begun.latency, on: false } };
    const theirs: Thresholds = {
      ...on,
      errorRate: { ...on.errorRate, percent: 42 },
      latency: { ...on.latency, p95Ms: 4200 },
    };
    const merged = mergedWith(theirs, on, mine);
    expect(merged.errorRate).toEqual({ ...theirs.errorRate, on: false });
    expect(merged.latency).toEqual({ ...theirs.latency, on: false });
  });

  it('puts back a budget that was changed here and removed elsewhere', () => {
    const mine = { ...draft, budgets: [budget('a', { limitUsd: 1 }), budget('b')] };
    const fresh = { ...base, budgets: [budget('b')] };
    expect(mergedWith(fresh, base, mine).budgets).toEqual([budget('b'), budget('a', { limitUsd: 1 })]);
  });

  it('takes an empty zone for that of the computer, and no zone that does not exist', () => {
    expect(mergedWith(base, base, { ...draft, tz: ' ' }).tz).toBeNull();
    expect(problemCount({ ...draft, tz: 'Mars/Olympus' })).toBe(1);
  });
});
