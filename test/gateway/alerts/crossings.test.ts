import { describe, expect, it } from 'vitest';
import { Thresholds, type Budget } from '../../../contract/thresholds.ts';
import { crossings, type Crossings, type Measured } from '../../../gateway/alerts/crossings.ts';
import { noMemory, type AlertsMemory } from '../../../gateway/alerts/memory.ts';

const now = new Date('2026-11-24T10:00:00.000Z');
const budgetOf = (limitUsd = 10): Budget => ({ id: 'b', name: 'Research', period: 'month', limitUsd, filter: {} });
const spent = (spentUsd: number | null, limitUsd = 10, period = '2026-11'): Measured => ({
  budgets: [
    {
      budget: budgetOf(limitUsd),
      period,
      isOver: false,
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-12-01T00:00:00.000Z',
      spentUsd,
      unpricedCalls: 0,
    },
  ],
  errorRate: null,
  latency: null,
});
const rules = Thresholds.parse({});
const step = (memory: AlertsMemory, measured: Measured, thresholds = rules): Crossings =>
  crossings(memory, measured, thresholds, { now, trustedMs: now.getTime() });
const firedIds = ({ fired }: Crossings): string[] => fired.map(({ id }) => id);

describe('a budget', () => {
  it('tells 80 % and 100 % once each, however often it is looked at', () => {
    const at80 = step(noMemory, spent(8));
    expect(firedIds(at80)).toEqual(['budget:b:2026-11:80']);
    const again = step(at80.memory, spent(9));
    expect(firedIds(again)).toEqual([]);
    const at100 = step(again.memory, spent(10));
    expect(firedIds(at100)).toEqual(['budget:b:2026-11:100']);
    expect(firedIds(step(at100.memory, spent(14)))).toEqual([]);
  });

  it('tells the higher step alone after a jump over both, and never the lower one afterwards', () => {
    const jumped = step(noMemory, spent(12));
    expect(firedIds(jumped)).toEqual(['budget:b:2026-11:100']);
    const back = step(jumped.memory, spent(8.5)); // rows deleted, prices corrected
    expect(firedIds(back)).toEqual([]);
    expect(firedIds(step(back.memory, spent(12)))).toEqual([]);
  });

  it('begins anew with the next period, and ends what held in the one before', () => {
    const november = step(noMemory, spent(10));
    const december = step(november.memory, spent(0.5, 10, '2026-12'));
    expect(december.ended.map(({ id }) => id)).toEqual(['budget:b:2026-11:100']);
    expect(firedIds(step(december.memory, spent(8, 10, '2026-12')))).toEqual(['budget:b:2026-12:80']);
  });

  it('is silent about a lowered limit, and tells a raised one when it is reached', () => {
    const told = step(noMemory, spent(10));
    expect(firedIds(step(told.memory, spent(10, 9)))).toEqual([]);
    const raised = step(told.memory, spent(10, 20));
    expect(raised.ended).toHaveLength(1);
    expect(firedIds(step(raised.memory, spent(20, 20)))).toEqual(['budget:b:2026-11:100@2']);
  });

  it('whose calls have no price is not crossed: nothing is known', () => {
    expect(firedIds(step(noMemory, spent(null)))).toEqual([]);
  });
});

describe('an alarm on errors', () => {
  const on = Thresholds.parse({ errorRate: { on: true, percent: 10, minutes: 5, minCalls: 20 } });
  const failing = (failed: number, generations: number): Measured => ({
    budgets: [],
    errorRate: { calls: generations, generations, failed, p95Ms: 100 },
    latency: null,
  });

  it('needs enough calls, begins at its threshold, and ends below 80 % of it', () => {
    expect(firedIds(step(noMemory, failing(5, 19), on))).toEqual([]);
    const begun = step(noMemory, failing(2, 20), on);
    expect(firedIds(begun)).toEqual([`error_rate:${now.toISOString()}`]);
    const swinging = step(begun.memory, failing(9, 100), on);
    expect([...swinging.fired, ...swinging.ended]).toEqual([]);
    expect(step(swinging.memory, failing(7, 100), on).ended).toHaveLength(1);
  });
});
