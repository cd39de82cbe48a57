import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buckets, type Bucket } from '../../../contract/analytics.ts';
import { defaultBucket, planBuckets, type BucketPlan } from '../../../gateway/analytics/buckets.ts';
import type { ResolvedRange } from '../../../gateway/analytics/range.ts';
import { zoneOf } from '../../../gateway/analytics/zone.ts';
import { seededRandom } from '../../../gateway/sample/answer-plan.ts';
import { wallClock } from './oracle.ts';
import { filledWarehouse, type FilledWarehouse } from './warehouse-kit.ts';

const hourMs = 3_600_000;

function range(tz: string, from: string, to: string): ResolvedRange {
  return { fromMs: Date.parse(from), toMs: Date.parse(to), zone: zoneOf(tz) };
}

const lengths = (plan: BucketPlan, endMs: number): number[] =>
  plan.starts.map(({ atMs }, index) => (plan.starts[index + 1]?.atMs ?? endMs) - atMs);

/** Each change of the clock, in UTC around it. */
const clockChanges = [
  ['Europe/Berlin', '2026-03-29T00:00:00+01:00', '2026-03-30T00:00:00+02:00', 23],
  ['Europe/Berlin', '2026-10-25T00:00:00+02:00', '2026-10-26T00:00:00+01:00', 25],
  ['America/New_York', '2026-03-08T00:00:00-05:00', '2026-03-09T00:00:00-04:00', 23],
  ['America/New_York', '2026-11-01T00:00:00-04:00', '2026-11-02T00:00:00-05:00', 25],
] as const;

describe('buckets', () => {
  it.each(clockChanges)('%s from %s to %s has %i hours in one day', (tz, from, to, hours) => {
    const day = range(tz, from, to);
    expect(planBuckets(day, '1h').starts).toHaveLength(hours);
    expect(lengths(planBuckets(day, '1h'), day.toMs)).toEqual(Array.from({ length: hours }, () => hourMs));
    expect(lengths(planBuckets(day, '1d'), day.toMs)).toEqual([hours * hourMs]);
  });

  it('keeps six-hour buckets on the wall clock when the clock changes', () => {
    const day = range('Europe/Berlin', '2026-10-25T00:00:00+02:00', '2026-10-26T00:00:00+01:00');
    expect(lengths(planBuckets(day, '6h'), day.toMs).map((ms) => ms / hourMs)).toEqual([7, 6, 6, 6]);
  });

  it('follows the half-hour change of Lord Howe Island', () => {
    const forward = range('Australia/Lord_Howe', '2026-10-04T00:00:00+10:30', '2026-10-05T00:00:00+11:00');
    expect(lengths(planBuckets(forward, '1d'), forward.toMs)).toEqual([23.5 * hourMs]);
    expect(lengths(planBuckets(forward, '1h'), forward.toMs).map((ms) => ms / hourMs)).toEqual([
      1,
      1,
      0.5,
      ...Array.from({ length: 21 }, () => 1),
    ]);
    const back = range('Australia/Lord_Howe', '2026-04-05T00:00:00+11:00', '2026-04-06T00:00:00+10:30');
    expect(lengths(planBuckets(back, '1d'), back.toMs)).toEqual([24.5 * hourMs]);
    expect(lengths(planBuckets(back, '1h'), back.toMs).map((ms) => ms / hourMs)).toEqual([
      1,
      1,
      0.5,
      ...Array.from({ length: 22 }, () => 1),
    ]);
  });

  it('begins weeks on Monday and days at midnight, also where the clock skips midnight or the whole day', () => {
    const week = planBuckets(range('Europe/Berlin', '2026-11-18T10:00:00Z', '2026-11-27T00:00:00Z'), '1w');
    expect(week.starts.map(({ atMs }) => new Date(atMs).toISOString())).toEqual([
      '2026-11-15T23:00:00.000Z',
      '2026-11-22T23:00:00.000Z',
    ]);
    const cairo = planBuckets(range('Africa/Cairo', '2026-04-23T22:00:00Z', '2026-04-24T21:00:00Z'), '1d');
    expect(cairo.starts.map(({ atMs }) => new Date(atMs).toISOString())).toEqual(['2026-04-23T22:00:00.000Z']);
    const apia = planBuckets(range('Pacific/Apia', '2011-12-29T10:00:00Z', '2012-01-01T10:00:00Z'), '1d');
    expect(apia.starts.map(({ atMs }) => wallClock('Pacific/Apia', atMs).date)).toEqual([
      '2011-12-29',
      '2011-12-31',
      '2012-01-01',
    ]);
  });

  it('names the field when there would be too many', () => {
    expect(() => planBuckets(range('UTC', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'), '1m')).toThrow(
      expect.objectContaining({ code: 'bad_request', field: 'bucket' }),
    );
  });

  it.each([
    [15 * 60_000, '1m'],
    [hourMs, '1m'],
    [6 * hourMs, '5m'],
    [24 * hourMs, '15m'],
    [7 * 24 * hourMs, '1h'],
    [30 * 24 * hourMs, '6h'],
    [90 * 24 * hourMs, '1d'],
    [400 * 24 * hourMs, '1w'],
  ])('chooses for %i ms the bucket %s', (spanMs, bucket) => {
    expect(defaultBucket({ fromMs: 0, toMs: spanMs, zone: zoneOf('UTC') })).toBe(bucket);
  });
});

describe('bucket keys in SQL', () => {
  let warehouse: FilledWarehouse;
  beforeAll(async () => {
    warehouse = await filledWarehouse([]);
  });
  afterAll(() => warehouse.close());

  async function keysOf(plan: BucketPlan, instants: readonly number[]): Promise<number[]> {
    const values = instants.map((ms, index) => `(${index}, ${ms})`).join(', ');
    const rows = await warehouse.store.warehouse.query(
      `SELECT position, ${plan.keySql.text} AS bucket_key FROM (VALUES ${values}) AS instants(position, started_ms) ORDER BY position`,
      plan.keySql.binds,
    );
    return rows.map((row) => Number(row['bucket_key']));
  }

  /** What two instants must share to share a bucket, from Intl alone. */
  const sameBucket: Partial<Record<Bucket, (tz: string, ms: number) => string>> = {
    '1h': (tz, ms) => wallClock(tz, ms).hour,
    '6h': (tz, ms) => `${wallClock(tz, ms).date} ${Math.floor(wallClock(tz, ms).hourOfDay / 6)}`,
    '1d': (tz, ms) => wallClock(tz, ms).date,
  };

  const spans: Partial<Record<Bucket, number>> = { '1m': 1, '5m': 5, '15m': 15 };
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'America/Santiago',
    'Africa/Casablanca',
  ];

  it.each(zones)('agree with the planned starts and with the wall clock in %s', async (tz) => {
    const random = seededRandom(7);
    for (const bucket of buckets) {
      const spanDays = spans[bucket] ?? 60;
      // The spans lie around the changes of October and March.
      for (const from of ['2026-10-03T07:13:20Z', '2026-03-01T22:01:01Z', '2026-10-31T20:00:00Z']) {
        const planned: ResolvedRange = {
          zone: zoneOf(tz),
          fromMs: Date.parse(from),
          toMs: Date.parse(from) + spanDays * 24 * hourMs,
        };
        const plan = planBuckets(planned, bucket);
        const instants = Array.from(
          { length: 400 },
          () => planned.fromMs + Math.floor(random() * (planned.toMs - planned.fromMs)),
        );
        const keys = await keysOf(plan, instants);
        const starts = new Map(plan.starts.map(({ key, atMs }) => [key, atMs]));
        for (const [index, ms] of instants.entries()) {
          const expected = plan.starts.findLast(({ atMs }) => atMs <= ms)?.atMs;
          expect(starts.get(keys[index] ?? Number.NaN), `${tz} ${bucket} ${new Date(ms).toISOString()}`).toBe(expected);
        }
        const wall = sameBucket[bucket];
        if (wall === undefined || tz === 'Australia/Lord_Howe') continue;
        const walls = Map.groupBy(instants, (_, index) => keys[index]);
        for (const members of walls.values()) expect(new Set(members.map((ms) => wall(tz, ms))).size).toBe(1);
        expect(walls.size).toBe(new Set(instants.map((ms) => wall(tz, ms))).size);
      }
    }
  });
});
