/**
 * A small window of text and buttons for the times when the app itself is in trouble: it needs no bundle, no preload, no gateway and no IPC. A
 * button is a link whose navigation is caught here.
 */
import { BrowserWindow, nativeTheme } from 'electron';
import { actionAddress, actionOf, plainPage, type PlainText } from './plain-page.ts';

export interface PlainWindowOptions {
  readonly onAction: (id: string) => void;
  /** The user closed it, or the app did. */
  readonly onClosed: () => void;
  /** Its own page cannot be drawn either. */
  readonly onBlank: () => void;
  /** Takes the focus when it opens; otherwise it only appears. */
  readonly focus: boolean;
}

export interface PlainWindow {
  show(): void;
  change(text: PlainText): void;
  close(): void;
}

const blankAfterMs = 8000;

export function openPlainWindow(text: PlainText, options: PlainWindowOptions): PlainWindow {
  const window = smallWindow(text.title);
  let closed = false;
  const blank = setTimeout(options.onBlank, blankAfterMs);
  window.webContents.once('did-finish-load', () => clearTimeout(blank));
  window.once('closed', () => {
    closed = true;
    clearTimeout(blank);
    options.onClosed();
  });
  window.webContents.on('will-navigate', (event) => {
    event.preventDefault();
    const action = actionOf(event.url);
    if (action !== null) options.onAction(action);
  });
  const load = (next: PlainText): void => void window.loadURL(plainPage(next, actionAddress)).catch(() => undefined); // a page that does not load is noticed as blank
  load(text);
  // At once, whether its page is drawn yet or not: this window is the last one that can say something.
  if (options.focus) window.show();
  else window.showInactive();
  return {
    show() {
      if (closed) return;
      if (window.isMinimized()) window.restore();
      window.show();
    },
    change: (next) => void (closed || load(next)),
    close: () => void (closed || window.destroy()),
  };
}

function smallWindow(title: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 560,
    height: 360,
    show: false,
    resizable: true,
    maximizable: false,
    fullscreenable: false,
    title,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#12151b' : '#ffffff',
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, spellcheck: false },
  });
  window.setMenuBarVisibility(false);
  return window;
}
