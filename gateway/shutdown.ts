/** Stops what was started, last first, each within its own time: a part that hangs keeps the others from nothing. */
import type { Log } from './log.ts';

export interface Shutdown {
  /** `stop` gets its turn after everything added later. */
  add(name: string, stop: () => Promise<void> | void, deadlineMs?: number): void;
  /** Runs once; later calls wait for the same end. */
  run(): Promise<void>;
}

const usualDeadlineMs = 5000;

interface Step {
  readonly name: string;
  readonly stop: () => Promise<void> | void;
  readonly deadlineMs: number;
}

export function createShutdown(log: Log): Shutdown {
  const steps: Step[] = [];
  let running: Promise<void> | null = null;
  const runAll = async (): Promise<void> => {
    for (const step of steps.toReversed()) await runStep(step, log);
  };
  return {
    add: (name, stop, deadlineMs = usualDeadlineMs) => void steps.push({ name, stop, deadlineMs }),
    run: () => (running ??= runAll()),
  };
}

async function runStep({ name, stop, deadlineMs }: Step, log: Log): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), deadlineMs);
  });
  try {
    const ended = await Promise.race([Promise.resolve(stop()).then(() => 'stopped' as const), deadline]);
    if (ended === 'late') log.warn({ part: name, deadlineMs }, 'GatewayStopLate');
  } catch (error) {
    log.warn({ err: error, part: name }, 'GatewayStopFailed');
  } finally {
    clearTimeout(timer);
  }
}
