import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RunningCalls } from '../../../gateway/proxy/running-calls.ts';

interface Call {
  slot: number;
  readonly name: number;
}

test('it holds exactly what a set would hold, in whatever order calls come and go', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 20 })), { maxLength: 200 }), (steps) => {
      const calls: Call[] = Array.from({ length: 21 }, (_, name) => ({ slot: -1, name }));
      const running = new RunningCalls<Call>();
      const expected = new Set<Call>();
      for (const [comes, index] of steps) {
        const call = calls[index];
        if (call === undefined) continue;
        if (!comes) {
          running.remove(call);
          expected.delete(call);
        } else if (!expected.has(call)) {
          running.add(call);
          expected.add(call);
        }
        expect(running.size).toBe(expected.size);
      }
      const byName = (a: Call, b: Call): number => a.name - b.name;
      expect([...running.all()].toSorted(byName)).toEqual([...expected].toSorted(byName));
    }),
  );
});
