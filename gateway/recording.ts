/**
 * The switch that pauses recording: calls go on passing and leave no row behind. It lives in memory, so a gateway that starts records: a
 * forgotten pause must not outlast a restart. A call belongs to the state at its beginning; those that run when the pause begins are kept.
 */
import type { RecordingState } from '../contract/gateway-api.ts';
import type { ExchangeObserver, OpenExchange } from './proxy/exchange.ts';
import type { Log } from './log.ts';

export interface Recording {
  state(): RecordingState;
  set(paused: boolean): RecordingState;
  /** The meter behind the switch. */
  through(meter: OpenExchange): OpenExchange;
}

const running: RecordingState = { paused: false, since: null, passedCalls: 0 };

export function createRecording(log: Log, now: () => Date = () => new Date()): Recording {
  let state = running;
  return {
    state: () => state,
    set(paused) {
      if (paused === state.paused) return state;
      log.warn({ passedCalls: state.passedCalls }, paused ? 'RecordingPaused' : 'RecordingResumed');
      state = paused ? { paused, since: now().toISOString(), passedCalls: 0 } : running;
      return state;
    },
    through: (meter) => (head) => {
      if (!state.paused) return meter(head);
      state = { ...state, passedCalls: state.passedCalls + 1 };
      return unrecorded;
    },
  };
}

const unrecorded: ExchangeObserver = {
  requestBody: () => undefined,
  responseHead: () => undefined,
  responseBody: () => undefined,
  end: () => Promise.resolve(),
};
