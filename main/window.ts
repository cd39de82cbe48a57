import { BrowserWindow, nativeTheme, type NativeImage, screen } from 'electron';
import type { TellPayload } from '../contract/ipc.ts';
import { PageWatch } from './lifecycle/page-watch.ts';
import { showWhenDrawn } from './lifecycle/show-window.ts';
import type { WindowTrouble } from './lifecycle/window-trouble.ts';
import type { Log } from './log.ts';
import { pageAddress } from './page-url.ts';
import type { WindowPlace } from './settings.ts';
import { minimumSize, placeWindow, type Rectangle } from './window-bounds.ts';

/** A screen, with the part or the calls it is to show. */
export type PagePlace = TellPayload<'navigate'>;

export interface MainWindow {
  /** Opens the window, or brings the open one to the front; at a place when one is named. */
  show(at?: PagePlace): void;
  current(): BrowserWindow | null;
  /** Its page asked something, so it works. */
  answered(): void;
}

export interface MainWindowOptions {
  readonly preload: string;
  readonly icon: NativeImage;
  readonly log: Log;
  readonly place: () => WindowPlace | null;
  readonly savePlace: (place: WindowPlace) => void;
  /** Brings an open page to a place. */
  readonly navigate: (window: BrowserWindow, to: PagePlace) => void;
  /** The user closed the window (not: the app quits). */
  readonly onClosed: () => void;
  readonly trouble: WindowTrouble;
  /** Shows that the app ends, once it does: its page would find nobody to answer it. Null while it runs. */
  readonly ending: () => (() => void) | null;
}

/** The page's own background, so that no white flash comes before its style sheet. */
const background = (): string => (nativeTheme.shouldUseDarkColors ? '#12151b' : '#ffffff');

/** The one window of the app. Closing destroys it, so a hidden page costs nothing; {@link MainWindow.show} makes a new one. */
export function createMainWindow(options: MainWindowOptions): MainWindow {
  let open: OpenWindow | null = null;
  const make = (at: PagePlace | undefined): OpenWindow => {
    const opened = openWindow(options, at);
    opened.window.on('closed', () => {
      open = null;
      options.trouble.clear();
      options.onClosed();
    });
    return opened;
  };
  return {
    current: () => open?.window ?? null,
    answered: () => open?.watch.answered(),
    show(at) {
      const showEnding = options.ending();
      if (showEnding !== null) return showEnding();
      if (open === null) {
        open = make(at);
        return;
      }
      const { window } = open;
      if (at !== undefined) options.navigate(window, at);
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
  };
}

interface OpenWindow {
  readonly window: BrowserWindow;
  readonly watch: PageWatch;
}

function openWindow(options: MainWindowOptions, at: PagePlace | undefined): OpenWindow {
  const { log, savePlace, trouble } = options;
  const window = emptyWindow(options);
  showWhenDrawn(window, log);
  window.on('close', () => savePlace(placeOf(window)));
  keepBackground(window);
  // A page that is still loading hears nothing yet: the address tells it where to begin.
  const load = (): void =>
    void window.loadURL(pageAddress(at)).catch((error: unknown) => log.error(`PageNotLoaded ${String(error)}`));
  const watch = new PageWatch({
    window,
    log,
    load,
    giveUp: (why) => trouble.broken(why, () => watch.retry()),
    hangs: (hanging) => trouble.hangs(hanging, () => watch.retry()),
  });
  load();
  return { window, watch };
}

function emptyWindow({ preload, icon, place }: MainWindowOptions): BrowserWindow {
  const saved = place();
  const bounds = placeWindow(saved, workAreas());
  const window = new BrowserWindow({
    ...bounds,
    ...minimumSize(screen.getDisplayMatching(bounds).workArea),
    show: false,
    icon,
    title: 'AI Studio Monitor',
    backgroundColor: background(),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (saved?.maximized === true) window.maximize();
  return window;
}

function workAreas(): readonly [Rectangle, ...Rectangle[]] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  return [primary.workArea, ...others.map((display) => display.workArea)];
}

const placeOf = (window: BrowserWindow): WindowPlace => ({
  ...window.getNormalBounds(),
  maximized: window.isMaximized(),
});

function keepBackground(window: BrowserWindow): void {
  const follow = (): void => window.setBackgroundColor(background());
  nativeTheme.on('updated', follow);
  window.once('closed', () => nativeTheme.off('updated', follow));
}
