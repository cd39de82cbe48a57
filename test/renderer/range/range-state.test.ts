import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boundsOf,
  customPeriod,
  goBack,
  goForward,
  goTo,
  initialRange,
  isLivePeriod,
  zoomOut,
  type RangeState,
} from '../../../renderer/range/range-state.ts';

const now = Date.parse('2026-11-23T18:30:00Z');
const custom = (fromMs: number, toMs: number) => ({ kind: 'custom', fromMs, toMs }) as const;

describe('boundsOf', () => {
  it('ends presets now', () => {
    expect(boundsOf({ kind: 'preset', preset: '15m' }, now, 'UTC')).toEqual({ fromMs: now - 900_000, toMs: now });
  });

  it('begins today and this month at midnight of the shown zone', () => {
    const bounds = (preset: 'today' | 'month', tz: string) =>
      new Date(boundsOf({ kind: 'preset', preset }, now, tz).fromMs).toISOString();
    expect(bounds('today', 'UTC')).toBe('2026-11-23T00:00:00.000Z');
    expect(bounds('today', 'Asia/Tokyo')).toBe('2026-11-23T15:00:00.000Z');
    expect(bounds('month', 'America/New_York')).toBe('2026-11-01T04:00:00.000Z'); // summer time still held at that midnight
  });
});

describe('zoomOut', () => {
  it('goes to the next wider preset', () => {
    expect(zoomOut(initialRange('24h'), now, 'UTC').period).toEqual({ kind: 'preset', preset: '7d' });
  });

  it('always shows more than before, and never the future', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 * 86_400 }),
        fc.integer({ min: 60, max: 30 * 86_400 }),
        (agoS, spanS) => {
          const before = { fromMs: now - (agoS + spanS) * 1000, toMs: now - agoS * 1000 };
          const after = boundsOf(
            zoomOut({ ...initialRange(), period: custom(before.fromMs, before.toMs) }, now, 'UTC').period,
            now,
            'UTC',
          );
          expect(after.toMs - after.fromMs).toBeGreaterThan(before.toMs - before.fromMs);
          expect(after.fromMs).toBeLessThanOrEqual(before.fromMs);
          expect(after.toMs).toBeGreaterThanOrEqual(before.toMs);
          expect(after.toMs).toBeLessThanOrEqual(now);
        },
      ),
    );
  });

  it('goes beyond the widest preset', () => {
    const { period } = zoomOut(initialRange('90d'), now, 'UTC');
    const { fromMs, toMs } = boundsOf(period, now, 'UTC');
    expect(toMs - fromMs).toBe(180 * 86_400_000);
  });
});

describe('history', () => {
  const day = custom(now - 3e8, now - 2e8);

  it('goes back and forward through the periods chosen', () => {
    const there = goTo(goTo(initialRange('1h'), { kind: 'preset', preset: '7d' }), day);
    const back = goBack(there);
    expect(back.period).toEqual({ kind: 'preset', preset: '7d' });
    expect(goForward(back)).toEqual(there);
  });

  it('forgets the way forward when another period is chosen, and ignores choosing the same', () => {
    const back = goBack(goTo(initialRange('1h'), day));
    expect(goTo(back, { kind: 'preset', preset: '6h' }).future).toEqual([]);
    expect(goTo(back, { kind: 'preset', preset: '1h' })).toBe(back);
  });

  it('returns to where it was after any walk back and forward again', () => {
    const steps = fc.array(fc.constantFrom('15m', '1h', '6h', '24h', '7d' as const), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(steps, fc.nat(10), (presets, far) => {
        const end = presets.reduce<RangeState>(
          (state, preset) => goTo(state, { kind: 'preset', preset }),
          initialRange('30d'),
        );
        const walk = Math.min(far, end.past.length);
        let state = end;
        for (let step = 0; step < walk; step += 1) state = goBack(state);
        for (let step = 0; step < walk; step += 1) state = goForward(state);
        expect(state).toEqual(end);
      }),
    );
  });
});

it('takes the two ends of a drag in any order and refuses less than a minute', () => {
  expect(customPeriod(now, now - 120_000)).toEqual(custom(now - 120_000, now));
  expect(customPeriod(now, now - 59_000)).toBeNull();
  expect(customPeriod(Number.NaN, now)).toBeNull();
});

it('calls a period in the past not live', () => {
  expect(isLivePeriod({ kind: 'preset', preset: '15m' }, now)).toBe(true);
  expect(isLivePeriod(custom(now - 9e5, now - 1), now)).toBe(false);
  expect(isLivePeriod(custom(now - 9e5, now + 1), now)).toBe(true);
});
