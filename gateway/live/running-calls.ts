/** Calls in flight: an exact count, and details for as many as memory allows. */
import type { InFlightCall } from '../../contract/gateway-api.ts';

const maxDetails = 2000;
const listed = 500;

export interface RunningCalls {
  start(call: InFlightCall): void;
  /** News of a call that still runs; of any other it is ignored, so a late word cannot bring an ended call back. */
  update(call: InFlightCall): boolean;
  delete(callId: string): void;
  count(): number;
  /** Start of the oldest one, epoch ms; null when none runs. */
  oldestStartedMs(): number | null;
  /** The oldest running calls, at most 500. */
  list(): InFlightCall[];
}

export function createRunningCalls(): RunningCalls {
  const details = new Map<string, InFlightCall>();
  const others = new Map<string, string>(); // their starts only: bounded by the proxy's own open connections
  return {
    start(call) {
      if (details.size < maxDetails) details.set(call.callId, call);
      else others.set(call.callId, call.startedAt);
    },
    update(call) {
      if (!details.has(call.callId)) return others.has(call.callId);
      details.set(call.callId, call);
      return true;
    },
    delete(callId) {
      if (!details.delete(callId)) others.delete(callId);
    },
    count: () => details.size + others.size,
    oldestStartedMs() {
      let oldest: string | null = null;
      const note = (at: string): void => void (oldest = oldest === null || at < oldest ? at : oldest);
      for (const { startedAt } of details.values()) note(startedAt);
      others.forEach(note);
      return oldest === null ? null : Date.parse(oldest);
    },
    list: () => [...details.values()].slice(0, listed),
  };
}
