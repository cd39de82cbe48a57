import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LaunchError } from './messages.mjs';

/** The project's root folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * Where downloads live that outlast a clone.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 * @param {string} [home]
 */
export function cacheFolder(env = process.env, platform = process.platform, home = homedir()) {
  const name = 'ai-studio-monitor';
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], name);
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), name, 'Cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', name);
  return join(home, '.cache', name);
}

/**
 * The script behind a package's command, so that it runs on our own Node whatever its first line says.
 * @param {string} packageName
 * @param {string} [command] when the package has several
 */
export function toolScript(packageName, command = packageName) {
  const folder = join(root, 'node_modules', packageName);
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest))
    throw new LaunchError(`${packageName} is not installed. Delete node_modules and try again.`);
  /** @type {{ bin?: string | Record<string, string> }} */
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  const script = typeof bin === 'string' ? bin : bin?.[command];
  if (script === undefined) throw new LaunchError(`${packageName} has no command ${command}.`);
  return join(folder, script);
}
