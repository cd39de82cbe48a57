import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSilenceWatch } from '../../../../gateway/proxy/upstream/silence-watch.ts';
import type { Watched } from '../../../../gateway/proxy/upstream/silence-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched(allowedMs: number): Watched & { calls: number } {
  return {
    silentSteps: 0,
    allowedMs,
    calls: 0,
    silent() {
      this.calls += 1;
    },
  };
}

test('silence is told after what is allowed, at most two steps later, never earlier', () => {
  const watch = createSilenceWatch(800); // steps of 100 ms
  const connection = watched(800);
  watch.add(connection);
  vi.advanceTimersByTime(800);
  expect(connection.calls).toBe(0);
  vi.advanceTimersByTime(200);
  expect(connection.calls).toBeGreaterThan(0);
});

test('a sign of life starts the silence anew', () => {
  const watch = createSilenceWatch(800);
  const connection = watched(800);
  watch.add(connection);
  for (let beat = 0; beat < 10; beat += 1) {
    vi.advanceTimersByTime(500);
    connection.silentSteps = 0;
  }
  expect(connection.calls).toBe(0);
});

test('no limit means no time-out', () => {
  const watch = createSilenceWatch(800);
  const connection = watched(Number.POSITIVE_INFINITY);
  watch.add(connection);
  vi.advanceTimersByTime(3_600_000);
  expect(connection.calls).toBe(0);
});

test('with nothing to watch no timer runs', () => {
  const watch = createSilenceWatch(800);
  const connection = watched(800);
  watch.add(connection);
  expect(vi.getTimerCount()).toBe(1);
  watch.remove(connection);
  expect(vi.getTimerCount()).toBe(0);
});
