import type { Log } from './log.ts';

export interface Shutdown {
  /** What to do at the end; the last added runs first. */
  add(name: string, stop: () => void | Promise<void>): void;
  /** Runs all of them once, each to its end or failure; later calls wait for the same run. */
  run(): Promise<void>;
}

export function createShutdown(log: Log): Shutdown {
  const steps: { readonly name: string; readonly stop: () => void | Promise<void> }[] = [];
  let running: Promise<void> | null = null;
  const runAll = async (): Promise<void> => {
    for (const { name, stop } of steps.toReversed()) {
      try {
        await stop();
      } catch (error) {
        log.error(`ShutdownStepFailed ${name}: ${String(error)}`);
      }
    }
  };
  return {
    add: (name, stop) => void steps.push({ name, stop }),
    run: () => (running ??= runAll()),
  };
}
