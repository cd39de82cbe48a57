/** The store around the live state: frames in, subscriptions out. One per window, made by the composition root. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ServerFrame } from '../../contract/gateway-api.ts';
import type { Bridge } from '../../contract/ipc.ts';
import { emptyLive, reduceFrame, type LiveState } from './live-state.ts';

export type LiveStore = StoreApi<LiveState>;

export function createLiveStore(): LiveStore {
  return createStore<LiveState>(() => emptyLive);
}

/** Feeds the store from the bridge. Listens first and asks for the snapshot then, so that nothing falls between the two. */
export function startLiveFeed(bridge: Bridge, store: LiveStore, now: () => number = Date.now): { stop: () => void } {
  const take = (frame: ServerFrame): void => store.setState((state) => reduceFrame(state, frame, now()), true);
  const stop = bridge.onTold('live', take);
  void takeSnapshot(bridge, take);
  return { stop };
}

async function takeSnapshot(bridge: Bridge, take: (frame: ServerFrame) => void): Promise<void> {
  const answer = await bridge.ask('liveSnapshot', undefined);
  if (answer.ok && answer.value !== null) take(answer.value);
}
