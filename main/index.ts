/** Electron main: claims the installation, then runs the app on it. */
import { app } from 'electron';
import { exitCodes } from '../contract/gateway-api.ts';
import { declareAppScheme } from './app-protocol.ts';
import { runApp } from './app.ts';
import { type LaunchOptions, readLaunchOptions } from './launch-options.ts';
import { findPlaces } from './places.ts';
import { createPrivateFolder } from './private-folder.ts';

// As root the launcher has to turn the sandbox off (Chromium refuses it there), and this would undo that for the helper processes only.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
declareAppScheme();
claimInstallation(optionsOrExit());

function optionsOrExit(): LaunchOptions {
  try {
    return readLaunchOptions(process.argv.slice(1), process.env, process.cwd());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return process.exit(exitCodes.badUsage);
  }
}

/** The lock belongs to the profile folder, so it has to be set first; the second launch only wakes the first one up. */
function claimInstallation(options: LaunchOptions): void {
  const places = findPlaces({
    packaged: app.isPackaged,
    appRoot: app.getAppPath(),
    resourcesPath: process.resourcesPath,
    defaultUserDataDir: app.getPath('userData'),
    dataDir: options.dataDir,
  });
  createFolderOrExit(places.dataDir);
  createFolderOrExit(places.userDataDir);
  app.setPath('userData', places.userDataDir);
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  void runApp(options, places);
}

function createFolderOrExit(folder: string): void {
  try {
    createPrivateFolder(folder);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`The folder ${folder} cannot be created: ${reason}. Name another one with --data-dir.\n`);
    process.exit(exitCodes.heldOrUnusable);
  }
}
