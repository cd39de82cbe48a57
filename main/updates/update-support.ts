/** Whether this copy of the app can bring itself up to date, and if not, who does. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Installed {
  readonly packaged: boolean;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly resourcesPath: string;
  readonly execPath: string;
}

/** Plain words; null when it can. */
export async function whyUnsupported({
  packaged,
  platform,
  env,
  resourcesPath,
  execPath,
}: Installed): Promise<string | null> {
  if (!packaged) return 'This is a development run: it is updated with its source code.';
  if (platform === 'linux' && !env['APPIMAGE']) {
    return /^\/(?:opt|usr)\//.test(execPath)
      ? 'This app was installed as a package: the package manager of this system updates it.'
      : 'This app was unpacked from an archive: replace its folder with that of a newer archive.';
  }
  return (await hasFeed(resourcesPath)) ? null : 'This build has no address to look for updates at.';
}

/** Written by electron-builder when a build is given an address. */
async function hasFeed(resourcesPath: string): Promise<boolean> {
  try {
    return /^url:\s*\S/m.test(await readFile(join(resourcesPath, 'app-update.yml'), 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
