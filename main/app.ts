/** Composition of the app, in the order things happen. Nothing is started before everything that listens to it is in place. */
import { app, session } from 'electron';
import { SampleState } from '../contract/gateway-api.ts';
import type { Source } from './analytics.ts';
import { serveRenderer } from './app-protocol.ts';
import { type Desktop, followTheme, startDesktop } from './desktop.ts';
import { gatewayCommand } from './gateway-command.ts';
import { createGatewayControl, type GatewayControl } from './gateway-control.ts';
import type { LaunchOptions } from './launch-options.ts';
import { quitThrough } from './lifecycle/quit.ts';
import { followLaunches, type SecondLaunches } from './lifecycle/second-launch.ts';
import type { RunningStart } from './lifecycle/start.ts';
import { lockDown } from './lock-down.ts';
import type { Log } from './log.ts';
import { startLogging } from './logging.ts';
import { setApplicationMenu } from './menu.ts';
import { createNotifier, type Notifier, secretsSetAside, settingsReset } from './notifications.ts';
import { openPageDoor } from './page-door.ts';
import type { Places } from './places.ts';
import { openReportDesk } from './reports/desk.ts';
import { openSettingsDesk, type SettingsDeskOptions } from './settings-desk.ts';
import { openSettings, type SettingsStore } from './settings.ts';
import { createShutdown, type Shutdown } from './shutdown.ts';
import type { SnowflakeConfig } from './snowflake-config.ts';
import { takeSnowflakeNames } from './snowflake-environment.ts';
import { openConfig, startAnalytics } from './snowflake.ts';
import { driverAttached, exposeToTests, isUnderTest } from './test-probe.ts';

export async function runApp(options: LaunchOptions, places: Places, start: RunningStart): Promise<void> {
  const { steps } = start;
  const underTest = isUnderTest(app.isPackaged, process.env);
  const attached = underTest ? driverAttached() : null;
  const environment = takeSnowflakeNames(process.env);
  const { log, shutdown, quit } = begin(places, start);
  const launches = followLaunches(quit, options.dataDir);
  const settings = await steps.run('Reading the settings', places.settingsFile, () =>
    openSettings(places.settingsFile),
  );
  shutdown.add('settings', () => settings.flush());

  await steps.run('Waiting for the desktop', null, () => Promise.all([app.whenReady(), attached]));
  followTheme(settings);
  lockDown(app, session.defaultSession, log);
  serveRenderer(session.defaultSession, places.rendererDir);
  setApplicationMenu(app.isPackaged);

  const snowflake = openConfig({ places, settings, environment, log });
  const command = gatewayCommand({ ...surroundings(), dataDir: places.dataDir });
  const gateway = createGatewayControl({ command, dataDir: places.dataDir, options, settings, snowflake, log });
  shutdown.add('gateway', gateway.stop, gateway.hasten);
  const analytics = startAnalytics(gateway, snowflake, log);
  shutdown.add('analytics', () => analytics.stop());
  const notifier = createNotifier(log);
  const outside = { options, places, settings, gateway, notifier, quit, log };
  const desktop = await steps.run('Preparing window and tray', places.iconsDir, () => startDesktop(outside));
  shutdown.add('desktop', () => desktop.stop());
  const parts = { ...outside, snowflake, desktop, shutdown };
  const desks = { ...parts, source: analytics.source, updateConfig: updateConfig(underTest) };
  await steps.run('Preparing reports and settings', null, () => openDesks(desks));

  gateway.start();
  if (!startsHidden(options, desktop)) desktop.window.show();
  wakeOnLaunch(launches, desktop, gateway, log);
  noteDamagedSettings(settings, notifier);
  void snowflake.ready.then(() => noteDamagedSecrets(snowflake, notifier));
  if (underTest) exposeProbe(desktop, gateway, notifier);
}

/** What even a start that fails needs: a log, and an end in order. */
function begin({ logsDir }: Places, start: RunningStart) {
  const log = startLogging(logsDir, !app.isPackaged, start.onUncaught);
  const shutdown = createShutdown(log);
  start.log = log;
  start.shutdown = shutdown;
  log.info(`AppStarted ${app.getVersion()} on Electron ${process.versions.electron ?? '?'}, ${process.platform}`);
  app.on('child-process-gone', (_event, { type, reason, exitCode, name = '' }) => {
    if (reason !== 'clean-exit') log.warn(`HelperGone ${type} ${name} ${reason} (${exitCode})`);
  });
  return { log, shutdown, quit: quitThrough(shutdown) };
}

/** A login starts the app out of sight; without a tray it would be out of reach. macOS cannot pass an argument along, but knows. */
function startsHidden({ hidden }: LaunchOptions, { hasTray }: Desktop): boolean {
  const byLogin = process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
  return hasTray && (hidden || byLogin);
}

const updateConfig = (underTest: boolean): string | null =>
  underTest ? (process.env['AISM_UPDATE_CONFIG'] ?? null) : null;

interface DeskParts extends Omit<SettingsDeskOptions, 'written'> {
  readonly notifier: Notifier;
  readonly source: Source;
  readonly shutdown: Shutdown;
}

/** What the page may ask for besides numbers, and the door it asks through. */
async function openDesks({ shutdown, notifier: { notify }, source, ...parts }: DeskParts): Promise<void> {
  const reports = openReportDesk({ ...parts, notify, preload: parts.places.preload });
  shutdown.add('reports', () => reports.stop());
  const appSettings = await openSettingsDesk({ ...parts, written: reports.written });
  shutdown.add('settings desk', () => appSettings.stop());
  shutdown.add('page door', openPageDoor({ ...parts, source, reports, appSettings }));
}

function surroundings() {
  const { platform, arch, env, resourcesPath } = process;
  return { packaged: app.isPackaged, appRoot: app.getAppPath(), resourcesPath, platform, arch, env };
}

function wakeOnLaunch(launches: SecondLaunches, desktop: Desktop, gateway: GatewayControl, log: Log): void {
  app.on('activate', () => desktop.window.show());
  launches.wakeWith((args) => {
    if (!args.includes('--hidden')) desktop.window.show();
    if (args.includes('--demo')) startSample(gateway, log);
  });
}

function startSample(gateway: GatewayControl, log: Log): void {
  gateway.link.rest
    .ask('/api/sample', SampleState, { body: { action: 'start' } })
    .catch((error: unknown) => log.warn(`SampleNotStarted ${String(error)}`));
}

function noteDamagedSettings(settings: SettingsStore, notifier: Notifier): void {
  const notice = settingsReset(settings);
  if (notice !== null) notifier.notify(notice);
}

function noteDamagedSecrets(snowflake: SnowflakeConfig, notifier: Notifier): void {
  const name = snowflake.setAside();
  if (name !== null) notifier.notify(secretsSetAside(name));
}

function exposeProbe(desktop: Desktop, gateway: GatewayControl, notifier: Notifier): void {
  const probe = {
    trayView: desktop.trayView,
    trayAct: desktop.act,
    notices: () => notifier.recent().map(({ title, body }) => ({ title, body })),
    clickNotice: (index: number) => notifier.recent()[index]?.onClick?.(),
    gateway() {
      const { phase, attached, endpoint } = gateway.state();
      return { phase, attached, url: endpoint?.url ?? null, pid: endpoint?.pid ?? null };
    },
  };
  exposeToTests(probe);
}
