import { app } from 'electron';
import { failStart, type Start } from './fail-start.ts';
import { showFault } from './fault-window.ts';
import { relaunch } from './relaunch.ts';
import { createStartSteps } from './start-steps.ts';

export interface RunningStart extends Start {
  /** An error that nobody caught: during the start it is the start's own, later the app goes on. */
  onUncaught(error: Error): void;
}

/** A disk or network drive that does not answer holds a start up without any error. */
const slowMs = 30_000;

/** Runs the start and makes sure that its end is seen: by the window of the app, or by one that says why there is none. */
export async function watchStart(run: (start: RunningStart) => Promise<void>): Promise<void> {
  let open = true;
  const fail = async (error: unknown): Promise<void> => {
    if (!open) return;
    open = false;
    await failStart(error, start);
  };
  const start: RunningStart = {
    steps: createStartSteps(),
    log: null,
    logsDir: null,
    shutdown: null,
    onUncaught: (error) => void fail(error),
  };
  const slow = watchSlowStart(start);
  try {
    await run(start);
    open = false;
  } catch (error) {
    await fail(error);
  } finally {
    slow.end();
  }
}

/** Shown until the start goes on by itself. */
function watchSlowStart(start: Start): { end(): void } {
  let close = (): void => undefined;
  const timer = setTimeout(() => {
    const step = start.steps.current();
    start.log?.error(`StartSlow ${step} takes longer than ${slowMs / 1000} seconds`);
    if (app.isReady()) close = askToWait(step, start.logsDir);
  }, slowMs);
  return {
    end() {
      clearTimeout(timer);
      close();
    },
  };
}

function askToWait(step: string, logsDir: string | null): () => void {
  const { close } = showFault({
    text: {
      heading: 'AI Studio Monitor is still starting',
      paragraphs: [
        `${step} takes longer than ${slowMs / 1000} seconds.`,
        'A disk or network drive may not answer. This window closes when the start goes on.',
      ],
      detail: null,
      actions: [
        { id: 'wait', label: 'Wait' },
        { id: 'retry', label: 'Start again' },
        { id: 'quit', label: 'Quit' },
      ],
    },
    logsDir,
    onChoice(choice) {
      if (choice === 'retry') relaunch();
      if (choice === 'retry' || choice === 'quit') app.exit(1);
    },
  });
  return close;
}
