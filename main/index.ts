/** Electron main: claims the installation, then runs the app on it. */
import { app } from 'electron';
import { appId } from './app-id.ts';
import { declareAppScheme } from './app-protocol.ts';
import { runApp } from './app.ts';
import { readLaunchOptions } from './launch-options.ts';
import { launchData } from './lifecycle/second-launch.ts';
import { type RunningStart, watchStart } from './lifecycle/start.ts';
import { findPlaces } from './places.ts';
import { createPrivateFolder } from './private-folder.ts';

// As root the launcher has to turn the sandbox off (Chromium refuses it there), and this would undo that for the helper processes only.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
declareAppScheme();
if (process.platform === 'win32') app.setAppUserModelId(appId); // without it Windows shows no notices
void watchStart(claimAndRun);

/** Everything up to the lock happens before Electron is ready: that is when it opens the profile's folder. */
async function claimAndRun(start: RunningStart): Promise<void> {
  const options = readLaunchOptions(process.argv.slice(1), process.env, process.cwd());
  const places = findPlaces({
    packaged: app.isPackaged,
    appRoot: app.getAppPath(),
    resourcesPath: process.resourcesPath,
    defaultUserDataDir: app.getPath('userData'),
    dataDir: options.dataDir,
  });
  for (const folder of [places.dataDir, places.userDataDir])
    await start.steps.run('Creating a folder', folder, () => createPrivateFolder(folder));
  app.setPath('userData', places.userDataDir);
  if (!app.requestSingleInstanceLock(launchData())) {
    app.exit(0);
    return;
  }
  start.logsDir = places.logsDir;
  await runApp(options, places, start);
}
