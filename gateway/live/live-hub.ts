/**
 * The live hub (P7: memory bounded by the constants below). Invariants: a call counts in the second it ends; the number of calls in flight
 * is exact even when details are not kept for all of them; a listener's fault never reaches the meter.
 */
import type { InFlightCall, Realtime, ServerFrame } from '../../contract/gateway-api.ts';
import { isSample, type UsageRecord } from '../../contract/usage-record.ts';
import { createPacer, type Pacer } from './batch.ts';
import type { LiveHub } from './hub.ts';
import { createRunningCalls, type RunningCalls } from './running-calls.ts';
import { createSecondsRing, ringSeconds, type SecondsRing } from './seconds-ring.ts';
import { createTodayTotals, nothing, type TodayTotals } from './today.ts';

export const liveLimits = {
  recent: 500, // ended calls kept for the snapshot
  realtimeRecent: 100, // of these in the REST answer
  batch: 250, // calls in one frame; more are counted as dropped
  batchMs: 250, // ≤ 4 frames a second
  missedTicks: 60, // ticks sent late, after the process was stopped for a while
} as const;

export interface LiveHubOptions {
  readonly now?: () => number; // epoch ms
  readonly onListenerError?: (error: unknown) => void;
}

interface Hub {
  readonly now: () => number;
  readonly ring: SecondsRing;
  readonly today: TodayTotals;
  readonly running: RunningCalls;
  readonly recent: UsageRecord[]; // oldest first
  readonly ended: UsageRecord[]; // waiting for the next frame
  readonly begun: Map<string, InFlightCall>; // waiting for the next frame
  dropped: number;
  lastTick: number; // epoch seconds of the newest tick sent
  readonly emit: (frame: ServerFrame) => void;
}

export function startLiveHub(options: LiveHubOptions = {}): LiveHub {
  const listeners = new Set<(frame: ServerFrame) => void>();
  const hub = emptyHub(options.now ?? Date.now, (frame) =>
    listeners.forEach((listener) => guarded(() => listener(frame), options.onListenerError)),
  );
  const pacer = createPacer(liveLimits.batchMs, () => flush(hub));
  const ticker = startTicker(hub);
  return {
    callStarted(call) {
      hub.running.start(call);
      note(hub, pacer, call);
    },
    callProgressed(call) {
      if (hub.running.update(call)) note(hub, pacer, call);
    },
    callEnded: (record) => ended(hub, pacer, record),
    realtime: () => ({ ...summary(hub), ...details(hub) }),
    snapshot: () => snapshot(hub),
    inFlight: () => hub.running.count(),
    oldestStartedMs: () => hub.running.oldestStartedMs(),
    gapOfToday: () => hub.today.gap(hub.now()),
    seedToday: (gap, all, sample = nothing) => hub.today.seed(hub.now(), gap, all, sample),
    notRecorded: (rows) => hub.today.lose(hub.now(), rows),
    forgetSample: () => forgetSample(hub),
    onFrame(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      pacer.stop();
      ticker.stop();
      listeners.clear();
    },
  };
}

const emptyHub = (now: () => number, emit: Hub['emit']): Hub => ({
  now,
  emit,
  ring: createSecondsRing(),
  today: createTodayTotals(now()),
  running: createRunningCalls(),
  recent: [],
  ended: [],
  begun: new Map(),
  dropped: 0,
  lastTick: secondOf(now()) - 1,
});

const secondOf = (ms: number): number => Math.floor(ms / 1000);

function note(hub: Hub, pacer: Pacer, call: InFlightCall): void {
  if (hub.begun.size < liveLimits.batch || hub.begun.has(call.callId)) hub.begun.set(call.callId, call);
  pacer.poke();
}

function ended(hub: Hub, pacer: Pacer, record: UsageRecord): void {
  const nowMs = hub.now();
  hub.running.delete(record.callId);
  hub.begun.delete(record.callId);
  hub.ring.add(secondOf(nowMs), record);
  hub.today.add(nowMs, record);
  hub.recent.push(record);
  if (hub.recent.length > liveLimits.recent) hub.recent.shift();
  hub.ended.push(record);
  if (hub.ended.length > liveLimits.batch) {
    hub.ended.shift();
    hub.dropped += 1;
  }
  pacer.poke();
}

function forgetSample(hub: Hub): void {
  const kept = hub.recent.filter((record) => !isSample(record));
  hub.recent.splice(0, hub.recent.length, ...kept);
  hub.today.forgetSample();
  hub.ring.forgetSample();
  hub.emit(snapshot(hub));
}

function flush(hub: Hub): void {
  const begun = [...hub.begun.values()];
  hub.begun.clear();
  if (begun.length > 0) hub.emit({ type: 'inflight', calls: begun });
  const calls = hub.ended.splice(0);
  const { dropped } = hub;
  hub.dropped = 0;
  if (calls.length > 0) hub.emit({ type: 'calls', calls, dropped });
}

/** What `tick`, `snapshot` and `realtime` share. */
function summary(hub: Hub): Omit<Realtime, 'seconds' | 'recent'> {
  const nowMs = hub.now();
  const end = secondOf(nowMs);
  const minute = hub.ring.totals(end - 60, end + 1);
  return {
    at: new Date(nowMs).toISOString(),
    inFlight: hub.running.count(),
    callsPerSecond: hub.ring.totals(end - 10, end).calls / 10,
    errorRate: minute.generations === 0 ? null : minute.failed / minute.generations,
    today: hub.today.at(nowMs),
  };
}

function details(hub: Hub): Pick<Realtime, 'seconds' | 'recent'> {
  const end = secondOf(hub.now());
  return { seconds: hub.ring.range(end - 60, end), recent: hub.recent.slice(-liveLimits.realtimeRecent).toReversed() };
}

function snapshot(hub: Hub): ReturnType<LiveHub['snapshot']> {
  const realtime = summary(hub);
  const end = secondOf(hub.now());
  return {
    type: 'snapshot',
    at: realtime.at,
    seconds: hub.ring.busy(end - ringSeconds + 1, end + 1),
    recent: hub.recent.toReversed(),
    inFlight: hub.running.list(),
    realtime,
  };
}

/** One tick for each second that ended, aligned to the wall clock; after a stop the missed ones follow, oldest first. */
function startTicker(hub: Hub): { stop(): void } {
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    timer = setTimeout(tick, 1000 - (hub.now() % 1000) + 5);
    timer.unref();
  };
  const tick = (): void => {
    const current = secondOf(hub.now());
    if (current <= hub.lastTick) {
      hub.ring.forgetAfter(current);
      hub.lastTick = current - 1;
    }
    for (let second = Math.max(hub.lastTick + 1, current - liveLimits.missedTicks); second < current; second += 1) {
      const { at, inFlight, callsPerSecond, errorRate, today } = summary(hub);
      hub.emit({ type: 'tick', at, second: hub.ring.at(second), inFlight, callsPerSecond, errorRate, today });
    }
    hub.lastTick = current - 1;
    wait();
  };
  wait();
  return { stop: () => clearTimeout(timer) };
}

function guarded(step: () => void, onError: ((error: unknown) => void) | undefined): void {
  try {
    step();
  } catch (error) {
    onError?.(error);
  }
}
