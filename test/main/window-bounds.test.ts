import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minimumSize, placeWindow, type Rectangle } from '../../main/window-bounds.ts';

const laptop: Rectangle = { x: 0, y: 25, width: 1440, height: 875 };
const screen: Rectangle = { x: 1440, y: 0, width: 2560, height: 1400 };
const saved = { x: 1600, y: 100, width: 1300, height: 900, maximized: false };

describe('the place of the window', () => {
  test('is where it was', () => {
    expect(placeWindow(saved, [laptop, screen])).toEqual({ x: 1600, y: 100, width: 1300, height: 900 });
  });

  test('is the middle of the first display when its own is gone', () => {
    expect(placeWindow(saved, [laptop])).toEqual({ x: 70, y: 25, width: 1300, height: 875 });
  });

  test('is pulled back when part of it lies outside', () => {
    expect(placeWindow({ ...saved, x: 900, y: -300 }, [laptop])).toEqual({ x: 140, y: 25, width: 1300, height: 875 });
  });

  test('is centred on first use and never larger than the display', () => {
    const small: Rectangle = { x: 0, y: 0, width: 1024, height: 600 };
    expect(placeWindow(null, [small])).toEqual({ x: 0, y: 0, width: 1024, height: 600 });
    expect(minimumSize(small)).toEqual({ minWidth: 1024, minHeight: 600 });
    expect(minimumSize(laptop)).toEqual({ minWidth: 1024, minHeight: 700 });
  });

  test('lies on one display for any saved place and any displays', () => {
    const side = fc.integer({ min: 300, max: 4000 });
    const area = fc.record({
      x: fc.integer({ min: -5000, max: 5000 }),
      y: fc.integer({ min: -3000, max: 3000 }),
      width: side,
      height: side,
    });
    const place = fc.record({ x: fc.integer(), y: fc.integer(), width: side, height: side, maximized: fc.boolean() });
    fc.assert(
      fc.property(fc.option(place), area, fc.array(area, { maxLength: 3 }), (where, first, others) => {
        const areas: readonly [Rectangle, ...Rectangle[]] = [first, ...others];
        const { x, y, width, height } = placeWindow(where, areas);
        const inside = (home: Rectangle): boolean =>
          x >= home.x && y >= home.y && x + width <= home.x + home.width && y + height <= home.y + home.height;
        expect(areas.some(inside)).toBe(true);
      }),
    );
  });
});
