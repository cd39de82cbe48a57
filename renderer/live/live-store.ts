/** The store around the live state: frames in, subscriptions out. One per window, made by the composition root. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ServerFrame } from '../../contract/gateway-api.ts';
import type { Bridge } from '../../contract/ipc.ts';
import { beforePaint, type Schedule } from './before-paint.ts';
import { emptyLive, reduceFrame, type LiveState } from './live-state.ts';

export type LiveStore = StoreApi<LiveState>;

export function createLiveStore(): LiveStore {
  return createStore<LiveState>(() => emptyLive);
}

export interface FeedClock {
  readonly now: () => number;
  readonly schedule: Schedule;
}

const realClock: FeedClock = { now: Date.now, schedule: beforePaint };

/**
 * Feeds the store from the bridge. Listens first and asks for the snapshot then, so that nothing falls between the two. Frames that come
 * before the same paint are one change of the state: the gateway tells of begun and of ended calls one after the other, and under load each
 * change redraws the tail.
 */
export function startLiveFeed(bridge: Bridge, store: LiveStore, clock: FeedClock = realClock): { stop: () => void } {
  let waiting: ServerFrame[] = [];
  let cancel: (() => void) | null = null;
  const flush = (): void => {
    const frames = waiting;
    waiting = [];
    cancel = null;
    store.setState((state) => frames.reduce((next, frame) => reduceFrame(next, frame, clock.now()), state), true);
  };
  const take = (frame: ServerFrame): void => {
    waiting.push(frame);
    cancel ??= clock.schedule(flush);
  };
  const stopListening = bridge.onTold('live', take);
  void takeSnapshot(bridge, take);
  const stop = (): void => {
    stopListening();
    cancel?.();
  };
  return { stop };
}

async function takeSnapshot(bridge: Bridge, take: (frame: ServerFrame) => void): Promise<void> {
  const answer = await bridge.ask('liveSnapshot', undefined);
  if (answer.ok && answer.value !== null) take(answer.value);
}
