import { expect, it } from 'vitest';
import { bucketEnd } from '../../../renderer/charts/bucket-span.ts';

const end = (at: string, bucket: Parameters<typeof bucketEnd>[1]): string =>
  new Date(bucketEnd(Date.parse(at), bucket, 'Europe/Paris')).toISOString();

it('ends a day at the next midnight of the zone, after 23 or 25 hours where the clock changes', () => {
  expect(end('2026-03-28T23:00:00Z', '1d')).toBe('2026-03-29T22:00:00.000Z');
  expect(end('2026-10-24T22:00:00Z', '1d')).toBe('2026-10-25T23:00:00.000Z');
  expect(end('2026-11-22T23:00:00Z', '1d')).toBe('2026-11-23T23:00:00.000Z');
});

it('ends an hour after an hour, in the night of the change too', () => {
  expect(end('2026-10-25T00:00:00Z', '1h')).toBe('2026-10-25T01:00:00.000Z');
});
