import { describe, expect, it } from 'vitest';
import {
  formatAxisTime,
  formatBounds,
  formatClockMs,
  formatDateTime,
  formatZone,
  shownZone,
} from '../../../renderer/format/time.ts';

const at = '2026-03-28T23:30:05.042Z';

describe('times in the shown zone', () => {
  it('writes a row with milliseconds', () => {
    expect(formatClockMs(at, 'UTC')).toBe('23:30:05.042');
    expect(formatClockMs(at, 'Asia/Tokyo')).toBe('08:30:05.042');
  });

  it('names the day where the zone has another one', () => {
    expect(formatDateTime(at, 'UTC')).toBe('28 Mar 2026, 23:30');
    expect(formatDateTime(at, 'Asia/Tokyo')).toBe('29 Mar 2026, 08:30');
  });

  it('writes midnight as 00:00, not as 24:00', () => {
    expect(formatDateTime('2026-03-28T00:00:00.000Z', 'UTC')).toBe('28 Mar 2026, 00:00');
  });

  it('prints both days of the bounds only when they differ', () => {
    expect(formatBounds(at, Date.parse(at) + 60_000, 'UTC')).toBe('28 Mar 23:30 – 23:31');
    expect(formatBounds(at, Date.parse(at) + 3_600_000, 'UTC')).toBe('28 Mar 23:30 – 29 Mar 00:30');
  });

  it('prints the offset of that moment, so that summer and winter time are told apart', () => {
    expect(formatZone('Europe/Paris', '2026-01-15T12:00:00Z')).toBe('Europe/Paris (UTC+1)');
    expect(formatZone('Europe/Paris', '2026-07-15T12:00:00Z')).toBe('Europe/Paris (UTC+2)');
    expect(formatZone('Europe/London', '2026-01-15T12:00:00Z')).toBe('Europe/London (UTC+0)');
    expect(formatZone('UTC', at)).toBe('UTC');
  });

  it('labels an axis by minute, by day at midnight and over long spans, by second over short ones', () => {
    const midnight = Date.parse('2026-03-28T00:00:00Z');
    expect(formatAxisTime(midnight, 'UTC', 86_400_000)).toBe('28 Mar');
    expect(formatAxisTime(midnight + 7_200_000, 'UTC', 86_400_000)).toBe('02:00');
    expect(formatAxisTime(midnight + 7_200_000, 'UTC', 30 * 86_400_000)).toBe('28 Mar');
    expect(formatAxisTime(midnight + 7_205_000, 'UTC', 60_000)).toBe('02:00:05');
  });
});

it('shows UTC on demand and the zone of the machine otherwise', () => {
  expect(shownZone(true)).toBe('UTC');
  expect(shownZone(false)).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone);
});
