import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRefreshClock, type RefreshClock } from '../../../renderer/live/refresh-clock.ts';

describe('the refresh clock', () => {
  let refreshedAt: number[];
  let clock: RefreshClock;
  let startMs: number;

  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
    startMs = performance.now();
    refreshedAt = [];
    clock = createRefreshClock(() => refreshedAt.push(performance.now() - startMs), {
      firstMs: 100,
      settleMs: 400,
      everyMs: 1000,
    });
  });

  afterEach(() => {
    clock.stop();
    vi.useRealTimers();
  });

  it('refreshes soon after the first news and once more when the burst is over', () => {
    clock.news();
    clock.news();
    vi.advanceTimersByTime(5000);
    expect(refreshedAt).toEqual([100, 500]);
  });

  it('keeps its distance under steady traffic and never starves', () => {
    for (let ms = 0; ms < 10_000; ms += 50) {
      clock.news();
      vi.advanceTimersByTime(50);
    }
    const gaps = refreshedAt.slice(1).map((atMs, index) => atMs - (refreshedAt[index] ?? 0));
    expect(refreshedAt.length).toBeGreaterThanOrEqual(9);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000);
  });

  it('settles after the last refresh of steady traffic, so no row that arrived late is missed', () => {
    for (let ms = 0; ms < 3000; ms += 50) {
      clock.news();
      vi.advanceTimersByTime(50);
    }
    vi.advanceTimersByTime(5000);
    const [before = 0, last = 0] = refreshedAt.slice(-2);
    expect(last - before).toBe(400);
  });

  it('says nothing after it was stopped', () => {
    clock.news();
    clock.stop();
    vi.advanceTimersByTime(5000);
    expect(refreshedAt).toEqual([]);
  });
});
