import { expect, it } from 'vitest';
import { crosshairAt } from '../../../renderer/charts/crosshair.ts';

it('reads the instant under the crosshair, and that there is none', () => {
  expect(crosshairAt({ axesInfo: [{ axisDim: 'x', axisIndex: 0, value: 1234 }] })).toBe(1234);
  expect([crosshairAt({ axesInfo: [] }), crosshairAt({}), crosshairAt(null), crosshairAt({ axesInfo: [7] })]).toEqual([
    null,
    null,
    null,
    null,
  ]);
});
