import { app } from 'electron';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import type { Shutdown } from '../shutdown.ts';
import { type FaultOptions, showFault } from './fault-window.ts';
import { relaunch } from './relaunch.ts';
import { explainStart, type StartFault } from './start-fault.ts';
import type { StartSteps } from './start-steps.ts';

/** How far the start came. */
export interface Start {
  readonly steps: StartSteps;
  log: Log | null;
  logsDir: string | null;
  shutdown: Shutdown | null;
}

/**
 * The end of a start that failed: it is in the log, the lock is free for the next launch, what was started is stopped, and a window says what is
 * wrong. The process ends with an exit code of its own when the user has chosen.
 */
export async function failStart(error: unknown, { log, logsDir, shutdown }: Start): Promise<void> {
  const fault = explainStart(error);
  note(fault, error, log);
  app.releaseSingleInstanceLock();
  const profile = logsDir === null ? borrowedProfile() : null;
  endWith(fault.exitCode, shutdown, profile);
  await app.whenReady();
  showFault({
    text: faultText(fault, logsDir !== null),
    logsDir,
    onChoice(choice) {
      if (choice === 'retry') relaunch();
      app.quit();
    },
  });
}

const faultText = ({ what, todo, detail, canRetry }: StartFault, hasLogs: boolean): FaultOptions['text'] => ({
  heading: 'AI Studio Monitor cannot start',
  paragraphs: [what, todo],
  detail,
  actions: [
    ...(canRetry ? [{ id: 'retry', label: 'Try again' }] : []),
    { id: 'quit', label: 'Quit' },
    ...(hasLogs ? [{ id: 'logs', label: 'Open logs' }] : []),
  ],
});

/** Without a lock the usual profile may be in use by another launch, so the window gets one of its own. Null when there is no place for it. */
function borrowedProfile(): string | null {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'ai-studio-monitor-'));
    app.setPath('userData', folder);
    return folder;
  } catch {
    return null;
  }
}

/** The log writes at once, so the line is there even if the process is killed while the window is open. */
function note({ what, todo, detail }: StartFault, error: unknown, log: Log | null): void {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  if (log === null) process.stderr.write(`${what} ${todo}${detail === null ? '' : ` (${detail})`}\n`);
  else log.error(`StartFailed ${what} ${todo} ${detail ?? ''}\n${stack}`);
}

/** However this process is asked to end from here on, it ends with that code, after what had been started. */
function endWith(code: number, shutdown: Shutdown | null, profile: string | null): void {
  app.removeAllListeners('will-quit');
  app.on('window-all-closed', () => undefined); // without a listener Electron would quit before the choice is known
  const end = async (): Promise<void> => {
    await shutdown?.run();
    if (profile !== null) rmSync(profile, { recursive: true, force: true });
    app.exit(code);
  };
  app.on('will-quit', (event) => {
    event.preventDefault();
    void end();
  });
}
