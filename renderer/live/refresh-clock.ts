/**
 * When to ask the analytics questions again while calls end. Invariants: never two refreshes closer than `everyMs`, except one that settles
 * a burst: a row reaches the warehouse a moment after the call ended, so the last refresh of a burst comes when it surely has.
 */
export interface RefreshTiming {
  readonly firstMs: number; // after the first news
  readonly settleMs: number; // after a refresh, when nothing else came
  readonly everyMs: number; // spacing under steady traffic
}

export interface RefreshClock {
  news(): void;
  stop(): void;
}

export function createRefreshClock(refresh: () => void, timing: RefreshTiming): RefreshClock {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastAtMs = Number.NEGATIVE_INFINITY;
  let due: 'nothing' | 'refresh' | 'settle' = 'nothing';

  function schedule(what: 'refresh' | 'settle', inMs: number): void {
    clearTimeout(timer);
    due = what;
    timer = setTimeout(fire, inMs);
  }

  function fire(): void {
    const settles = due === 'settle';
    due = 'nothing';
    lastAtMs = performance.now();
    refresh();
    if (!settles) schedule('settle', timing.settleMs);
  }

  return {
    news() {
      if (due === 'refresh') return;
      schedule('refresh', Math.max(timing.firstMs, lastAtMs + timing.everyMs - performance.now()));
    },
    stop() {
      clearTimeout(timer);
      due = 'nothing';
    },
  };
}
