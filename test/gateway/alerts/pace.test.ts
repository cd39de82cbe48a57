import { describe, expect, it } from 'vitest';
import { isDue, type LastCheck } from '../../../gateway/alerts/pace.ts';

const last: LastCheck = { endedMs: 0, tookMs: 10, failed: false, windowMoves: false, periodEndsAt: null };
const at = (monotonicMs: number, rowsArrived = false) => ({ monotonicMs, epochMs: monotonicMs, rowsArrived });

describe('the pace of checks', () => {
  it('begins at once, and rests 15 s after a check even when rows arrive', () => {
    expect(isDue(null, at(0))).toBe(true);
    expect(isDue(last, at(14_000, true))).toBe(false);
    expect(isDue(last, at(15_000, true))).toBe(true);
  });

  it('sleeps while nothing can have changed, and looks anyway after five minutes', () => {
    expect(isDue(last, at(200_000))).toBe(false);
    expect(isDue(last, at(300_000))).toBe(true);
  });

  it('looks when a window still holds calls, when a period has ended, and soon after a failure', () => {
    expect(isDue({ ...last, windowMoves: true }, at(15_000))).toBe(true);
    expect(isDue({ ...last, periodEndsAt: 15_000 }, at(15_000))).toBe(true);
    expect(isDue({ ...last, failed: true }, at(2_000))).toBe(true);
  });

  it('gives a slow warehouse longer rests, of half a minute at most', () => {
    expect(isDue({ ...last, tookMs: 1_000 }, at(19_000, true))).toBe(false);
    expect(isDue({ ...last, tookMs: 60_000 }, at(30_000, true))).toBe(true);
  });
});
