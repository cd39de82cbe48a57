import type { BrowserWindow } from 'electron';
import type { Log } from '../log.ts';

const drawnSoonMs = 500;
const latestMs = 4000;

/**
 * Shows a window once its page is drawn, and after a while in any case: `ready-to-show` does not come from a page that hangs or cannot be drawn, and
 * an app without any window looks as if it had not started.
 */
export function showWhenDrawn(window: BrowserWindow, log: Log): void {
  let shown = false;
  const show = (why: string): void => {
    if (shown || window.isDestroyed()) return;
    shown = true;
    clearTimeout(latest);
    log.info(`WindowShown ${why}, ${Math.round(performance.now())} ms after the launch`);
    window.show();
  };
  const latest = setTimeout(() => show('before its page is drawn'), latestMs);
  window.once('ready-to-show', () => show('with its page drawn'));
  window.webContents.once('did-finish-load', () => setTimeout(() => show('with its page loaded'), drawnSoonMs));
  window.once('show', () => show('at once'));
  window.once('closed', () => clearTimeout(latest));
}
