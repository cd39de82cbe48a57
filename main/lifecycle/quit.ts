/** The end of the app: one that anybody can see, that no launch gets lost in, and that is over after a while in any case. */
import { app } from 'electron';
import type { Shutdown } from '../shutdown.ts';
import { type PlainText } from './plain-page.ts';
import { openPlainWindow, type PlainWindow } from './plain-window.ts';
import { relaunch } from './relaunch.ts';

export interface Quit {
  /** The app was asked to end: from here on it opens no window of its own any more. */
  started(): boolean;
  /** Shows that it is ending. */
  show(): void;
  /** Starts the app again with these arguments as soon as it has ended. */
  launchAfterwards(args: readonly string[]): void;
}

/** A quit this short needs no sign. */
const quietMs = 1000;

/** Electron waits for nothing at quit, so the last step is held up until everything has stopped. */
export function quitThrough(shutdown: Shutdown): Quit {
  let asked = 0;
  let nextArgs: readonly string[] | null = null;
  let sign: PlainWindow | null = null;
  const show = (): void => {
    if (sign !== null) return sign.show();
    sign = openPlainWindow(stoppingText(nextArgs !== null), {
      focus: nextArgs !== null,
      onAction: () => shutdown.hasten(),
      onClosed: () => (sign = null),
      onBlank: () => undefined,
    });
  };
  const end = async (): Promise<void> => {
    const timer = setTimeout(show, quietMs);
    await shutdown.run();
    clearTimeout(timer);
    if (nextArgs !== null) relaunch(nextArgs);
    app.exit(0);
  };
  app.on('before-quit', () => {
    asked += 1;
    if (asked > 1) shutdown.hasten();
  });
  app.on('will-quit', (event) => {
    event.preventDefault();
    void end();
  });
  return {
    started: () => asked > 0,
    show,
    launchAfterwards(args) {
      nextArgs = args;
      sign?.change(stoppingText(true));
      show();
    },
  };
}

const stoppingText = (startsAgain: boolean): PlainText => ({
  title: 'AI Studio Monitor is stopping',
  heading: 'AI Studio Monitor is stopping',
  paragraphs: [
    'Running calls are finished and everything is written down. This takes 40 seconds at most.',
    ...(startsAgain ? ['It starts again as soon as that is done.'] : []),
  ],
  detail: null,
  actions: [{ id: 'now', label: 'Stop now' }],
});
