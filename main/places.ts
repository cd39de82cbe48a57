import { join } from 'node:path';

/** Where everything of this installation lies. */
export interface Places {
  readonly userDataDir: string; // Chromium's profile and the app's settings
  readonly settingsFile: string;
  readonly secretsFile: string; // sealed by the system's key store
  readonly dataDir: string; // the gateway's: journal, warehouse, gateway.json, logs
  readonly logsDir: string;
  readonly preload: string;
  readonly rendererDir: string;
  readonly iconsDir: string;
}

export interface PlacesInput {
  readonly packaged: boolean;
  readonly appRoot: string;
  readonly resourcesPath: string;
  readonly defaultUserDataDir: string;
  /** A data directory of the user's choice brings its own profile, and with it its own single-instance lock. */
  readonly dataDir: string | null;
}

export function findPlaces({ packaged, appRoot, resourcesPath, defaultUserDataDir, dataDir }: PlacesInput): Places {
  const userDataDir = dataDir === null ? defaultUserDataDir : join(dataDir, 'app');
  const gatewayData = dataDir ?? join(defaultUserDataDir, 'data');
  return {
    userDataDir,
    settingsFile: join(userDataDir, 'settings.json'),
    secretsFile: join(userDataDir, 'secrets.json'),
    dataDir: gatewayData,
    logsDir: join(gatewayData, 'logs'),
    preload: join(appRoot, 'out', 'preload', 'index.cjs'),
    rendererDir: join(appRoot, 'out', 'renderer'),
    iconsDir: packaged ? join(resourcesPath, 'icons') : join(appRoot, 'build', 'icons'),
  };
}
