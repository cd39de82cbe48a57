import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zoneOf } from '../../../gateway/analytics/zone.ts';
import { lastPeriod, localDay, nextRun, previousRun, type Timing } from '../../../main/reports/schedule.ts';

const berlin = zoneOf('Europe/Berlin');
const at = (iso: string): number => Date.parse(iso);
const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
const periodOf = (timing: Pick<Timing, 'every'>, now: string, zone = berlin): string[] => {
  const { fromMs, toMs } = lastPeriod(timing, at(now), zone);
  return [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
};

describe('a daily report', () => {
  const daily: Timing = { every: 'day', hour: 7 };

  it('runs at its hour of the local day, today or tomorrow', () => {
    expect(iso(nextRun(daily, at('2026-11-24T05:59:59Z'), berlin))).toBe('2026-11-24T06:00:00.000Z');
    expect(iso(nextRun(daily, at('2026-11-24T06:00:00Z'), berlin))).toBe('2026-11-25T06:00:00.000Z');
    expect(iso(previousRun(daily, at('2026-11-24T06:00:00Z'), berlin))).toBe('2026-11-24T06:00:00.000Z');
    expect(iso(previousRun(daily, at('2026-11-24T05:59:59Z'), berlin))).toBe('2026-11-23T06:00:00.000Z');
  });

  it('is of the local day before, which has 23 or 25 hours when the clocks change', () => {
    expect(periodOf(daily, '2026-11-24T06:00:00Z')).toEqual(['2026-11-22T23:00:00.000Z', '2026-11-23T23:00:00.000Z']);
    expect(periodOf(daily, '2026-03-30T05:00:00Z')).toEqual(['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z']);
    expect(periodOf(daily, '2026-10-26T06:00:00Z')).toEqual(['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z']);
  });

  it('at an hour the clock skips runs when it jumps, at one that comes twice the first time', () => {
    const atTwo: Timing = { every: 'day', hour: 2 };
    expect(iso(nextRun(atTwo, at('2026-03-28T12:00:00Z'), berlin))).toBe('2026-03-29T01:00:00.000Z');
    expect(iso(nextRun(atTwo, at('2026-10-24T12:00:00Z'), berlin))).toBe('2026-10-25T00:00:00.000Z');
    expect(iso(nextRun(atTwo, at('2026-10-25T00:00:00Z'), berlin))).toBe('2026-10-26T01:00:00.000Z');
  });

  it('begins at the first moment of a day whose midnight the clock skips', () => {
    expect(periodOf(daily, '2026-04-25T12:00:00Z', zoneOf('Africa/Cairo'))).toEqual([
      '2026-04-23T22:00:00.000Z',
      '2026-04-24T21:00:00.000Z',
    ]);
  });
});

describe('a weekly report', () => {
  const weekly: Timing = { every: 'week', hour: 8 };

  it('runs on Mondays, of the week from Monday to Sunday before', () => {
    for (const now of ['2026-11-23T07:00:00Z', '2026-11-25T12:00:00Z', '2026-11-29T22:59:59Z']) {
      expect(iso(previousRun(weekly, at(now), berlin))).toBe('2026-11-23T07:00:00.000Z');
      expect(iso(nextRun(weekly, at(now), berlin))).toBe('2026-11-30T07:00:00.000Z');
      expect(periodOf(weekly, now)).toEqual(['2026-11-15T23:00:00.000Z', '2026-11-22T23:00:00.000Z']);
    }
    expect(iso(previousRun(weekly, at('2026-11-23T06:59:59Z'), berlin))).toBe('2026-11-16T07:00:00.000Z');
  });

  it('keeps its hour over the end of summer time', () => {
    expect(iso(nextRun(weekly, at('2026-10-20T12:00:00Z'), berlin))).toBe('2026-10-26T07:00:00.000Z');
    expect(iso(previousRun(weekly, at('2026-10-20T12:00:00Z'), berlin))).toBe('2026-10-19T06:00:00.000Z');
  });
});

it('a report that is off never runs', () => {
  expect(nextRun({ every: 'off', hour: 7 }, at('2026-11-24T06:00:00Z'), berlin)).toBeNull();
  expect(previousRun({ every: 'off', hour: 7 }, at('2026-11-24T06:00:00Z'), berlin)).toBeNull();
});

it('runs follow each other and periods leave no gap, in any zone at any time', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/St_Johns',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Pacific/Chatham',
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom('day' as const, 'week' as const),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: at('2025-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z') }),
      (name, every, hour, nowMs) => {
        const zone = zoneOf(name);
        const timing = { every, hour };
        const before = previousRun(timing, nowMs, zone) ?? NaN;
        const after = nextRun(timing, nowMs, zone) ?? NaN;
        expect(before).toBeLessThanOrEqual(nowMs);
        expect(after).toBeGreaterThan(nowMs);
        expect(nextRun(timing, before, zone)).toBe(after);
        const period = lastPeriod(timing, nowMs, zone);
        expect(lastPeriod(timing, period.toMs, zone)).toEqual(period);
        expect(lastPeriod(timing, period.toMs - 1, zone).toMs).toBe(period.fromMs);
        expect(localDay(period.toMs, zone)).not.toBe(localDay(period.toMs - 1, zone));
      },
    ),
    { numRuns: 300 },
  );
});
