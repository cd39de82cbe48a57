import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf, localMidnight, wallClock } from '../../../renderer/range/local-midnight.ts';

const zones = [
  'UTC',
  'Europe/Paris',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Pacific/Auckland',
];
const instants = fc.integer({ min: Date.parse('2000-01-01T00:00:00Z'), max: Date.parse('2040-01-01T00:00:00Z') });

describe('localMidnight', () => {
  it('is at 00:00 of the zone, at or before the moment, less than 26 hours ago', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (tz, atMs) => {
        const midnight = localMidnight(atMs, tz, 'day');
        expect(wallClock(midnight, tz) % 86_400_000).toBe(0);
        expect(midnight).toBeLessThanOrEqual(atMs);
        expect(atMs - midnight).toBeLessThan(26 * 3_600_000);
      }),
    );
  });

  it('knows days of 23 and 25 hours', () => {
    const length = (day: string): number => {
      const noon = Date.parse(`${day}T12:00:00Z`);
      return (
        (localMidnight(noon + 86_400_000, 'Europe/Paris', 'day') - localMidnight(noon, 'Europe/Paris', 'day')) /
        3_600_000
      );
    };
    expect(length('2026-03-29')).toBe(23);
    expect(length('2026-10-25')).toBe(25);
    expect(length('2026-06-10')).toBe(24);
  });
});

it('turns a wall clock into the instant that shows it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...zones), instants, (tz, atMs) => {
      const wall = wallClock(atMs, tz);
      expect(wallClock(instantOf(wall, tz), tz)).toBe(wall);
    }),
  );
});
