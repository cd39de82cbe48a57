/** Stops what was started, last first, each within its own time: a part that hangs keeps the others from nothing. */
import type { Log } from './log.ts';

export interface Shutdown {
  /** `stop` gets its turn after everything added later. */
  add(name: string, stop: () => Promise<void> | void, deadlineMs?: number): void;
  /** Runs once; later calls wait for the same end. */
  run(): Promise<void>;
  /** From now on no part gets more than a few seconds. */
  hasten(): void;
}

const usualDeadlineMs = 5000;
const hastenedMs = 3000;

interface Step {
  readonly name: string;
  readonly stop: () => Promise<void> | void;
  readonly deadlineMs: number;
}

export function createShutdown(log: Log): Shutdown {
  const steps: Step[] = [];
  const hurry = Promise.withResolvers<void>();
  let running: Promise<void> | null = null;
  const runAll = async (): Promise<void> => {
    for (const step of steps.toReversed()) await runStep(step, hurry.promise, log);
  };
  return {
    add: (name, stop, deadlineMs = usualDeadlineMs) => void steps.push({ name, stop, deadlineMs }),
    run: () => (running ??= runAll()),
    hasten: () => hurry.resolve(),
  };
}

async function runStep({ name, stop, deadlineMs }: Step, hurry: Promise<void>, log: Log): Promise<void> {
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), deadlineMs);
  void hurry.then(() => setTimeout(() => late.resolve('late'), hastenedMs).unref());
  try {
    const ended = await Promise.race([Promise.resolve(stop()).then(() => 'stopped' as const), late.promise]);
    if (ended === 'late') log.warn({ part: name, deadlineMs }, 'GatewayStopLate');
  } catch (error) {
    log.warn({ err: error, part: name }, 'GatewayStopFailed');
  } finally {
    clearTimeout(timer);
  }
}
