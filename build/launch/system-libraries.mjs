import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { capture, run } from './children.mjs';
import { say } from './messages.mjs';

/**
 * Debian packages an Electron window needs. Where a release renamed one (Debian 13, Ubuntu 24.04: the 64-bit time change), the newer name
 * comes first: the older one is then a virtual package that apt may refuse to choose for.
 */
const windowPackages = [
  ['libgtk-3-0t64', 'libgtk-3-0'],
  ['libnss3'],
  ['libasound2t64', 'libasound2'],
  ['libgbm1'],
  ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'],
  ['libcups2t64', 'libcups2'],
];
const virtualDisplayPackages = [['xvfb']];
const browserPackages = [['chromium', 'chromium-browser']];

/** Loaded by name at run time, so `ldd` does not list it. */
const loadedLater = ['libgtk-3.so.0'];

/**
 * Names of the libraries that `ldd` could not find.
 * @param {string} lddOutput
 */
export function missingFromLdd(lddOutput) {
  return [...lddOutput.matchAll(/^\s*(\S+) => not found$/gm)].map((match) => match[1] ?? '');
}

/**
 * Which of the libraries opened at run time the linker cache does not know.
 * @param {string} ldconfigOutput of `ldconfig -p`
 * @param {readonly string[]} [names]
 */
export function missingFromLinkerCache(ldconfigOutput, names = loadedLater) {
  return names.filter((name) => !ldconfigOutput.includes(`\t${name} `));
}

/**
 * The package name each requirement has in this release.
 * @param {readonly (readonly string[])[]} wanted names newest first
 * @param {(name: string) => boolean} exists
 */
export function namesInThisRelease(wanted, exists) {
  return wanted.map((names) => names.find(exists) ?? names.at(-1) ?? '');
}

/** @param {string} program */
function isOnPath(program) {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, program)));
}

/** @typedef {{ electronPath: string, needsVirtualDisplay: boolean, needsBrowser?: boolean }} Needs */
/** @typedef {{ libraries: readonly string[], xvfb: boolean, browser: boolean }} Missing */

/**
 * What a window on Linux lacks.
 * @param {Needs} needs
 * @returns {Promise<Missing>}
 */
async function findMissing({ electronPath, needsVirtualDisplay, needsBrowser = false }) {
  const linked = await capture('ldd', [electronPath]);
  const cache = await capture(existsSync('/sbin/ldconfig') ? '/sbin/ldconfig' : 'ldconfig', ['-p']);
  const later = cache.code === 0 ? missingFromLinkerCache(cache.output) : [];
  const libraries = [...new Set([...missingFromLdd(linked.output), ...later])];
  return {
    libraries,
    xvfb: needsVirtualDisplay && !isOnPath('Xvfb'),
    browser: needsBrowser && findBrowser() === null,
  };
}

/** @param {Missing} missing */
const isComplete = ({ libraries, xvfb, browser }) => libraries.length === 0 && !xvfb && !browser;

/**
 * Makes sure that Electron's system libraries (and for tests Xvfb and Chromium) are there: installs them when root on Debian or Ubuntu, else
 * says what to type. Nothing to do on other systems than Linux.
 * @param {Needs} needs
 * @returns {Promise<{ ok: true } | { ok: false, message: string }>}
 */
export async function ensureSystemLibraries(needs) {
  if (process.platform !== 'linux') return { ok: true };
  const missing = await findMissing(needs);
  if (isComplete(missing)) return { ok: true };
  const lacks = describe(missing);
  if (!isOnPath('apt-get')) return { ok: false, message: otherSystems(lacks) };
  const wanted = [
    ...(missing.libraries.length > 0 ? windowPackages : []),
    ...(missing.xvfb ? virtualDisplayPackages : []),
    ...(missing.browser ? browserPackages : []),
  ];
  if (process.getuid?.() !== 0) {
    const names = await availableNames(wanted);
    return { ok: false, message: `${lacks} Install them with:\n\n  sudo apt-get install -y ${names.join(' ')}\n` };
  }
  say(`${lacks} Installing them with apt-get.`);
  await installWithApt(wanted);
  const still = await findMissing(needs);
  if (isComplete(still)) return { ok: true };
  return { ok: false, message: `After apt-get, the following is still true: ${describe(still)}` };
}

/** @param {Missing} missing */
function describe({ libraries, xvfb, browser }) {
  const parts = [
    ...libraries,
    ...(xvfb ? ['Xvfb (the virtual display of the tests)'] : []),
    ...(browser ? ['Chromium (for the tests of the browser dashboard; AISM_CHROMIUM_PATH can name one)'] : []),
  ];
  return `This system lacks what the window needs: ${parts.join(', ')}.`;
}

/** @param {string} lacks */
function otherSystems(lacks) {
  return (
    `${lacks} Install GTK 3, NSS, ALSA, GBM, AT-SPI and CUPS libraries with this system's package manager, for example on Fedora:\n\n` +
    '  sudo dnf install gtk3 nss alsa-lib mesa-libgbm at-spi2-atk cups-libs xorg-x11-server-Xvfb chromium\n'
  );
}

/** @param {readonly (readonly string[])[]} wanted */
async function installWithApt(wanted) {
  const quiet = { env: { DEBIAN_FRONTEND: 'noninteractive' }, stdio: /** @type {const} */ (['ignore', 2, 2]) };
  await run('apt-get', ['update', '-q'], { ...quiet, stdio: [...quiet.stdio] });
  const names = await availableNames(wanted);
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names], {
    ...quiet,
    stdio: [...quiet.stdio],
  });
}

/** @param {readonly (readonly string[])[]} wanted */
async function availableNames(wanted) {
  const known = new Set();
  for (const name of wanted.flat()) {
    const { code, output } = await capture('apt-cache', ['show', '--no-all-versions', name]);
    if (code === 0 && output.includes(`Package: ${name}\n`)) known.add(name);
  }
  return namesInThisRelease(wanted, (name) => known.has(name));
}
