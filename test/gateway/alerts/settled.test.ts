import { beforeEach, expect, it } from 'vitest';
import { createSettled } from '../../../gateway/alerts/settled.ts';

let state: {
  now: number;
  oldest: number | null;
  waiting: number;
  lastSeq: number;
  delivered: number | null;
};
let settled: () => number | null;
beforeEach(() => {
  state = { now: 1_000, oldest: null, waiting: 0, lastSeq: 5, delivered: 5 };
  settled = createSettled({
    now: () => state.now,
    oldestStartedMs: () => state.oldest,
    waitingRows: () => state.waiting,
    lastSeq: () => state.lastSeq,
    deliveredSeq: () => state.delivered,
  });
});

it('is known once every row of an earlier look is delivered', () => {
  expect(settled()).toBeNull();
  state.now = 2_000;
  expect(settled()).toBe(1_000);
  state.now = 3_000;
  expect(settled()).toBe(2_000);
});

it('goes no further than the start of the oldest running call', () => {
  state.oldest = 400;
  settled();
  expect(settled()).toBe(400);
  state.oldest = null;
  settled();
  state.now = 9_000;
  expect(settled()).toBeGreaterThan(400);
});

it.each([
  ['rows wait for delivery', { delivered: 4 }],
  ['the warehouse says nothing', { delivered: null }],
  ['ended calls wait for the journal', { waiting: 1 }],
])('is not known while %s', (_, change) => {
  Object.assign(state, change);
  settled();
  expect(settled()).toBeNull();
});

it('comes forward under traffic that never stops', () => {
  for (let second = 0; second < 10; second += 1) {
    state.now += 1_000;
    state.lastSeq += 500;
    state.delivered = state.lastSeq - 250;
    settled();
  }
  expect(state.now - (settled() ?? 0)).toBeLessThanOrEqual(3_000);
});
