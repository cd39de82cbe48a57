import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { builderConfig, debianLibraries } from '../electron-builder.config.mjs';
import { buildApp } from '../launch/app-build.mjs';
import { run as runProgram } from '../launch/children.mjs';
import { ensureElectron } from '../launch/electron.mjs';
import { LaunchError, say } from '../launch/messages.mjs';
import { root } from '../launch/places.mjs';
import { buildDebian } from '../package/debian.mjs';
import { gatherResources } from '../package/resources.mjs';
import { smokeTest } from '../package/smoke-test.mjs';

/** Targets that need nothing but this machine and its packages. */
const ownTargets = ['dir', 'deb', 'tar.gz'];
/** Targets that electron-builder makes with tools it fetches from GitHub, or on their own system. */
const builderTargets = ['AppImage', 'rpm', 'nsis', 'dmg', 'zip'];

/**
 * `npm run package [-- TARGET … [--smoke]]`: installers into dist/. Without a target: dir, deb and tar.gz on Linux.
 * @param {readonly string[]} args
 */
export async function run(args) {
  const smoke = args.includes('--smoke');
  const named = args.filter((each) => each !== '--smoke');
  const targets = named.length > 0 ? named : ownTargets;
  const unknown = targets.find((each) => ![...ownTargets, ...builderTargets].includes(each));
  if (unknown !== undefined)
    throw new LaunchError(`Unknown target ${unknown}. There are: ${[...ownTargets, ...builderTargets].join(', ')}.`);
  await buildApp();
  await gatherResources(process);
  const forBuilder = targets.filter((each) => builderTargets.includes(each));
  if (forBuilder.length > 0) await buildWithBuilder(forBuilder);
  if (forBuilder.length === targets.length) return 0;
  const made = await buildOwn(targets);
  for (const file of made) say(`Made ${file}`);
  return smoke ? smokeTest(made) : 0;
}

/** @param {readonly string[]} targets */
async function buildOwn(targets) {
  const unpacked = await unpackedApp();
  const output = dirname(unpacked);
  const made = [unpacked];
  if (targets.includes('deb')) {
    made.push(await buildDebian({ unpacked, output, arch: process.arch, depends: debianLibraries }));
  }
  if (targets.includes('tar.gz')) made.push(await tarball(unpacked, output));
  return made;
}

/** The app as it will be installed, with fuses set. */
async function unpackedApp() {
  const { build, Platform } = await import('electron-builder');
  const electron = await ensureElectron();
  const copy = electron.source === 'official' ? null : await withoutLoader(dirname(electron.path));
  try {
    await build({
      targets: Platform.current().createTarget('dir'),
      config: builderConfig(copy === null ? {} : { electronDist: copy, electronVersion: electron.version }),
      publish: 'never',
      projectDir: root,
    });
  } finally {
    if (copy !== null) await rm(dirname(copy), { recursive: true });
  }
  if (copy !== null) say(`Packed with Electron ${electron.version}, because the official one could not be fetched.`);
  return join(root, 'dist', process.platform === 'linux' ? 'linux-unpacked' : `${process.platform}-unpacked`);
}

/**
 * A copy of a prepared Electron without the loader that development uses.
 * @param {string} folder
 */
async function withoutLoader(folder) {
  const copy = join(await mkdtemp(join(tmpdir(), 'aism-package-')), basename(folder));
  await cp(folder, copy, { recursive: true, filter: (path) => !path.startsWith(join(folder, 'resources', 'app')) });
  return copy;
}

/**
 * @param {string} unpacked
 * @param {string} output
 */
async function tarball(unpacked, output) {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const name = `ai-studio-monitor-${version}-linux-${process.arch}`;
  const file = join(output, `${name}.tar.gz`);
  const transform = `s,^${basename(unpacked)},${name},`;
  const args = ['--create', '--owner=0', '--group=0', `--transform=${transform}`, '--use-compress-program=gzip -1'];
  const code = await runProgram('tar', [...args, '--file', file, '-C', output, basename(unpacked)], {
    stdio: ['ignore', 2, 2],
  });
  if (code !== 0) throw new LaunchError(`tar ended with code ${code}.`);
  return file;
}

/** @param {readonly string[]} targets */
async function buildWithBuilder(targets) {
  const { build, Platform } = await import('electron-builder');
  say(`electron-builder makes ${targets.join(', ')}; it fetches its tools from GitHub.`);
  await build({
    targets: Platform.current().createTarget([...targets]),
    config: builderConfig(),
    publish: 'never',
    projectDir: root,
  });
}
