import { expect, it } from 'vitest';
import { budgetZone, periodOf, periodsSince } from '../../../gateway/alerts/period.ts';

it.each([
  [
    'day',
    'Europe/Berlin',
    '2026-10-25T12:00:00Z',
    '2026-10-25',
    '2026-10-24T22:00:00.000Z',
    '2026-10-25T23:00:00.000Z',
  ],
  [
    'day',
    'Europe/Berlin',
    '2026-03-29T12:00:00Z',
    '2026-03-29',
    '2026-03-28T23:00:00.000Z',
    '2026-03-29T22:00:00.000Z',
  ],
  ['day', 'Asia/Tokyo', '2026-11-24T15:00:00Z', '2026-11-25', '2026-11-24T15:00:00.000Z', '2026-11-25T15:00:00.000Z'],
  ['month', 'UTC', '2027-02-28T23:59:59Z', '2027-02', '2027-02-01T00:00:00.000Z', '2027-03-01T00:00:00.000Z'],
  [
    'month',
    'America/New_York',
    '2026-11-01T03:59:59Z',
    '2026-10',
    '2026-10-01T04:00:00.000Z',
    '2026-11-01T04:00:00.000Z',
  ],
  ['month', 'Europe/Berlin', '2026-12-31T23:00:00Z', '2027-01', '2026-12-31T23:00:00.000Z', '2027-01-31T23:00:00.000Z'],
] as const)('a %s in %s at %s is %s, from %s to %s', (period, tz, at, name, from, to) => {
  const found = periodOf(period, budgetZone(tz), Date.parse(at));
  expect({ ...found, fromMs: new Date(found.fromMs).toISOString(), toMs: new Date(found.toMs).toISOString() }).toEqual({
    name,
    fromMs: from,
    toMs: to,
  });
});

it('follows the zone of the machine when none is set', () => {
  expect(budgetZone(null).name).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
});

it('gives the periods since an instant, newest first, and none of the far past', () => {
  const names = (since: string, now: string, tz = 'UTC') =>
    periodsSince('day', budgetZone(tz), Date.parse(since), Date.parse(now)).map(({ name }) => name);
  expect(names('2026-11-29T23:59:59Z', '2026-11-30T00:00:05Z')).toEqual(['2026-11-30', '2026-11-29']);
  expect(names('2026-11-30T00:00:00Z', '2026-11-30T00:00:05Z')).toEqual(['2026-11-30']);
  expect(names('2026-12-24T00:00:00Z', '2026-11-30T00:00:05Z')).toEqual(['2026-11-30']); // the clock was set back
  expect(names('2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z', 'Europe/Berlin')).toHaveLength(3);
  expect(names('1970-01-01T00:00:00Z', '2026-11-30T00:00:05Z')).toHaveLength(33);
});

it.each([null, 'Nowhere/Land', 'Etc/Unknown', ''])('watches budgets in UTC where the zone is %s and unknown', (tz) => {
  const zone = process.env['TZ'];
  process.env['TZ'] = 'Etc/Unknown';
  try {
    expect(budgetZone(tz).offsetAt(0)).toBe(0);
  } finally {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
});
