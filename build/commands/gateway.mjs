import { join } from 'node:path';
import { ensureBuilt } from '../launch/app-build.mjs';
import { isStopping, run as runProgram } from '../launch/children.mjs';
import { reasonOf, say } from '../launch/messages.mjs';
import { root } from '../launch/places.mjs';

/**
 * True when the arguments start the server, as opposed to a one-off like `doctor` or `--help`.
 * @param {readonly string[]} args
 */
export function servesDashboard(args) {
  const [first] = args;
  return (
    (first === undefined || first.startsWith('-')) && !args.some((arg) => ['--help', '-h', '--version'].includes(arg))
  );
}

/**
 * The headless gateway, from its sources. Only its stdout is its own: the first line there is the ready message.
 * @param {readonly string[]} args
 */
export async function run(args) {
  if (servesDashboard(args)) await buildDashboard();
  if (isStopping()) return 130;
  return runProgram(process.execPath, ['--disable-sigusr1', join(root, 'gateway', 'index.ts'), ...args], {
    service: true,
  });
}

/** The gateway meters without its dashboard, so a failed build is told and does not stop it. */
async function buildDashboard() {
  try {
    await ensureBuilt();
  } catch (error) {
    say(`${reasonOf(error)} The gateway starts without its dashboard.`);
  }
}
