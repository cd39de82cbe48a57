/** A call's time as consecutive stretches. Pure. Unknown marks are left out and their stretch joins the next known one. */
import type { UsageRecord } from '../../../contract/usage-record.ts';

export interface TimingSegment {
  readonly label: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly kind: 'wait' | 'prepare' | 'generate';
}

type Timed = Pick<UsageRecord, 'durationMs' | 'firstByteMs' | 'ttftMs'>;

/** Marks that lie outside the call (clock trouble) are clamped into it. Empty when the duration is not known. */
export function timingSegments({ durationMs, firstByteMs, ttftMs }: Timed): readonly TimingSegment[] {
  if (durationMs === null) return [];
  const clamp = (ms: number): number => Math.min(durationMs, Math.max(0, ms));
  const firstByte = firstByteMs === null ? null : clamp(firstByteMs);
  const firstToken = ttftMs === null ? null : Math.max(clamp(ttftMs), firstByte ?? 0);
  const segments: TimingSegment[] = [];
  let at = 0;
  if (firstByte !== null)
    segments.push({ label: 'Waiting for the first byte', startMs: 0, endMs: (at = firstByte), kind: 'wait' });
  if (firstToken !== null)
    segments.push({ label: 'To the first token', startMs: at, endMs: (at = firstToken), kind: 'prepare' });
  segments.push({ label: at === 0 ? 'Whole call' : 'To the end', startMs: at, endMs: durationMs, kind: 'generate' });
  return segments;
}
