/** Connects live news to the analytics answers: ended calls and a regained connection make them ask again, unless paused or hidden. */
import type { QueryClient } from '@tanstack/react-query';
import { createRefreshClock, type RefreshTiming } from '../live/refresh-clock.ts';
import type { LiveState } from '../live/live-state.ts';
import type { LiveStore } from '../live/live-store.ts';
import type { ShellStore } from '../shell/shell-store.ts';
import type { Pace } from './use-question.ts';

/** A tile follows a call within a second: up to 250 ms until the frame, 700 ms here, the rest for the answer. */
const timings: Readonly<Record<Pace, RefreshTiming>> = {
  tiles: { firstMs: 120, settleMs: 450, everyMs: 700 },
  panels: { firstMs: 300, settleMs: 1500, everyMs: 2500 },
};

const deliveredSeq = ({ health }: LiveState): number | null => health?.checks.warehouse.deliveredSeq ?? null;

export interface LiveRefreshDeps {
  readonly client: QueryClient;
  readonly live: LiveStore;
  readonly shell: ShellStore;
  readonly hidden: () => boolean;
}

export function startLiveRefresh({ client, live, shell, hidden }: LiveRefreshDeps): { stop: () => void } {
  // A question still under way is not asked twice: its answer is followed by the settling refresh.
  const refresh =
    (...paces: readonly Pace[]) =>
    (): void => {
      for (const pace of paces) void client.invalidateQueries({ queryKey: [pace] }, { cancelRefetch: false });
    };
  // The panels take the tiles along: on a busy machine a row may reach the warehouse after the tiles have settled, and both must agree.
  const clocks = [
    createRefreshClock(refresh('tiles'), timings.tiles),
    createRefreshClock(refresh('tiles', 'panels'), timings.panels),
  ];
  const news = (): void => clocks.forEach((clock) => clock.news());

  const stopLive = live.subscribe((state, before) => {
    if (state.pause !== null || hidden()) return;
    const arrived = deliveredSeq(state) !== deliveredSeq(before); // a row may reach the warehouse long after its call was told
    if (state.endedCalls !== before.endedCalls || before.pause !== null || arrived) news();
  });
  const stopShell = shell.subscribe((state, before) => {
    if (state.status?.live === 'connected' && before.status?.live !== 'connected') void client.invalidateQueries();
  });
  return {
    stop: () => {
      stopLive();
      stopShell();
      clocks.forEach((clock) => clock.stop());
    },
  };
}
