/** The previous period as charts draw it: its buckets laid over those of the shown one, by their offset from the start. Pure. */
import type { Bucket, Usage, UsagePoint } from '../../contract/analytics.ts';
import { formatBounds } from '../format/time.ts';
import { bucketEnd } from './bucket-span.ts';
import type { TooltipRow } from './tooltip.ts';

export interface PreviousPeriod {
  readonly name: string; // "previous 24 h"
  /** One entry a bucket of the shown period; null where the previous one has none. */
  readonly points: readonly (UsagePoint | null)[];
}

/** @param bucketCount of the shown period. Both have the same bucket, so the first belongs over the first. */
export function previousPeriod(name: string, usage: Usage, bucketCount: number): PreviousPeriod {
  const points = usage.points.toSorted((a, b) => a.at.localeCompare(b.at));
  return { name, points: Array.from({ length: bucketCount }, (_, index) => points[index] ?? null) };
}

/** The previous value in a tooltip, with the time it is from. */
export function previousRow(
  previous: PreviousPeriod,
  index: number,
  { bucket, tz, value }: { bucket: Bucket; tz: string; value: (point: UsagePoint) => string },
): readonly TooltipRow[] {
  const point = previous.points[index];
  if (point === undefined || point === null) return [];
  const atMs = Date.parse(point.at);
  const note = formatBounds(atMs, bucketEnd(atMs, bucket, tz), tz);
  return [{ label: sentenceCase(previous.name), value: value(point), colour: null, dashed: true, note }];
}

export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
