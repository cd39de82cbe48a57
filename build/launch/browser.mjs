import { existsSync } from 'node:fs';

/** Where Chromium lies when a system's package manager has installed it. Snap's wrapper is left out: it cannot read a test's folders. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * The Chromium that the tests of the browser dashboard open: the one the user names, else the system's. On other systems than Linux there
 * is none to look for, so there it has to be named.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {(path: string) => boolean} [exists]
 * @returns {string | null}
 */
export function findBrowser(env = process.env, exists = existsSync) {
  const named = env['AISM_CHROMIUM_PATH'];
  if (named) return exists(named) ? named : null;
  return places.find((path) => exists(path)) ?? null;
}
