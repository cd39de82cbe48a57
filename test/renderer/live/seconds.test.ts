import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Second } from '../../../contract/gateway-api.ts';
import { liveWindowMs, putSeconds, volumeBins } from '../../../renderer/live/seconds.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const second = (agoS: number, calls: number, failed = 0): Second => ({
  at: new Date(now - agoS * 1000).toISOString(),
  calls,
  failed,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: null,
});

describe('putSeconds', () => {
  it('keeps the last quarter of an hour in order, each second once, its latest report', () => {
    const seconds = putSeconds(
      [second(3, 1), second(2, 1)],
      [second(5, 2), second(2, 4), second(2000, 9), second(1, 0)],
      now,
    );
    expect(seconds.map(({ at, calls }) => [(now - Date.parse(at)) / 1000, calls])).toEqual([
      [5, 2],
      [3, 1],
      [2, 4],
    ]);
  });
});

describe('volumeBins', () => {
  it('covers the window without gaps and loses no call inside it', () => {
    const anySecond = fc
      .tuple(fc.integer({ min: 0, max: 895 }), fc.nat(50), fc.nat(50))
      .map(([agoS, ok, bad]) => second(agoS, ok + bad, bad));
    fc.assert(
      fc.property(fc.array(anySecond, { maxLength: 50 }), (reports) => {
        const seconds = putSeconds([], reports, now);
        const bins = volumeBins(seconds, now, 5000);
        expect(bins).toHaveLength(liveWindowMs / 5000);
        expect(bins.every((bin, index) => index === 0 || bin.atMs - (bins[index - 1]?.atMs ?? 0) === 5000)).toBe(true);
        const calls = bins.reduce((sum, bin) => sum + bin.succeeded + bin.failed, 0);
        expect(calls).toBe(seconds.reduce((sum, report) => sum + report.calls, 0));
      }),
    );
  });
});
