/**
 * What is happening now, folded from frames. Pure: the store and the clock are outside. Pausing freezes what is shown and nothing else:
 * frames keep arriving, `newWhilePaused` counts them, and resuming shows them in their order.
 */
import { assertNever } from '../../contract/errors.ts';
import type { Health, Realtime, RecordingState, Second, ServerFrame } from '../../contract/gateway-api.ts';
import type { AlertsState } from '../../contract/thresholds.ts';
import { putSeconds } from './seconds.ts';
import { dropForgotten, endedRow, putRows, runningRow, type TailChange, type TailRow } from './tail.ts';

export interface Pause {
  readonly atMs: number;
  readonly rows: readonly TailRow[];
  readonly newRows: number;
}

export interface LiveState {
  readonly rows: readonly TailRow[];
  readonly older: readonly TailRow[]; // matching calls from before the tail, asked for by the live screen
  readonly seconds: readonly Second[];
  readonly inFlight: number;
  readonly callsPerSecond: number;
  readonly errorRate: number | null;
  readonly today: Realtime['today'] | null;
  readonly health: Health | null;
  readonly alerts: AlertsState | null; // null until the gateway has told of them
  readonly dropped: number; // calls the gateway left out of frames since this page opened
  readonly endedCalls: number; // grows with every ended call: the signal that analytics answers changed
  readonly pause: Pause | null;
}

export const emptyLive: LiveState = {
  rows: [],
  older: [],
  seconds: [],
  inFlight: 0,
  callsPerSecond: 0,
  errorRate: null,
  today: null,
  health: null,
  alerts: null,
  dropped: 0,
  endedCalls: 0,
  pause: null,
};

export function reduceFrame(state: LiveState, frame: ServerFrame, nowMs: number): LiveState {
  switch (frame.type) {
    case 'snapshot':
      return reduceSnapshot(state, frame, nowMs);
    case 'tick':
      return reduceTick(state, frame, nowMs);
    case 'calls':
      return reduceCalls(state, frame);
    case 'inflight':
      return withTail(state, putRows(state.rows, frame.calls.map(runningRow)));
    case 'health':
      return { ...state, health: frame.health };
    case 'alerts':
      return { ...state, alerts: frame.state };
    case 'hello':
    case 'pong':
    case 'error':
      return state;
    default:
      return assertNever(frame);
  }
}

type Frame<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;

function reduceSnapshot(state: LiveState, frame: Frame<'snapshot'>, nowMs: number): LiveState {
  const ended = putRows(state.rows, frame.recent.map(endedRow));
  const running = putRows(dropForgotten(ended.rows, frame.inFlight), frame.inFlight.map(runningRow));
  const { inFlight, callsPerSecond, errorRate, today } = frame.realtime;
  return {
    ...withTail(state, { rows: running.rows, added: ended.added + running.added }),
    seconds: putSeconds(state.seconds, frame.seconds, nowMs),
    inFlight,
    callsPerSecond,
    errorRate,
    today,
    endedCalls: state.endedCalls + ended.added,
  };
}

function reduceTick(state: LiveState, frame: Frame<'tick'>, nowMs: number): LiveState {
  const { inFlight, callsPerSecond, errorRate, today } = frame;
  const seconds = putSeconds(state.seconds, [frame.second], nowMs);
  return { ...state, seconds, inFlight, callsPerSecond, errorRate, today };
}

function reduceCalls(state: LiveState, frame: Frame<'calls'>): LiveState {
  return {
    ...withTail(state, putRows(state.rows, frame.calls.map(endedRow))),
    dropped: state.dropped + frame.dropped,
    endedCalls: state.endedCalls + frame.calls.length + frame.dropped,
  };
}

function withTail(state: LiveState, change: TailChange): LiveState {
  const pause = state.pause === null ? null : { ...state.pause, newRows: state.pause.newRows + change.added };
  return { ...state, rows: change.rows, pause };
}

export function pauseLive(state: LiveState, nowMs: number): LiveState {
  return state.pause === null ? { ...state, pause: { atMs: nowMs, rows: state.rows, newRows: 0 } } : state;
}

export function resumeLive(state: LiveState): LiveState {
  return state.pause === null ? state : { ...state, pause: null };
}

/** The switch that pauses recording was turned; without health there is nothing to show it in yet. */
export function withRecording(state: LiveState, recording: RecordingState): LiveState {
  return state.health === null ? state : { ...state, health: { ...state.health, recording } };
}

/** Forgets rows, for example after the sample rows were removed. */
export function forgetRows(state: LiveState, keep: (row: TailRow) => boolean): LiveState {
  const pause = state.pause === null ? null : { ...state.pause, rows: state.pause.rows.filter(keep) };
  return { ...state, rows: state.rows.filter(keep), older: state.older.filter(keep), pause };
}

/** The rows to show: frozen while paused. */
export function shownRows(state: Pick<LiveState, 'rows' | 'pause'>): readonly TailRow[] {
  return state.pause === null ? state.rows : state.pause.rows;
}
