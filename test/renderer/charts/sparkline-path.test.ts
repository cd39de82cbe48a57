import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sparklinePath } from '../../../renderer/charts/sparkline-path.ts';

describe('sparklinePath', () => {
  it('draws nothing when nothing is known', () => {
    expect(sparklinePath([], 100, 20)).toEqual({ line: '', area: '' });
    expect(sparklinePath([null, null], 100, 20)).toEqual({ line: '', area: '' });
  });

  it('leaves a gap where a value is unknown and a dot where one stands alone', () => {
    const { line } = sparklinePath([1, 2, null, 4, null, 3], 100, 20, 0);
    expect(line.match(/M/g)).toHaveLength(3);
    expect(line).toContain('h0.01');
  });

  it('stands on the base line for zero and touches the top for the greatest value', () => {
    expect(sparklinePath([0, 10], 100, 20, 0).line).toBe('M0 20L100 0');
  });

  it('stays inside its box whatever the values', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double({ min: 0, max: 1e12, noNaN: true })), { maxLength: 50 }), (values) => {
        const { line } = sparklinePath(values, 200, 34);
        for (const [, x, y] of line.matchAll(/[ML]([\d.e+-]+) ([\d.e+-]+)/g)) {
          expect(Number(x)).toBeGreaterThanOrEqual(0);
          expect(Number(x)).toBeLessThanOrEqual(200);
          expect(Number(y)).toBeGreaterThanOrEqual(1.5);
          expect(Number(y)).toBeLessThanOrEqual(32.5);
        }
      }),
    );
  });
});
