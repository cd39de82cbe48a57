/**
 * When what waits leaves. A destination that costs money for every minute it is awake gets few, larger deliveries: at so many rows, so many
 * bytes, or so long after the first waiting row began. Without a pace rows leave as soon as they are there. Pure but for its clock.
 */
import type { BacklogSize } from './backlog.ts';

export interface Pace {
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly intervalMs: number;
}

export interface Pacer {
  /** How long what waits may go on waiting: 0 = it leaves now. */
  dueInMs(waiting: BacklogSize): number;
  /** Everything left, or nothing waits: the next interval is counted anew. */
  emptied(): void;
}

export interface Clock {
  readonly wallMs: () => number;
  readonly monotonicMs: () => number;
  readonly random: () => number;
}

const realClock: Clock = { wallMs: Date.now, monotonicMs: () => performance.now(), random: Math.random };
const spread = 0.1;

export function createPacer(pace: Pace, clock: Clock = realClock): Pacer {
  // Shortened by up to a tenth, anew for each delivery, so that installs which were started together do not stay together.
  const drawIntervalMs = (): number => pace.intervalMs * (1 - clock.random() * spread);
  let intervalMs = drawIntervalMs();
  let noticedMs: number | null = null;
  return {
    dueInMs({ rows, bytes, oldestStartedMs }) {
      if (rows >= pace.maxRows || (bytes ?? 0) >= pace.maxBytes) return 0;
      noticedMs ??= clock.monotonicMs();
      const byAge = (oldestStartedMs ?? Infinity) + intervalMs - clock.wallMs();
      // A wall clock that was put back must not keep rows longer than one interval from when they were noticed.
      const byNotice = noticedMs + intervalMs - clock.monotonicMs();
      return Math.max(0, Math.min(byAge, byNotice));
    },
    emptied() {
      noticedMs = null;
      intervalMs = drawIntervalMs();
    },
  };
}
