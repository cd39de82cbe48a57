/** The last quarter of an hour second by second, and the histogram made of it. Seconds without calls are not kept. */
import type { Second } from '../../contract/gateway-api.ts';

export const liveWindowMs = 15 * 60_000;

/** Adds seconds (a later report of the same second replaces the earlier one) and forgets those older than the window. */
export function putSeconds(seconds: readonly Second[], more: readonly Second[], nowMs: number): readonly Second[] {
  const byStart = new Map(seconds.map((second) => [Date.parse(second.at), second]));
  for (const second of more) {
    if (second.calls > 0) byStart.set(Date.parse(second.at), second);
  }
  return [...byStart.entries()]
    .filter(([atMs]) => atMs >= nowMs - liveWindowMs)
    .toSorted(([a], [b]) => a - b)
    .map(([, second]) => second);
}

export interface VolumeBin {
  readonly atMs: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** Bins of `binMs` over the window that ends with the bin of `nowMs`; empty bins included, so the axis never jumps. */
export function volumeBins(seconds: readonly Second[], nowMs: number, binMs: number): readonly VolumeBin[] {
  const lastBin = Math.floor(nowMs / binMs);
  const count = Math.ceil(liveWindowMs / binMs);
  const firstBin = lastBin - count + 1;
  const totals = Array.from({ length: count }, () => ({ calls: 0, failed: 0 }));
  for (const second of seconds) {
    const bin = totals[Math.floor(Date.parse(second.at) / binMs) - firstBin];
    if (bin === undefined) continue;
    bin.calls += second.calls;
    bin.failed += second.failed;
  }
  return totals.map(({ calls, failed }, index) => ({
    atMs: (firstBin + index) * binMs,
    succeeded: Math.max(0, calls - failed),
    failed,
  }));
}

export function sameBins(a: readonly VolumeBin[], b: readonly VolumeBin[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ atMs, succeeded, failed }, index) => {
      const other = b[index];
      return atMs === other?.atMs && succeeded === other.succeeded && failed === other.failed;
    })
  );
}
