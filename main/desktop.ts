import { app, clipboard, nativeImage, nativeTheme } from 'electron';
import { join } from 'node:path';
import type { Notices } from '../contract/ipc.ts';
import { AlertsState } from '../contract/thresholds.ts';
import { createAlertNotices, followAlerts } from './alert-notices.ts';
import { createGatewayAlarm } from './gateway-alarm.ts';
import type { GatewayControl } from './gateway-control.ts';
import type { LaunchOptions } from './launch-options.ts';
import type { Quit } from './lifecycle/quit.ts';
import { createWindowTrouble } from './lifecycle/window-trouble.ts';
import type { Log } from './log.ts';
import { tell } from './ipc.ts';
import { closedToTray, gatewayDown, snowflakeNeedsAttention, type Notifier } from './notifications.ts';
import type { Places } from './places.ts';
import type { SettingsStore } from './settings.ts';
import { createSnowflakeAlarm } from './snowflake-alarm.ts';
import { createTray, loadTrayImages, type TrayImages } from './tray.ts';
import { traySupported } from './tray-support.ts';
import { type TrayAction, type TrayView, trayView } from './tray-view.ts';
import { createMainWindow, type MainWindow } from './window.ts';

/** What the user sees outside the page: window, tray, notices. */
export interface Desktop {
  readonly window: MainWindow;
  readonly hasTray: boolean;
  trayView(): TrayView;
  act(action: TrayAction): void;
  stop(): void;
}

export interface DesktopOptions {
  readonly options: LaunchOptions;
  readonly places: Places;
  readonly settings: SettingsStore;
  readonly gateway: GatewayControl;
  readonly notifier: Notifier;
  readonly quit: Quit;
  readonly log: Log;
}

export async function startDesktop(parts: DesktopOptions): Promise<Desktop> {
  const { options, places, gateway, log } = parts;
  const { link } = gateway;
  const images = (await traySupported(process.platform, options.tray)) ? trayImages(places.iconsDir, log) : null;
  const hasTray = images !== null;
  const window = createWindow(parts, hasTray);
  const { alarm, snowflake } = createAlarms(parts, window);
  const view = (): TrayView =>
    trayView({
      status: link.status(),
      today: link.today(),
      recording: link.recording(),
      snowflake: snowflake.notice(),
    });
  const choose = (action: TrayAction): void => act(action, window, parts);
  const tray = images === null ? null : createTray(images, view(), choose);
  const unsubscribe = [
    link.onStatus((status) => {
      alarm.update(status);
      tray?.show(view());
    }),
    link.onFrame((frame) => {
      if (frame.type === 'health') snowflake.update(frame.health.checks.snowflake);
      if (frame.type !== 'calls' && frame.type !== 'inflight') tray?.show(view());
    }),
    tellAlerts(parts, window),
  ];
  return {
    window,
    hasTray,
    trayView: view,
    act: choose,
    stop() {
      for (const end of unsubscribe) end();
      alarm.stop();
      tray?.stop();
    },
  };
}

/** Both ring only where a person wants to hear of it. */
function createAlarms({ settings, notifier }: DesktopOptions, window: MainWindow) {
  const wanted = (): Notices => settings.current().ui.notices;
  const openStorage = (): void => window.show({ screen: 'storage' });
  return {
    alarm: createGatewayAlarm((detail) => {
      if (wanted().gatewayDown) notifier.notify({ ...gatewayDown(detail), onClick: () => window.show() });
    }),
    snowflake: createSnowflakeAlarm({
      ring(what) {
        if (wanted().snowflakeDown) notifier.notify({ ...snowflakeNeedsAttention(what), onClick: openStorage });
      },
    }),
  };
}

/** Crossings of budgets and alarms as notices; a click opens the calls they speak of. Returns what ends it. */
function tellAlerts({ settings, gateway: { link }, notifier, log }: DesktopOptions, window: MainWindow): () => void {
  const notices = createAlertNotices({
    told: () => settings.current().toldAlerts,
    remember: (toldAlerts) => keep(settings.change({ toldAlerts }), log),
    wanted: () => settings.current().ui.notices.alerts,
    ring: ({ title, body, to }) => notifier.notify({ title, body, onClick: () => window.show(to) }),
  });
  const ask = (): Promise<AlertsState> => link.rest.ask('/api/alerts', AlertsState);
  const unfollow = followAlerts({ ...link, ask }, notices.update, (error) =>
    log.warn(`AlertsNotRead ${String(error)}`),
  );
  return () => {
    unfollow();
    notices.stop();
  };
}

/** Null where an image is missing: the app then runs as on a desktop without a tray. */
function trayImages(iconsDir: string, log: Log): TrayImages | null {
  try {
    return loadTrayImages(iconsDir);
  } catch (error) {
    log.error(`TrayIconsMissing the app runs without a tray icon: ${String(error)}`);
    return null;
  }
}

/** Closing the window leaves the gateway metering under the tray icon; without a tray the app would be out of reach, so it quits. */
function createWindow({ places, settings, notifier, quit, log }: DesktopOptions, hasTray: boolean): MainWindow {
  app.on('window-all-closed', () => undefined); // without a listener Electron would quit here
  return createMainWindow({
    preload: places.preload,
    icon: nativeImage.createFromPath(join(places.iconsDir, '512x512.png')),
    log,
    place: () => settings.current().window,
    navigate: (window, to) => tell(window, 'navigate', to),
    savePlace: (place) => keep(settings.change({ window: place }), log),
    trouble: createWindowTrouble(places.logsDir, log),
    ending: () => (quit.started() ? quit.show : null),
    onClosed() {
      if (quit.started()) return;
      if (hasTray) explainOnce(settings, notifier, log);
      else app.quit();
    },
  });
}

function explainOnce(settings: SettingsStore, notifier: Notifier, log: Log): void {
  if (settings.current().ui.closeToTrayExplained) return;
  notifier.notify(closedToTray);
  keep(settings.changeUi({ closeToTrayExplained: true }), log);
}

function keep(saving: Promise<unknown>, log: Log): void {
  saving.catch((error: unknown) => log.error(`SettingsNotSaved ${String(error)}`));
}

function act(action: TrayAction, window: MainWindow, { gateway, notifier }: DesktopOptions): void {
  switch (action) {
    case 'open':
      window.show();
      return;
    case 'storage':
      window.show({ screen: 'storage' });
      return;
    case 'copyUrl':
      clipboard.writeText(gateway.link.status().url ?? '');
      return;
    case 'pause':
    case 'resume':
      gateway.link
        .setRecording(action === 'pause')
        .catch((error: unknown) => notifier.notify(notDone(`Recording was not ${action}d`, error)));
      return;
    case 'restart':
      gateway.restart(null).catch((error: unknown) => notifier.notify(notDone('The gateway was not restarted', error)));
      return;
    case 'quit':
      app.quit();
      return;
    default:
      action satisfies never;
  }
}

const notDone = (title: string, error: unknown) => ({
  title,
  body: error instanceof Error ? error.message : String(error),
});

/** The page and native parts (title bar, menus) share one theme. */
export function followTheme(settings: SettingsStore): void {
  nativeTheme.themeSource = settings.current().ui.theme;
}
