/**
 * Time-outs of many connections with one timer. A socket's own `setTimeout` is re-armed at every read and write, which at thousands of calls
 * a second is a cost one can see; here activity is one assignment. A time-out comes up to two steps late, never early.
 */
export interface Watched {
  /** Steps since the last sign of life; the watch counts up, the connection sets it back to 0. */
  silentSteps: number;
  /** Silence allowed now, in milliseconds; `Infinity` = any. */
  allowedMs: number;
  /** The silence lasted longer than allowed. Called again at every step until it changes something. */
  silent(): void;
}

export interface SilenceWatch {
  add(watched: Watched): void;
  remove(watched: Watched): void;
}

const longestStepMs = 1_000;
const shortestStepMs = 10;
const stepsPerLimit = 8;

/** @param shortestLimitMs the shortest time-out that will be asked for; the step is a fraction of it */
export function createSilenceWatch(shortestLimitMs: number): SilenceWatch {
  const stepMs = Math.max(shortestStepMs, Math.min(longestStepMs, shortestLimitMs / stepsPerLimit));
  const all = new Set<Watched>();
  let timer: NodeJS.Timeout | null = null;

  function step(): void {
    for (const watched of all) {
      watched.silentSteps += 1;
      // The first step may be a short one: count whole ones only.
      if ((watched.silentSteps - 1) * stepMs >= watched.allowedMs) watched.silent();
    }
  }

  return {
    add(watched) {
      all.add(watched);
      timer ??= setInterval(step, stepMs).unref();
    },
    remove(watched) {
      all.delete(watched);
      if (all.size > 0 || timer === null) return;
      clearInterval(timer);
      timer = null;
    },
  };
}
