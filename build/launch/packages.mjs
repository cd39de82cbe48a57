import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './children.mjs';
import { hasCode, withLock } from './lock.mjs';
import { LaunchError, say } from './messages.mjs';
import { cacheFolder } from './places.mjs';

const stampName = '.aism-lockfile-sha256';

/** @typedef {{ version?: string, optional?: boolean, link?: boolean }} LockedPackage */
/** @typedef {{ packages?: Record<string, LockedPackage> }} Lockfile */

/** @param {string} text */
export function fingerprint(text) {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * True when npm's own record of what it installed holds every package of the lockfile in the same version. Optional ones may be absent:
 * most of them are for other platforms.
 * @param {Lockfile} wanted package-lock.json
 * @param {Lockfile} installed node_modules/.package-lock.json
 */
export function holdsEverything(wanted, installed) {
  return Object.entries(wanted.packages ?? {}).every(([path, locked]) => {
    if (path === '') return true;
    const found = installed.packages?.[path];
    return found === undefined ? locked.optional === true : found.version === locked.version;
  });
}

/**
 * Says whether `root/node_modules` is what the lockfile asks for, and remembers a yes in a stamp file.
 * @param {string} root
 */
export async function packagesAreCurrent(root) {
  const modules = join(root, 'node_modules');
  const lockText = await readFile(join(root, 'package-lock.json'), 'utf8');
  const stamp = await readIfThere(join(modules, stampName));
  if (stamp === fingerprint(lockText)) return true;
  const installed = await readIfThere(join(modules, '.package-lock.json'));
  if (installed === null || !holdsEverything(JSON.parse(lockText), JSON.parse(installed))) return false;
  await writeStamp(root, lockText);
  return true;
}

/**
 * Installs the locked packages when they are missing or the lockfile has changed.
 * @param {string} root
 */
export async function ensurePackages(root) {
  if (await packagesAreCurrent(root)) return;
  const lock = join(cacheFolder(), 'locks', `packages-${fingerprint(root).slice(0, 16)}`);
  await withLock(
    lock,
    () => say('Another start is installing the packages; waiting for it.'),
    async () => {
      if (!(await packagesAreCurrent(root))) await install(root);
    },
  );
}

/**
 * `npm install --no-save` and not `npm ci`: the lockfile holds every platform's variant of a native package only where the registry that
 * resolved it had them all, and `npm ci` refuses to start over one that is absent. Everything locked still comes in its locked version and
 * with its integrity, and neither package.json nor the lockfile is written.
 * @param {string} root
 */
async function install(root) {
  const modules = join(root, 'node_modules');
  const first = !existsSync(modules);
  // npm writes its record last: without it an earlier run was cut off, and half a package could pass for a whole one.
  if (!existsSync(join(modules, '.package-lock.json'))) await rm(modules, { recursive: true, force: true });
  say(
    first
      ? 'First start: installing packages (about 1 GB on disk; a minute or two).'
      : 'The lockfile has changed: installing packages.',
  );
  const startedMs = Date.now();
  const seconds = () => Math.round((Date.now() - startedMs) / 1000);
  const ticking = setInterval(() => say(`  still installing, ${seconds()} s`), 15_000);
  // Development packages hold the build itself, so NODE_ENV=production must not leave them out. Warnings are off because npm's speak of
  // the Node that runs npm; everything later runs on the project's own.
  const args = ['install', '--no-save', '--include=dev', '--include=optional', '--loglevel=error'];
  const code = await npm(args, { cwd: root, stdio: ['ignore', 2, 2] }).finally(() => clearInterval(ticking));
  if (code !== 0)
    throw new LaunchError(`The packages could not be installed (npm ended with code ${code}; see above).`);
  await writeStamp(root, await readFile(join(root, 'package-lock.json'), 'utf8'));
  say(`Packages installed in ${seconds()} s.`);
}

/**
 * Runs the npm that started us, else the one on PATH.
 * @param {readonly string[]} args
 * @param {import('./children.mjs').ChildOptions} options
 */
export function npm(args, options) {
  const script = process.env['npm_execpath'];
  if (script?.endsWith('.js') === true && existsSync(script)) return run(process.execPath, [script, ...args], options);
  return run('npm', args, { ...options, shell: process.platform === 'win32' });
}

/**
 * @param {string} root
 * @param {string} lockText
 */
function writeStamp(root, lockText) {
  return writeFile(join(root, 'node_modules', stampName), fingerprint(lockText));
}

/** @param {string} path */
async function readIfThere(path) {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}
