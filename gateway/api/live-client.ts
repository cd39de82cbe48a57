/**
 * One reader of the live stream. A reader that keeps up gets every frame; one that is behind (its send buffer is full) gets the newest tick,
 * health and alerts when it catches up and the number of calls it missed, and is closed when it stays behind (P7: the buffer is bounded).
 */
import type { WebSocket } from 'ws';
import type { Filter } from '../../contract/analytics.ts';
import { topics, type ClientFrame, type ServerFrame, type Topic } from '../../contract/gateway-api.ts';
import { isEmptyFilter, matches } from '../live/filter.ts';

export interface LiveClientLimits {
  /** Bytes waiting to be sent above which a reader is behind. */
  readonly behindBytes: number;
  /** How long a reader may stay behind. */
  readonly behindMs: number;
}

/** Of these the newest frame says all. */
type LatestOnly = Exclude<Topic, 'calls' | 'inflight'>;
export type TopicFrame = Extract<ServerFrame, { type: Topic }>;

export interface LiveClient {
  readonly socket: WebSocket;
  /** Sends a broadcast frame; `text` is its serialisation, made once for everybody. */
  offer(frame: TopicFrame, text: () => string): void;
  /** Sends a frame meant for this reader alone. */
  send(frame: ServerFrame): void;
  subscribe(frame: Extract<ClientFrame, { type: 'subscribe' }>): void;
  unsubscribe(frame: Extract<ClientFrame, { type: 'unsubscribe' }>): void;
  /** Behind for longer than allowed. */
  isLost(): boolean;
}

interface State {
  readonly socket: WebSocket;
  readonly limits: LiveClientLimits;
  readonly topics: Set<Topic>;
  filter: Filter | null;
  behindSinceMs: number | null;
  missedCalls: number;
  readonly latest: Map<LatestOnly, string>; // what a slow reader gets instead of everything
}

export function createLiveClient(socket: WebSocket, limits: LiveClientLimits): LiveClient {
  const state: State = {
    socket,
    limits,
    topics: new Set(topics),
    filter: null,
    behindSinceMs: null,
    missedCalls: 0,
    latest: new Map(),
  };
  return {
    socket,
    offer: (frame, text) => offer(state, frame, text),
    send: (frame) => socket.send(JSON.stringify(frame)),
    subscribe(frame) {
      frame.topics.forEach((topic) => state.topics.add(topic));
      if (frame.filter !== undefined) state.filter = isEmptyFilter(frame.filter) ? null : frame.filter;
    },
    unsubscribe: (frame) => frame.topics.forEach((topic) => state.topics.delete(topic)),
    isLost: () => {
      updateBehind(state);
      return state.behindSinceMs !== null && performance.now() - state.behindSinceMs > limits.behindMs;
    },
  };
}

function offer(state: State, frame: TopicFrame, text: () => string): void {
  if (!state.topics.has(frame.type)) return;
  if (updateBehind(state)) {
    miss(state, frame, text);
    return;
  }
  catchUp(state);
  const own = narrowed(state, frame);
  if (own === frame) state.socket.send(text());
  else if (own !== null) state.socket.send(JSON.stringify(own));
}

function updateBehind(state: State): boolean {
  const behind = state.socket.bufferedAmount > state.limits.behindBytes;
  if (!behind) state.behindSinceMs = null;
  else state.behindSinceMs ??= performance.now();
  return behind;
}

function miss(state: State, frame: TopicFrame, text: () => string): void {
  if (frame.type === 'calls') state.missedCalls += frame.calls.length + frame.dropped;
  else if (frame.type !== 'inflight') state.latest.set(frame.type, text());
}

function catchUp(state: State): void {
  for (const text of state.latest.values()) state.socket.send(text);
  state.latest.clear();
  if (state.missedCalls === 0) return;
  state.socket.send(JSON.stringify({ type: 'calls', calls: [], dropped: state.missedCalls } satisfies ServerFrame));
  state.missedCalls = 0;
}

/** The frame as the reader's filter leaves it; the same object when nothing is left out, null when nothing is left. */
function narrowed({ filter }: State, frame: TopicFrame): TopicFrame | null {
  if (filter === null || (frame.type !== 'calls' && frame.type !== 'inflight')) return frame;
  const kept =
    frame.type === 'calls'
      ? { ...frame, calls: frame.calls.filter((call) => matches(filter, call)) }
      : { ...frame, calls: frame.calls.filter((call) => matches(filter, call)) };
  if (kept.calls.length === frame.calls.length) return frame;
  return kept.calls.length === 0 && !(kept.type === 'calls' && kept.dropped > 0) ? null : kept;
}
