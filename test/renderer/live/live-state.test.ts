import { describe, expect, it } from 'vitest';
import type { ServerFrame } from '../../../contract/gateway-api.ts';
import {
  emptyLive,
  forgetRows,
  pauseLive,
  reduceFrame,
  resumeLive,
  shownRows,
  type LiveState,
} from '../../../renderer/live/live-state.ts';
import { inFlightOf, recordsBefore } from '../fixture/records.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const records = recordsBefore(now, 60_000, 6);
const calls = (from: number, to: number, dropped = 0): ServerFrame => ({
  type: 'calls',
  calls: records.slice(from, to),
  dropped,
});
const running = (from: number, to: number): ServerFrame => ({
  type: 'inflight',
  calls: records.slice(from, to).map((record) => inFlightOf(record)),
});
const fold = (frames: readonly ServerFrame[], state: LiveState = emptyLive): LiveState =>
  frames.reduce((folded, frame) => reduceFrame(folded, frame, now), state);
const realtime = {
  at: new Date(now).toISOString(),
  inFlight: 1,
  callsPerSecond: 2.5,
  errorRate: 0.1,
  today: { calls: 9, costUsd: 0.4, unpricedCalls: 1, notRecorded: 0, since: null },
};
const snapshot: ServerFrame = {
  type: 'snapshot',
  at: realtime.at,
  seconds: [],
  recent: records.slice(0, 3).toReversed(),
  inFlight: [],
  realtime,
};

describe('reduceFrame', () => {
  it('shows a call running first and with its final numbers when it ends, in the same place', () => {
    const state = fold([running(0, 2), calls(1, 2)]);
    expect(state.rows.map((row) => [row.call.callId, row.kind])).toEqual([
      [records[0]?.callId, 'running'],
      [records[1]?.callId, 'ended'],
    ]);
  });

  it('takes figures from snapshots and ticks', () => {
    const state = fold([snapshot]);
    expect([state.inFlight, state.callsPerSecond, state.today?.calls]).toEqual([1, 2.5, 9]);
    const second = {
      at: new Date(now - 1000).toISOString(),
      calls: 3,
      failed: 1,
      inputTokens: 1,
      outputTokens: 1,
      costUsd: null,
    };
    const later = fold([{ type: 'tick', second, ...realtime, inFlight: 4 }], state);
    expect([later.inFlight, later.seconds]).toEqual([4, [second]]);
  });

  it('forgets calls that a restarted gateway does not know', () => {
    const state = fold([running(4, 6), snapshot]);
    expect(state.rows.every((row) => row.kind === 'ended')).toBe(true);
    expect(state.rows).toHaveLength(3);
  });

  it('counts calls the gateway left out as ended and as dropped', () => {
    const state = fold([calls(0, 2, 40)]);
    expect([state.endedCalls, state.dropped]).toEqual([42, 40]);
  });

  it('does not count calls again that a snapshot after a reconnect repeats', () => {
    expect(fold([calls(0, 3), snapshot]).endedCalls).toBe(3);
  });
});

describe('pause', () => {
  it('freezes what is shown, counts what comes, and resumes with all of it in order', () => {
    const paused = fold([running(1, 3), calls(2, 4)], pauseLive(fold([calls(0, 1)]), now));
    expect(shownRows(paused).map((row) => row.call.callId)).toEqual([records[0]?.callId]);
    expect(paused.pause?.newRows).toBe(3);
    const resumed = resumeLive(paused);
    expect(shownRows(resumed).map((row) => row.call.callId)).toEqual(
      records.slice(0, 4).map((record) => record.callId),
    );
  });

  it('keeps its first moment when asked twice', () => {
    const paused = pauseLive(emptyLive, now);
    expect(pauseLive(paused, now + 5000)).toBe(paused);
    expect(resumeLive(emptyLive)).toBe(emptyLive);
  });
});

it('forgets chosen rows everywhere, also in the frozen list', () => {
  const paused = pauseLive(fold([calls(0, 4)]), now);
  const left = forgetRows(paused, (row) => row.call.callId !== records[2]?.callId);
  expect([left.rows.length, shownRows(left).length]).toEqual([3, 3]);
});
