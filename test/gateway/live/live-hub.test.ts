import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Realtime, ServerFrame } from '../../../contract/gateway-api.ts';
import type { LiveHub } from '../../../gateway/live/hub.ts';
import { liveLimits, startLiveHub } from '../../../gateway/live/live-hub.ts';
import { inFlightCall, usageRecord } from '../../helpers/usage-records.ts';

const start = new Date(2026, 5, 10, 12, 0, 0, 0).getTime();
let hub: LiveHub;
let frames: ServerFrame[];

function gapOfToday() {
  const gap = hub.gapOfToday();
  if (gap === null) throw new Error('Today has no gap');
  return gap;
}

beforeEach(() => {
  vi.useFakeTimers({ now: start, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  hub = startLiveHub();
  frames = [];
  hub.onFrame((frame) => frames.push(ServerFrame.parse(frame)));
});
afterEach(() => {
  hub.stop();
  vi.useRealTimers();
});

const framesOf = <T extends ServerFrame['type']>(type: T) =>
  frames.filter((frame): frame is Extract<ServerFrame, { type: T }> => frame.type === type);
const advance = (ms: number): void => void vi.advanceTimersByTime(ms);

describe('ticks', () => {
  it('come once a second, aligned to the clock, each with the second that just ended', () => {
    advance(400);
    hub.callEnded(usageRecord({ inputTokens: 7, outputTokens: 3, costUsd: 0.25 }));
    hub.callEnded(
      usageRecord({ outcome: 'rate_limited', statusCode: 429, costUsd: null, inputTokens: null, outputTokens: null }),
    );
    advance(3000);
    const ticks = framesOf('tick');
    expect(ticks.map(({ second }) => second.at)).toEqual(
      [0, 1, 2].map((offset) => new Date(start + offset * 1000).toISOString()),
    );
    expect(ticks[0]?.second).toMatchObject({ calls: 2, failed: 1, inputTokens: 7, outputTokens: 3, costUsd: 0.25 });
    expect(ticks[1]?.second).toMatchObject({ calls: 0, failed: 0, costUsd: null });
    expect(ticks[2]).toMatchObject({ errorRate: 0.5, callsPerSecond: 0.2 });
  });

  it('that were missed while the process stood still follow, oldest first and bounded', () => {
    advance(1010);
    vi.setSystemTime(Date.now() + 10_000);
    advance(1000);
    const seconds = framesOf('tick').map(({ second }) => Date.parse(second.at));
    expect(seconds).toHaveLength(12);
    expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
    vi.setSystemTime(Date.now() + 86_400_000);
    advance(1000);
    expect(framesOf('tick').length).toBeLessThanOrEqual(12 + liveLimits.missedTicks);
  });

  it('go on after the clock was set back, without seconds of a time that has not come', () => {
    hub.callEnded(usageRecord());
    advance(2000);
    vi.setSystemTime(start - 3_600_000);
    advance(2000);
    const before = framesOf('tick').length;
    advance(1000);
    expect(framesOf('tick').length).toBe(before + 1);
    expect(hub.snapshot().seconds).toEqual([]);
  });
});

describe('batches', () => {
  it('send a single call at once and then at most four frames a second', () => {
    hub.callEnded(usageRecord());
    advance(1);
    expect(framesOf('calls')).toHaveLength(1);
    for (let step = 0; step < 100; step += 1) {
      hub.callEnded(usageRecord());
      advance(10);
    }
    const calls = framesOf('calls');
    expect(calls.length).toBeGreaterThanOrEqual(4);
    expect(calls.length).toBeLessThanOrEqual(6);
    advance(300);
    expect(framesOf('calls').flatMap((frame) => frame.calls)).toHaveLength(101);
  });

  it('leave calls out of a frame that would be too large and say how many', () => {
    for (let index = 0; index < 1000; index += 1) hub.callEnded(usageRecord());
    advance(1);
    const [frame] = framesOf('calls');
    expect(frame?.calls).toHaveLength(liveLimits.batch);
    expect(frame?.dropped).toBe(1000 - liveLimits.batch);
  });

  it('tell of a call that began, of its first token, and not again once it has ended', () => {
    const call = inFlightCall();
    hub.callStarted(call);
    advance(1);
    hub.callProgressed({ ...call, ttftMs: 42 });
    advance(250);
    expect(framesOf('inflight').map((frame) => frame.calls[0]?.ttftMs)).toEqual([90, 42]);
    const short = inFlightCall();
    hub.callStarted(short);
    hub.callEnded(usageRecord({ callId: short.callId }));
    advance(250);
    expect(framesOf('inflight').flatMap((frame) => frame.calls.map(({ callId }) => callId))).not.toContain(
      short.callId,
    );
  });
});

describe('calls in flight', () => {
  it('are counted exactly, however many', () => {
    const calls = Array.from({ length: 3000 }, () => inFlightCall());
    calls.forEach((call) => hub.callStarted(call));
    expect(hub.inFlight()).toBe(3000);
    expect(hub.snapshot().inFlight.length).toBe(500);
    calls.forEach(({ callId }) => hub.callEnded(usageRecord({ callId })));
    expect(hub.inFlight()).toBe(0);
  });

  it('do not come back by late news of an ended call', () => {
    const call = inFlightCall();
    hub.callStarted(call);
    hub.callEnded(usageRecord({ callId: call.callId }));
    hub.callProgressed(call);
    expect(hub.inFlight()).toBe(0);
  });
});

describe('what is remembered', () => {
  it('is the last 15 minutes and the newest 500 calls, newest first', () => {
    hub.callEnded(usageRecord());
    advance(16 * 60_000);
    for (let index = 0; index < 600; index += 1) hub.callEnded(usageRecord({ requestBytes: index }));
    const snapshot = ServerFrame.parse(hub.snapshot());
    if (snapshot.type !== 'snapshot') throw new Error('not a snapshot');
    expect(snapshot.recent).toHaveLength(500);
    expect(snapshot.recent[0]?.requestBytes).toBe(599);
    expect(snapshot.seconds).toHaveLength(1);
    expect(snapshot.seconds[0]?.calls).toBe(600);
  });

  it('answers realtime with 60 whole seconds, empty ones included', () => {
    hub.callEnded(usageRecord());
    advance(1500);
    const realtime = Realtime.parse(hub.realtime());
    expect(realtime.seconds).toHaveLength(60);
    expect(realtime.seconds.at(-1)?.calls).toBe(1);
    expect(realtime.recent).toHaveLength(1);
    expect(realtime.errorRate).toBe(0);
  });

  it('counts a call that is no generation without tokens and outside the error rate', () => {
    hub.callEnded(usageRecord({ surface: 'countTokens', outcome: 'client_error', statusCode: 400, inputTokens: 99 }));
    advance(1500);
    expect(hub.realtime().errorRate).toBeNull();
    expect(hub.realtime().seconds.at(-1)).toMatchObject({ calls: 1, failed: 0, inputTokens: 0 });
  });
});

describe('today', () => {
  const before = { calls: 10, costUsd: 1.5, unpricedCalls: 1 };
  const none = { calls: 0, costUsd: null, unpricedCalls: 0 };
  const midnight = new Date(2026, 5, 10).getTime();
  const iso = (ms: number) => new Date(ms).toISOString();

  it('counts since the start until what happened before is added, and begins anew at local midnight', () => {
    const gap = gapOfToday();
    expect(gap).toEqual({ fromMs: midnight, toMs: start });
    hub.callEnded(usageRecord({ costUsd: 0.1 }));
    expect(hub.realtime().today).toEqual({
      calls: 1,
      costUsd: 0.1,
      unpricedCalls: 0,
      notRecorded: 0,
      since: iso(start),
    });
    hub.seedToday(gap, before);
    hub.callEnded(usageRecord({ costUsd: null }));
    expect(hub.realtime().today).toEqual({ calls: 12, costUsd: 1.6, unpricedCalls: 2, notRecorded: 0, since: null });
    expect(hub.gapOfToday()).toBeNull();
    vi.setSystemTime(new Date(2026, 5, 11, 0, 0, 1).getTime());
    expect(hub.realtime().today).toEqual({ ...none, notRecorded: 0, since: null });
    hub.seedToday(gap, before);
    expect(hub.realtime().today.calls).toBe(0);
  });

  it('is not added to twice', () => {
    const gap = gapOfToday();
    hub.seedToday(gap, before);
    hub.seedToday(gap, before);
    expect(hub.realtime().today.calls).toBe(10);
  });

  it.each([
    ['two days ahead', 2],
    ['a month ahead', 30],
    ['back to the day before', -1],
  ])('a clock that jumps %s leaves a gap until it is filled', (_, days) => {
    hub.seedToday(gapOfToday(), before);
    const jumpedMs = new Date(2026, 5, 10 + days, 9, 30).getTime();
    vi.setSystemTime(jumpedMs);
    expect(hub.realtime().today).toEqual({ ...none, notRecorded: 0, since: iso(jumpedMs) });
    hub.seedToday(gapOfToday(), before);
    expect(hub.realtime().today).toEqual({ ...before, notRecorded: 0, since: null });
  });
});

it('forgets sample traffic: its calls leave the list and the totals of today, and everybody gets a new snapshot', () => {
  const tags = { aism: 'sample' };
  hub.seedToday(
    gapOfToday(),
    { calls: 10, costUsd: 1.5, unpricedCalls: 2 },
    { calls: 4, costUsd: 0.5, unpricedCalls: 2 },
  );
  hub.callEnded(usageRecord({ costUsd: 0.25, tags }));
  hub.callEnded(usageRecord({ costUsd: 0.125 }));
  expect(hub.realtime().today).toMatchObject({ calls: 12, costUsd: 1.875, unpricedCalls: 2 });
  hub.forgetSample();
  expect(hub.realtime().today).toMatchObject({ calls: 7, costUsd: 1.125, unpricedCalls: 0 });
  expect(hub.snapshot().recent).toHaveLength(1);
  expect(hub.snapshot().seconds.reduce((sum, { calls }) => sum + calls, 0)).toBe(1);
  expect(framesOf('snapshot')).toHaveLength(1);
});

it('a listener that throws stops neither the others nor the meter', () => {
  const failures: unknown[] = [];
  const own = startLiveHub({ onListenerError: (error) => failures.push(error) });
  const seen: string[] = [];
  own.onFrame(() => {
    throw new Error('listener');
  });
  own.onFrame((frame) => seen.push(frame.type));
  own.callEnded(usageRecord());
  advance(1);
  expect(seen).toEqual(['calls']);
  expect(failures).toHaveLength(1);
  own.stop();
});
