import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Filter } from '../../../contract/analytics.ts';
import { budgetCrossings, type MeasuredBudget } from '../../../gateway/alerts/budget-crossings.ts';
import { AlertsMemory, bounded, holds, noMemory } from '../../../gateway/alerts/memory.ts';

const now = new Date('2026-11-24T10:00:00.000Z');

const measured = (spentUsd: number, limitUsd = 10, filter: Filter = {}): MeasuredBudget => ({
  budget: { id: 'b', name: 'Research', period: 'month', limitUsd, filter },
  period: '2026-11',
  isOver: false,
  from: '2026-11-01T00:00:00.000Z',
  to: '2026-12-01T00:00:00.000Z',
  spentUsd,
  unpricedCalls: 0,
});

/** What a restart leaves: the file, read again. */
const restarted = (memory: AlertsMemory): AlertsMemory => AlertsMemory.parse(JSON.parse(JSON.stringify(memory)));
const idsOf = (memory: AlertsMemory): string[] => memory.alerts.map(({ id }) => id);
const holding = (memory: AlertsMemory): string[] => memory.alerts.filter(holds).map(({ id }) => id);

describe('a budget of one period', () => {
  it('tells each step once at most, and holds one alert at most, whatever it spends and whenever it restarts', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double({ min: 0, max: 30, noNaN: true }), fc.boolean())), (looks) => {
        let memory = noMemory;
        for (const [spentUsd, restarts] of looks) {
          memory = budgetCrossings(memory, [measured(spentUsd)], now);
          if (restarts) memory = restarted(memory);
          // A step that was passed over holds untold, so it is no alert when spending falls back to it.
          expect(holding(memory).length).toBeLessThanOrEqual(spentUsd < 8 ? 0 : 1);
        }
        expect(new Set(idsOf(memory)).size).toBe(memory.alerts.length);
        expect(memory.alerts.length).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('never gives one id to two crossings, however its limit and its calls change', () => {
    const change = fc.tuple(
      fc.double({ min: 0, max: 30, noNaN: true }),
      fc.constantFrom(5, 10, 20),
      fc.constantFrom<Filter>({}, { model: ['gpt-5'] }),
    );
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        let memory = noMemory;
        for (const [spentUsd, limitUsd, filter] of changes) {
          memory = budgetCrossings(memory, [measured(spentUsd, limitUsd, filter)], now);
          expect(new Set(idsOf(memory)).size).toBe(memory.alerts.length);
          expect(holding(memory).length).toBeLessThanOrEqual(spentUsd < limitUsd * 0.8 ? 0 : 1);
        }
      }),
    );
  });

  it('tells again when it counts other calls', () => {
    const told = budgetCrossings(noMemory, [measured(9)], now);
    const other = budgetCrossings(told, [measured(9, 10, { model: ['gpt-5'] })], now);
    expect(idsOf(other)).toEqual(['budget:b:2026-11:80@2', 'budget:b:2026-11:80']);
    expect(holding(other)).toEqual(['budget:b:2026-11:80@2']);
  });

  it('ends with the budget, and is not told again when the deletion is undone', () => {
    const told = budgetCrossings(noMemory, [measured(9)], now);
    const deleted = budgetCrossings(told, [], now);
    expect(deleted.alerts.map(({ endedAt }) => endedAt)).toEqual([now.toISOString()]);
    const undone = budgetCrossings(deleted, [measured(9)], now);
    expect(undone.alerts).toEqual(told.alerts);
  });
});

describe('what is remembered', () => {
  it('is 50 alerts at most, those that hold before those that ended, newest first', () => {
    const [alert] = budgetCrossings(noMemory, [measured(9)], now).alerts;
    if (alert === undefined) throw new Error('The budget is crossed');
    const alerts = Array.from({ length: 80 }, (_, index) => ({
      ...alert,
      id: `a${index}`,
      at: new Date(now.getTime() + index * 1000).toISOString(),
      endedAt: index % 20 === 0 ? null : now.toISOString(),
    }));
    const kept = bounded({ ...noMemory, alerts }, now.getTime()).alerts;
    expect(kept).toHaveLength(50);
    expect(kept.filter(holds).map(({ id }) => id)).toEqual(['a60', 'a40', 'a20', 'a0']);
    expect(kept[0]?.id).toBe('a79');
  });

  it('lasts for a week after its period, and no longer', () => {
    const memory = budgetCrossings(noMemory, [measured(9)], now);
    expect(bounded(memory, new Date('2026-12-07T00:00:00Z').getTime()).told).toHaveLength(1);
    expect(bounded(memory, new Date('2026-12-08T00:00:01Z').getTime()).told).toHaveLength(0);
  });
});
