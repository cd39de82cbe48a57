import { existsSync } from 'node:fs';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './children.mjs';
import { LaunchError, say } from './messages.mjs';
import { root, toolScript } from './places.mjs';

/** What the window's bundles are made of. */
const sources = [
  'contract',
  'gateway',
  'main',
  'preload',
  'renderer',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
];
const mark = join('out', '.built');

/**
 * When the newest file below a path was changed (ms since 1970), 0 when there is none.
 * @param {string} path
 * @returns {Promise<number>}
 */
export async function newestChange(path) {
  const found = await stat(path).catch(() => null);
  if (found === null) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  // A folder's own time tells of deleted and renamed files.
  const inside = await Promise.all((await readdir(path)).map((name) => newestChange(join(path, name))));
  return Math.max(found.mtimeMs, ...inside);
}

/**
 * True when something was changed since the last build, or there was none.
 * @param {string} folder the project's root
 */
export async function buildIsStale(folder) {
  if (!existsSync(join(folder, mark))) return true;
  const newest = await Promise.all(sources.map((each) => newestChange(join(folder, each))));
  return Math.max(...newest) >= (await stat(join(folder, mark))).mtimeMs;
}

/** Builds main, preload and renderer into out/, whether needed or not. */
export async function buildApp() {
  const code = await run(process.execPath, [toolScript('electron-vite'), 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (code !== 0) throw new LaunchError(`The app could not be built (electron-vite ended with code ${code}).`);
  await mkdir(join(root, 'out'), { recursive: true });
  await writeFile(join(root, mark), new Date().toISOString());
}

/** Builds when the sources are newer than the last build. */
export async function ensureBuilt() {
  if (!(await buildIsStale(root))) return;
  say('Building the app.');
  await buildApp();
}
