import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBuilt } from './app-build.mjs';
import { capture, run } from './children.mjs';
import { startVirtualDisplay } from './display.mjs';
import { ensureElectron } from './electron.mjs';
import { LaunchError, reasonOf, say } from './messages.mjs';
import { root, toolScript } from './places.mjs';
import { countCheck, countPlaywright, countVitest, settle } from './summary.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';
import { windowLaunch } from './window-launch.mjs';

/**
 * @typedef {object} Outcome
 * @property {string} name
 * @property {import('./summary.mjs').Counts} counts
 * @property {number} seconds
 * @property {string} [note]
 */

/** @typedef {{ electron: import('./electron.mjs').Electron, needsVirtualDisplay: boolean }} Window */
/** @typedef {{ ready: Window } | { failure: unknown }} Preparation */

const reports = join(root, 'test-results');

/** @type {Record<string, readonly string[]>} */
const checkCommands = { types: ['typecheck'], lint: ['lint'], format: ['format', '--check'] };

/**
 * A check that runs beside others, so its output is shown in one piece when it ends.
 * @param {string} name
 * @param {readonly string[]} rest
 * @returns {Promise<Outcome>}
 */
export async function checkStage(name, rest) {
  const seconds = stopwatch();
  const args = [join(root, 'build', 'run.mjs'), ...(checkCommands[name] ?? []), ...rest];
  const { code, output } = await capture(process.execPath, args, { cwd: root });
  process.stdout.write(`\n── ${name}\n${output.trim()}\n`);
  return { name, counts: countCheck(code), seconds: seconds() };
}

/**
 * Unit and integration tests.
 * @param {readonly string[]} rest
 * @returns {Promise<Outcome>}
 */
export async function unitStage(rest) {
  const report = join(reports, 'vitest.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...rest];
  return countedStage('unit', report, countVitest, () =>
    run(process.execPath, [toolScript('vitest'), ...args], { cwd: root }),
  );
}

/**
 * Gets everything a window test needs. A fault is kept for the e2e stage to report: the other stages do not depend on it.
 * @returns {Promise<Preparation>}
 */
export async function prepareWindow() {
  try {
    const electron = await ensureElectron();
    const needsVirtualDisplay = process.platform === 'linux';
    const libraries = await ensureSystemLibraries({
      electronPath: electron.path,
      needsVirtualDisplay,
      needsBrowser: true,
    });
    if (!libraries.ok) throw new LaunchError(libraries.message);
    await ensureBuilt();
    return { ready: { electron, needsVirtualDisplay } };
  } catch (failure) {
    return { failure };
  }
}

/**
 * End-to-end tests in a real Electron window, on Linux inside a display of their own.
 * @param {Preparation} preparation
 * @param {readonly string[]} rest
 * @returns {Promise<Outcome>}
 */
export async function e2eStage(preparation, rest) {
  if ('failure' in preparation) {
    const note = reasonOf(preparation.failure);
    say(`\n── e2e\nThe window tests could not start: ${note}`);
    return { name: 'e2e', counts: countCheck(1), seconds: 0, note };
  }
  const { electron, needsVirtualDisplay } = preparation.ready;
  const { env } = windowLaunch(electron);
  const display = needsVirtualDisplay ? await startVirtualDisplay() : null;
  try {
    return await countedStage('e2e', join(reports, 'playwright.json'), countPlaywright, () =>
      run(process.execPath, [toolScript('@playwright/test', 'playwright'), 'test', ...rest], {
        cwd: root,
        // A Wayland session would draw the tests on the user's own screen.
        env: {
          ...env,
          AISM_ELECTRON_PATH: electron.path,
          ...(display && { DISPLAY: display.display, WAYLAND_DISPLAY: '' }),
        },
      }),
    );
  } finally {
    await display?.stop();
  }
}

/**
 * Runs a test runner and counts by its JSON report.
 * @param {string} name
 * @param {string} report
 * @param {(report: object) => import('./summary.mjs').Counts} count
 * @param {() => Promise<number>} runTests
 * @returns {Promise<Outcome>}
 */
async function countedStage(name, report, count, runTests) {
  const seconds = stopwatch();
  process.stdout.write(`\n── ${name}\n`);
  await mkdir(reports, { recursive: true });
  await rm(report, { force: true });
  const code = await runTests();
  const text = await readFile(report, 'utf8').catch(() => null);
  const counts = settle(code, text === null ? null : count(JSON.parse(text)));
  return { name, counts, seconds: seconds() };
}

function stopwatch() {
  const startedMs = performance.now();
  return () => (performance.now() - startedMs) / 1000;
}
