import { describe, expect, test } from 'vitest';
import type { ServerFrame } from '../../contract/gateway-api.ts';
import { emptyMemory, type LiveMemory, remember } from '../../main/live-state.ts';
import { inFlightCall, usageRecord } from '../helpers/usage-records.ts';
import { hello, snapshot, tick } from './live-feed.ts';

const after = (frames: readonly ServerFrame[], memory: LiveMemory = emptyMemory): LiveMemory =>
  frames.reduce(remember, memory);
const calls = (records: ReturnType<typeof usageRecord>[]): ServerFrame => ({
  type: 'calls',
  calls: records,
  dropped: 0,
});

const inFlight = (callId: string, ttftMs: number | null = null) => inFlightCall({ callId, ttftMs });

describe('what main remembers of the live frames', () => {
  test('is nothing before the first snapshot', () => {
    expect(after([hello, tick('2026-11-23T10:00:01.000Z', 1), calls([usageRecord()])]).snapshot).toBeNull();
  });

  test('is a snapshot that a page opened later can start from', () => {
    const [first, second, third] = [usageRecord(), usageRecord(), usageRecord()];
    const memory = after([snapshot, calls([first, second]), tick('2026-11-23T10:00:01.000Z', 2), calls([third])]);
    expect(memory.snapshot).toMatchObject({
      type: 'snapshot',
      at: '2026-11-23T10:00:01.000Z',
      recent: [third, second, first], // newest first
      seconds: [{ at: '2026-11-23T10:00:01.000Z', calls: 2 }],
      realtime: { inFlight: 1, today: { calls: 5 } },
    });
  });

  test('shows a running call once, with its newest news, and drops it when it ends', () => {
    const record = usageRecord();
    const running = after([
      snapshot,
      { type: 'inflight', calls: [inFlight(record.callId)] },
      { type: 'inflight', calls: [inFlight(record.callId, 40), inFlight('b')] },
    ]);
    expect(running.snapshot?.inFlight.map(({ callId, ttftMs }) => [callId, ttftMs])).toEqual([
      [record.callId, 40],
      ['b', null],
    ]);
    expect(after([calls([record])], running).snapshot?.inFlight.map(({ callId }) => callId)).toEqual(['b']);
  });

  test('is bounded: 500 calls, a quarter of an hour of seconds, none of them empty', () => {
    const many = Array.from({ length: 1200 }, () => calls([usageRecord()]));
    const start = Date.parse('2026-11-23T10:00:00.000Z');
    const seconds = Array.from({ length: 1200 }, (_, index) =>
      tick(new Date(start + index * 1000).toISOString(), index % 2),
    );
    const { snapshot: kept } = after([snapshot, ...many, ...seconds]);
    expect(kept?.recent).toHaveLength(500);
    expect(kept?.seconds.length).toBeGreaterThan(440);
    expect(kept?.seconds.length).toBeLessThanOrEqual(451);
    expect(kept?.seconds.every((second) => second.calls > 0)).toBe(true);
  });

  test('is replaced by the snapshot after a reconnect', () => {
    const memory = after([snapshot, calls([usageRecord()]), { ...snapshot, at: '2026-11-23T11:00:00.000Z' }]);
    expect(memory.snapshot).toEqual({ ...snapshot, at: '2026-11-23T11:00:00.000Z' });
  });
});
