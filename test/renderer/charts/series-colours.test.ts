import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otherGroup } from '../../../contract/analytics.ts';
import { assignSlots } from '../../../renderer/charts/series-colours.ts';

const slotCount = 7;
const answers = fc.array(fc.uniqueArray(fc.constantFrom(...'abcdefghijklmn'.split(''), otherGroup), { maxLength: 8 }), {
  maxLength: 12,
});

describe('assignSlots', () => {
  it('never changes the slot of a group that stays, and never gives a slot to two groups', () => {
    fc.assert(
      fc.property(answers, (sequence) => {
        let slots: ReadonlyMap<string, number> = new Map();
        let before: readonly string[] = [];
        for (const groups of sequence) {
          const next = assignSlots(slots, groups, slotCount);
          const stayed = groups.filter((group) => before.includes(group) && slots.has(group));
          expect(stayed.map((group) => next.get(group))).toEqual(stayed.map((group) => slots.get(group)));
          expect(new Set(next.values()).size).toBe(next.size);
          expect(Math.max(-1, ...next.values())).toBeLessThan(slotCount);
          slots = next;
          before = groups;
        }
      }),
    );
  });

  it('serves all groups of a chart while there are enough slots', () => {
    fc.assert(
      fc.property(answers, (sequence) => {
        const slots = sequence.reduce<ReadonlyMap<string, number>>(
          (known, groups) => assignSlots(known, groups, slotCount),
          new Map(),
        );
        const named = (sequence.at(-1) ?? []).filter((group) => group !== otherGroup);
        expect(named.filter((group) => slots.has(group)).length).toBe(Math.min(named.length, slotCount));
      }),
    );
  });

  it('returns the same map when nothing changed, so that nothing is drawn again', () => {
    const slots = assignSlots(new Map(), ['a', 'b'], slotCount);
    expect(assignSlots(slots, ['b', otherGroup, 'a'], slotCount)).toBe(slots);
  });
});
