import { BrowserWindow, nativeTheme, type NativeImage, screen } from 'electron';
import type { TellPayload } from '../contract/ipc.ts';
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
}

/** The page's own background, so that no white flash comes before its style sheet. */
const background = (): string => (nativeTheme.shouldUseDarkColors ? '#12151b' : '#ffffff');

/** The one window of the app. Closing destroys it, so a hidden page costs nothing; {@link MainWindow.show} makes a new one. */
export function createMainWindow(options: MainWindowOptions): MainWindow {
  let window: BrowserWindow | null = null;
  const open = (at: PagePlace | undefined): BrowserWindow => {
    const opened = openWindow(options, at);
    opened.on('closed', () => {
      window = null;
      options.onClosed();
    });
    return opened;
  };
  return {
    current: () => window,
    show(at) {
      if (window === null) {
        window = open(at);
        return;
      }
      if (at !== undefined) options.navigate(window, at);
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
  };
}

function openWindow(
  { preload, icon, log, place, savePlace }: MainWindowOptions,
  at: PagePlace | undefined,
): BrowserWindow {
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
  window.once('ready-to-show', () => window.show());
  window.on('close', () => savePlace(placeOf(window)));
  keepBackground(window);
  reviveWhenGone(window, log);
  // A page that is still loading hears nothing yet: the address tells it where to begin.
  void window.loadURL(pageAddress(at)).catch((error: unknown) => log.error(`PageNotLoaded ${String(error)}`));
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

const reloadLimit = 3;
const reloadWindowMs = 60_000;

/** A crashed page is loaded again; one that keeps crashing is left, since reloading for ever would only heat the machine. */
function reviveWhenGone(window: BrowserWindow, log: Log): void {
  let reloads: readonly number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    const now = Date.now();
    reloads = [...reloads.filter((at) => now - at < reloadWindowMs), now];
    const again = reloads.length <= reloadLimit;
    log.error(`PageGone ${reason} (${exitCode})${again ? ', loading it again' : ', it keeps ending: giving up'}`);
    if (again) window.webContents.reload();
  });
}
