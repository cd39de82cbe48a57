import { app } from 'electron';
import type { Log } from '../log.ts';
import { type FaultWindow, showFault } from './fault-window.ts';

export interface WindowTrouble {
  /** The page does not come up. */
  broken(why: string, retry: () => void): void;
  hangs(hanging: boolean, reload: () => void): void;
  /** The window is gone, and its trouble with it. */
  clear(): void;
}

const goesOn = 'The gateway keeps running: calls pass and are counted.';
const logs = { id: 'logs', label: 'Open logs' } as const;

/** Asks the user what to do about a window that does not work, one question at a time. */
export function createWindowTrouble(logsDir: string, log: Log): WindowTrouble {
  let asked: FaultWindow | null = null;
  const ask = (heading: string, paragraphs: string[], actions: Readonly<Record<string, Choice>>): void => {
    asked?.close();
    const buttons = Object.entries(actions).map(([id, { label }]) => ({ id, label }));
    asked = showFault({
      text: { heading, paragraphs, detail: null, actions: [...buttons, logs] },
      logsDir,
      onChoice(id) {
        asked = null;
        log.info(`WindowTrouble ${heading} Chosen: ${id}`);
        actions[id]?.act();
      },
    });
  };
  const clear = (): void => {
    asked?.close();
    asked = null;
  };
  return {
    clear,
    broken: (why, retry) =>
      ask('The window cannot be shown', [why, goesOn], {
        retry: { label: 'Try again', act: retry },
        quit: { label: 'Quit', act: () => app.quit() },
      }),
    hangs(hanging, reload) {
      log.warn(hanging ? 'PageUnresponsive' : 'PageResponsive');
      if (!hanging) return clear();
      ask('The window does not respond', ['It is busy, or it hangs.', goesOn], {
        wait: { label: 'Wait', act: () => undefined },
        reload: { label: 'Reload window', act: reload },
      });
    },
  };
}

interface Choice {
  readonly label: string;
  readonly act: () => void;
}
