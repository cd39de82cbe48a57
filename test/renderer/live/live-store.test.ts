import { describe, expect, it } from 'vitest';
import type { ServerFrame } from '../../../contract/gateway-api.ts';
import type { Bridge } from '../../../contract/ipc.ts';
import { createTellers } from '../../../renderer/bridge/tellers.ts';
import { createLiveStore, startLiveFeed } from '../../../renderer/live/live-store.ts';
import { generateRows } from '../../helpers/generated-rows.ts';

const calls = generateRows({ count: 6, seed: 2, fromMs: 1.7e12, toMs: 1.7e12 + 1_000 });
const ended = (...indices: readonly number[]): ServerFrame => ({
  type: 'calls',
  calls: calls.filter((_, index) => indices.includes(index)),
  dropped: 0,
});

function scene() {
  const tellers = createTellers();
  const bridge: Bridge = {
    ask: async () => ({ ok: false, code: 'internal', message: 'No snapshot here' }),
    onTold: tellers.onTold,
  };
  const store = createLiveStore();
  let paint: (() => void) | null = null;
  const schedule = (work: () => void) => {
    paint = work;
    return () => (paint = null);
  };
  const feed = startLiveFeed(bridge, store, { now: () => 1.7e12, schedule });
  let changes = 0;
  store.subscribe(() => (changes += 1));
  return { tell: tellers.tell, store, feed, paint: () => paint?.(), changes: () => changes };
}

describe('frames that come before the same paint', () => {
  it('are one change of the state, in their order', () => {
    const { tell, store, paint, changes } = scene();
    for (let index = 0; index < calls.length; index += 1) tell('live', ended(index));
    expect([changes(), store.getState().rows]).toEqual([0, []]);
    paint();
    expect([changes(), store.getState().rows.length, store.getState().endedCalls]).toEqual([1, 6, 6]);
    tell('live', ended(0));
    paint();
    expect([changes(), store.getState().rows.length]).toEqual([2, 6]);
  });

  it('are left alone when the window goes away', () => {
    const { tell, store, feed, paint, changes } = scene();
    tell('live', ended(1, 2));
    feed.stop();
    paint();
    tell('live', ended(3));
    paint();
    expect([changes(), store.getState().rows]).toEqual([0, []]);
  });
});
