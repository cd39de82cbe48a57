/**
 * Time buckets of any zone, in SQL both engines share. TypeScript finds the stretches of constant offset inside the range; SQL only does
 * whole-number arithmetic with those constants, so it is exact on DST days and needs no engine time function.
 *
 * - Up to 1 h a bucket is elapsed time aligned to the local clock; a change of offset always begins a new one, so an hour that the clock
 *   repeats is two buckets (a day of 25) and one that it skips is none (23). Key: epoch ms of the bucket's start.
 * - From 6 h on a bucket is a stretch of the wall clock (a local day, an ISO week), however long it lasted. Key: its local start as if UTC.
 */
import { buckets, type Bucket } from '../../contract/analytics.ts';
import { AppError } from '../../contract/errors.ts';
import type { ResolvedRange } from './range.ts';
import { raw, type Sql } from './sql.ts';
import { instantOfWall, zoneSegments, type ZoneSegment } from './zone.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const weekAnchorMs = 4 * dayMs; // Monday, 5 January 1970
export const maxBuckets = 2_000;
const comfortablePoints = 200;

const sizes: Record<Bucket, number> = {
  '1m': minuteMs,
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '1h': hourMs,
  '6h': 6 * hourMs,
  '1d': dayMs,
  '1w': 7 * dayMs,
};

export interface BucketStart {
  readonly key: number; // what `keySql` yields for a call in this bucket
  readonly atMs: number;
}

export interface BucketPlan {
  readonly bucket: Bucket;
  /** All buckets of the range in order; the first may begin before the range. */
  readonly starts: readonly BucketStart[];
  /** Whole-number expression over `started_ms`. */
  readonly keySql: Sql;
}

/** The finest bucket with at most 200 points. */
export function defaultBucket({ fromMs, toMs }: ResolvedRange): Bucket {
  return buckets.find((bucket) => (toMs - fromMs) / sizes[bucket] <= comfortablePoints) ?? '1w';
}

/** @throws AppError `bad_request` on field `bucket` when the range would have more than 2,000 of them */
export function planBuckets(range: ResolvedRange, bucket: Bucket): BucketPlan {
  const sizeMs = sizes[bucket];
  if ((range.toMs - range.fromMs) / sizeMs > maxBuckets) {
    throw new AppError(
      'bad_request',
      `bucket ${bucket} would give more than ${maxBuckets} points; choose a larger one`,
      { field: 'bucket' },
    );
  }
  const segments = zoneSegments(range.zone, range.fromMs - 8 * dayMs, range.toMs + dayMs);
  return sizeMs <= hourMs ? elapsedPlan(range, bucket, segments) : wallPlan(range, bucket, segments);
}

function segmentAt(segments: readonly ZoneSegment[], ms: number): ZoneSegment {
  const segment = segments.findLast((candidate) => candidate.fromMs <= ms);
  if (segment === undefined) throw new RangeError(`No zone segment covers ${ms}`);
  return segment;
}

function elapsedPlan(range: ResolvedRange, bucket: Bucket, segments: readonly ZoneSegment[]): BucketPlan {
  const sizeMs = sizes[bucket];
  const startOf = (ms: number) => {
    const { fromMs, offsetMs } = segmentAt(segments, ms);
    return Math.max(fromMs, ms - ((ms + offsetMs) % sizeMs));
  };
  const nextAfter = (ms: number) => {
    const aligned = ms + sizeMs - ((ms + segmentAt(segments, ms).offsetMs) % sizeMs);
    const change = segments.find((segment) => segment.fromMs > ms)?.fromMs ?? Infinity;
    return Math.min(aligned, change);
  };
  const starts: BucketStart[] = [];
  for (let atMs = startOf(range.fromMs); atMs < range.toMs; atMs = nextAfter(atMs)) starts.push({ key: atMs, atMs });
  const keySql = bySegment(segments, ({ fromMs, offsetMs }, first) => {
    const aligned = `started_ms - MOD(started_ms + ${offsetMs}, ${sizeMs})`;
    return first ? aligned : `GREATEST(${fromMs}, ${aligned})`;
  });
  return { bucket, starts, keySql };
}

function wallPlan(range: ResolvedRange, bucket: Bucket, segments: readonly ZoneSegment[]): BucketPlan {
  const sizeMs = sizes[bucket];
  const anchorMs = bucket === '1w' ? weekAnchorMs : 0;
  const keyOf = (ms: number) => {
    const wallMs = ms + segmentAt(segments, ms).offsetMs;
    return wallMs - ((wallMs - anchorMs) % sizeMs);
  };
  const lastKey = keyOf(range.toMs - 1);
  const candidates: BucketStart[] = [];
  for (let key = keyOf(range.fromMs); key <= lastKey; key += sizeMs)
    candidates.push({ key, atMs: instantOfWall(segments, key) });
  // A stretch that the clock skipped whole (Samoa had no 30 December 2011) begins where the next one does.
  const starts = candidates.filter(({ atMs }, index) => atMs < (candidates[index + 1]?.atMs ?? Infinity));
  const keySql = bySegment(segments, ({ offsetMs }) => {
    const wall = `started_ms + ${offsetMs}`;
    return `${wall} - MOD(${wall} - ${anchorMs}, ${sizeMs})`;
  });
  return { bucket, starts, keySql };
}

/** One expression when the offset never changes, else a CASE over the instants of change. */
function bySegment(
  segments: readonly ZoneSegment[],
  expression: (segment: ZoneSegment, first: boolean) => string,
): Sql {
  const branches = segments.map((segment, index) => {
    const end = segments[index + 1]?.fromMs;
    const value = expression(segment, index === 0);
    return end === undefined ? `ELSE ${value}` : `WHEN started_ms < ${end} THEN ${value}`;
  });
  return branches.length === 1 ? raw(branches.join('').replace(/^ELSE /, '')) : raw(`CASE ${branches.join(' ')} END`);
}
