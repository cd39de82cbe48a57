/** Half an hour of 500 calls a second through the reducer: what is kept must not grow (the mounted tail: test/e2e/live-load.e2e.ts). */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { InFlightCall, ServerFrame } from '../../../contract/gateway-api.ts';
import { emptyLive, reduceFrame, type LiveState } from '../../../renderer/live/live-state.ts';
import { liveWindowMs } from '../../../renderer/live/seconds.ts';
import { tailLimit } from '../../../renderer/live/tail.ts';
import { generateRows } from '../../helpers/generated-rows.ts';

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');
function heapMb(): number {
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

const fromMs = Date.parse('2026-11-01T00:00:00Z');
const callsPerFrame = 125; // four frames a second
const templates = generateRows({ count: callsPerFrame, seed: 4, fromMs, toMs: fromMs + 1_000 });
const today = { calls: 1, costUsd: 0.1, unpricedCalls: 0, notRecorded: 0, since: null };

function secondOf(state: LiveState, second: number): LiveState {
  const atMs = fromMs + second * 1_000;
  const take = (before: LiveState, frame: ServerFrame): LiveState => reduceFrame(before, frame, atMs);
  let next = state;
  for (let part = 0; part < 4; part += 1) {
    const startedAt = new Date(atMs + part * 250).toISOString();
    const calls = templates.map((row, index) => ({ ...row, startedAt, callId: `${startedAt} ${index}` }));
    const running = calls.map((call): InFlightCall => ({ ...call, ttftMs: null }));
    next = take(next, { type: 'inflight', calls: running });
    next = take(next, { type: 'calls', calls, dropped: 0 });
  }
  const at = new Date(atMs).toISOString();
  const sums = { calls: 500, failed: 2, inputTokens: 9_000, outputTokens: 4_000, costUsd: 0.1 };
  const rates = { inFlight: 125, callsPerSecond: 500, errorRate: 0 };
  return take(next, { type: 'tick', at, second: { at, ...sums }, today, ...rates });
}

it('the heap is as large after half an hour of traffic as when the tail was first full', { timeout: 120_000 }, () => {
  let state = emptyLive;
  const secondsToFill = liveWindowMs / 1_000; // the tail is full after 20 s, the histogram after a quarter of an hour
  for (let second = 0; second < secondsToFill; second += 1) state = secondOf(state, second);
  const before = heapMb();
  for (let second = secondsToFill; second < secondsToFill + 1_800; second += 1) state = secondOf(state, second);
  const grownMb = heapMb() - before;
  expect(state.rows).toHaveLength(tailLimit);
  expect(state.endedCalls).toBe((secondsToFill + 1_800) * 500);
  expect(state.seconds.length).toBeLessThanOrEqual(liveWindowMs / 1_000 + 1);
  expect(grownMb).toBeLessThan(3); // a tail weighs about 10 MB: nothing of the ninety that passed is still there
});
