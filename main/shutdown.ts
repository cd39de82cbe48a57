import type { Log } from './log.ts';

export interface Shutdown {
  /**
   * What to do at the end; the last added runs first.
   * @param hasten makes it quicker, at the price of what it would still finish
   */
  add(name: string, stop: () => void | Promise<void>, hasten?: () => void): void;
  /** Runs all of them once, each to its end or failure, all within the deadline; later calls wait for the same run. */
  run(): Promise<void>;
  /** Asked for a second time: everything that can be quicker is, and the rest gets little time. */
  hasten(): void;
}

export interface ShutdownTimes {
  readonly totalMs: number;
  readonly hastenedMs: number;
}

/** The gateway needs 40 s at most (gateway-process.ts); the other steps are short. */
const defaultTimes: ShutdownTimes = { totalMs: 45_000, hastenedMs: 4000 };

interface Step {
  readonly name: string;
  readonly stop: () => void | Promise<void>;
  readonly hasten: () => void;
}

export function createShutdown(log: Log, times: ShutdownTimes = defaultTimes): Shutdown {
  const steps: Step[] = [];
  let running: Promise<void> | null = null;
  let at = '';
  let endNow: () => void = () => undefined;
  let hastened = false;
  const late = (afterMs: number): NodeJS.Timeout =>
    setTimeout(() => {
      log.error(`ShutdownLate ${at} did not end within ${afterMs / 1000} s`);
      endNow();
    }, afterMs);
  const runAll = async (): Promise<void> => {
    for (const { name, stop } of steps.toReversed()) {
      at = name;
      try {
        await stop();
      } catch (error) {
        log.error(`ShutdownStepFailed ${name}: ${String(error)}`);
      }
    }
  };
  const runInTime = async (): Promise<void> => {
    const timer = late(times.totalMs);
    await Promise.race([runAll(), new Promise<void>((resolve) => (endNow = resolve))]);
    clearTimeout(timer);
  };
  return {
    add: (name, stop, hasten = () => undefined) => void steps.push({ name, stop, hasten }),
    run: () => (running ??= runInTime()),
    hasten() {
      if (running === null || hastened) return;
      hastened = true;
      log.info(`ShutdownHastened while stopping ${at}`);
      for (const step of steps) step.hasten();
      late(times.hastenedMs).unref();
    },
  };
}
