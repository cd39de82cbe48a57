import type { Health, ServerFrame } from '../contract/gateway-api.ts';

export type Snapshot = Extract<ServerFrame, { type: 'snapshot' }>;
export type Today = Snapshot['realtime']['today'];

/** What main itself remembers of the live frames: a snapshot kept up to date for pages that open later, and the newest health. */
export interface LiveMemory {
  readonly snapshot: Snapshot | null;
  readonly health: Health | null;
}

export const emptyMemory: LiveMemory = { snapshot: null, health: null };

const keptCalls = 500;
const keptMs = 15 * 60_000;

/** The memory after one more frame. Pure; bounded by 500 calls and 15 minutes. */
export function remember(memory: LiveMemory, frame: ServerFrame): LiveMemory {
  if (frame.type === 'snapshot') return { ...memory, snapshot: frame };
  if (frame.type === 'health') return { ...memory, health: frame.health };
  if (memory.snapshot === null) return memory;
  return { ...memory, snapshot: advance(memory.snapshot, frame) };
}

function advance(snapshot: Snapshot, frame: ServerFrame): Snapshot {
  switch (frame.type) {
    case 'tick': {
      const { second, inFlight, callsPerSecond, errorRate, today, at } = frame;
      const oldest = Date.parse(at) - keptMs;
      const kept = snapshot.seconds.filter((each) => Date.parse(each.at) >= oldest && each.at !== second.at);
      const seconds = second.calls > 0 ? [...kept, second] : kept;
      return { ...snapshot, at, seconds, realtime: { at, inFlight, callsPerSecond, errorRate, today } };
    }
    case 'calls': {
      const ended = new Set(frame.calls.map((call) => call.callId));
      const recent = [...frame.calls.toReversed(), ...snapshot.recent].slice(0, keptCalls);
      return { ...snapshot, recent, inFlight: snapshot.inFlight.filter((call) => !ended.has(call.callId)) };
    }
    case 'inflight': {
      const news = new Set(frame.calls.map((call) => call.callId));
      return { ...snapshot, inFlight: [...snapshot.inFlight.filter((call) => !news.has(call.callId)), ...frame.calls] };
    }
    default:
      return snapshot;
  }
}
