import type { Bucket } from '../../contract/analytics.ts';
import { instantOf, wallClock } from '../range/local-midnight.ts';

const minuteMs = 60_000;

/** Nominal length of a bucket. Days of a zone change differ by an hour, which is a hair's breadth in a chart. */
export const bucketMs: Readonly<Record<Bucket, number>> = {
  '1m': minuteMs,
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '1h': 60 * minuteMs,
  '6h': 360 * minuteMs,
  '1d': 1440 * minuteMs,
  '1w': 10_080 * minuteMs,
};

export const bucketWords: Readonly<Record<Bucket, string>> = {
  '1m': 'per minute',
  '5m': 'per 5 min',
  '15m': 'per 15 min',
  '1h': 'per hour',
  '6h': 'per 6 h',
  '1d': 'per day',
  '1w': 'per week',
};

/** The end of the bucket that begins at `atMs`. From 6 h on a bucket is a stretch of the wall clock: a day of a zone change has 23 or 25 hours. */
export function bucketEnd(atMs: number, bucket: Bucket, tz: string): number {
  const spanMs = bucketMs[bucket];
  if (spanMs <= bucketMs['1h']) return atMs + spanMs;
  return instantOf(wallClock(atMs, tz) + spanMs, tz);
}
