/**
 * Notices a page that does not work: one that ends, one whose code never starts, one that hangs. It is loaded again by itself a few times; after
 * that the user is asked, because reloading for ever would only heat the machine.
 */
import type { BrowserWindow } from 'electron';
import type { Log } from '../log.ts';

export interface PageWatchOptions {
  readonly window: BrowserWindow;
  readonly log: Log;
  /** Loads the page from the start. */
  readonly load: () => void;
  /** Loading it again did not help. */
  readonly giveUp: (why: string) => void;
  readonly hangs: (hanging: boolean) => void;
}

/** A machine with ten busy programs on two cores takes eleven seconds from the load to the first ask. */
const silenceMs = 20_000;
const silencesInARow = 2;
const reloadLimit = 3;
const reloadWindowMs = 60_000;

export class PageWatch {
  readonly #options: PageWatchOptions;
  #silence: NodeJS.Timeout | undefined;
  #silences = 0;
  #reloads: readonly number[] = [];
  #endedByUs = false;

  constructor(options: PageWatchOptions) {
    this.#options = options;
    const { window, hangs } = options;
    const { webContents } = window;
    this.#listen();
    window.once('closed', () => clearTimeout(this.#silence));
    webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) this.#listen();
    });
    webContents.on('render-process-gone', (_event, { reason, exitCode }) => this.#gone(reason, exitCode));
    webContents.on('did-navigate', (_event, _url, status) => {
      if (status >= 400) this.#incomplete(`its page is missing (${status})`);
    });
    webContents.on('preload-error', (_event, _path, error) => this.#incomplete(error.message));
    webContents.on('unresponsive', () => hangs(true));
    webContents.on('responsive', () => hangs(false));
  }

  /** The page asked something: its code runs. */
  answered(): void {
    if (this.#silence === undefined) return; // as nearly always
    clearTimeout(this.#silence);
    this.#silence = undefined;
    this.#options.log.info(`PageStarted ${Math.round(performance.now())} ms after the launch`);
    this.#silences = 0;
    this.#endedByUs = false;
  }

  /** The user wants another try. */
  retry(): void {
    this.#silences = 0;
    this.#reloads = [];
    this.#options.load();
  }

  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#onSilence(), silenceMs);
  }

  #onSilence(): void {
    this.#silences += 1;
    this.#endedByUs = true;
    this.#options.window.webContents.forcefullyCrashRenderer(); // a page that hangs would hold up the next one
    const why = `The page of the window did not start within ${silenceMs / 1000} seconds.`;
    this.#again(why, this.#silences < silencesInARow);
  }

  #gone(reason: string, exitCode: number): void {
    if (reason === 'clean-exit' || this.#endedByUs) return;
    const now = Date.now();
    this.#reloads = [...this.#reloads.filter((at) => now - at < reloadWindowMs), now];
    this.#again(`The page of the window ended (${reason}, ${exitCode}).`, this.#reloads.length <= reloadLimit);
  }

  /** Loading it again cannot help. */
  #incomplete(what: string): void {
    clearTimeout(this.#silence);
    this.#again(`The app is incomplete: ${what}. Install it again.`, false);
  }

  #again(why: string, mayReload: boolean): void {
    const { log, load, giveUp } = this.#options;
    log.error(`PageFault ${why}${mayReload ? ' Loading it again.' : ' Giving up.'}`);
    if (mayReload) load();
    else giveUp(why);
  }
}
