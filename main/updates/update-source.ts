/**
 * The door to electron-updater: looking, downloading, restarting into what was downloaded. It comes into memory with the first look, so an app
 * whose updates are off never loads it. Checksums and, on Windows and macOS, the signature of what is downloaded are its work.
 */
import type { AppUpdater } from 'electron-updater';
import type { Log } from '../log.ts';

export interface UpdateSource {
  /** @returns the version offered, or null when this one is the newest */
  look(): Promise<string | null>;
  /** Only after a {@link UpdateSource.look} that found one. */
  download(onPercent: (percent: number) => void, stopped: AbortSignal): Promise<void>;
  /** Quits into the new version. @throws what kept it from being put in place */
  restart(): void;
}

export interface UpdateSourceParts {
  readonly log: Log;
  /** Where the feed is written down, in place of the package's own `app-update.yml`; for tests. */
  readonly configFile: string | null;
  /** The new version is started before this one has ended: it must not take this one for a reason to leave. */
  readonly releaseLock: () => void;
  readonly takeLockAgain: () => void;
}

export function createUpdateSource(parts: UpdateSourceParts): UpdateSource {
  let loading: Promise<AppUpdater> | null = null;
  let loaded: AppUpdater | null = null;
  const updater = async (): Promise<AppUpdater> => (loaded = await (loading ??= load(parts)));
  return {
    async look() {
      const result = await (await updater()).checkForUpdates();
      return result?.isUpdateAvailable === true ? result.updateInfo.version : null;
    },
    download: async (onPercent, stopped) => download(await updater(), onPercent, stopped),
    restart() {
      if (loaded !== null) restart(loaded, parts);
    },
  };
}

/** Without this an id of this installation would go along with each look; nobody needs it. */
const noInstallationId = { 'x-user-staging-id': '00000000-0000-0000-0000-000000000000' };

async function load({ log, configFile }: UpdateSourceParts): Promise<AppUpdater> {
  const { autoUpdater } = (await import('electron-updater')).default;
  autoUpdater.autoDownload = false;
  autoUpdater.autoInstallOnAppQuit = false;
  autoUpdater.requestHeaders = noInstallationId;
  autoUpdater.logger = log;
  // An `error` event without a listener would end the app; the promises carry the same errors.
  autoUpdater.on('error', (error) => log.warn(`UpdateFailed ${error.message}`));
  if (configFile !== null) {
    autoUpdater.forceDevUpdateConfig = true;
    autoUpdater.updateConfigPath = configFile;
  }
  return autoUpdater;
}

async function download(
  updater: AppUpdater,
  onPercent: (percent: number) => void,
  stopped: AbortSignal,
): Promise<void> {
  const { CancellationToken } = (await import('electron-updater')).default;
  const token = new CancellationToken();
  const cancel = (): void => token.cancel();
  const told = ({ percent }: { readonly percent: number }): void => onPercent(percent);
  stopped.addEventListener('abort', cancel, { once: true });
  updater.on('download-progress', told);
  try {
    await updater.downloadUpdate(token);
  } finally {
    updater.off('download-progress', told);
    stopped.removeEventListener('abort', cancel);
  }
}

/** The updater tells what went wrong by an event, before `quitAndInstall` returns. */
function restart(updater: AppUpdater, { releaseLock, takeLockAgain }: UpdateSourceParts): void {
  let failure: Error | null = null;
  const note = (error: Error): void => {
    failure = error;
  };
  updater.once('error', note);
  releaseLock();
  updater.quitAndInstall(false, true);
  updater.off('error', note);
  if (failure === null) return;
  takeLockAgain();
  throw failure;
}
