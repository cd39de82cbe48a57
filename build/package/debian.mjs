import { chmod, cp, mkdir, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../launch/children.mjs';
import { LaunchError } from '../launch/messages.mjs';
import { root } from '../launch/places.mjs';

/**
 * A Debian package from an unpacked app, by dpkg-deb alone. electron-builder's own way fetches a packaging tool from GitHub, which a closed
 * network has not.
 */

const name = 'ai-studio-monitor';
const folder = '/opt/AI Studio Monitor';
const architectures = new Map([
  ['x64', 'amd64'],
  ['arm64', 'arm64'],
]);

/**
 * @param {{ unpacked: string, output: string, arch: string, depends: readonly string[] }} options
 * @returns {Promise<string>} path of the package
 */
export async function buildDebian({ unpacked, output, arch, depends }) {
  /** @type {{ version: string, description: string, homepage: string, author: { name: string, email: string } }} */
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const architecture = architectures.get(arch);
  if (architecture === undefined) throw new LaunchError(`Debian knows no architecture ${arch}.`);
  const stage = join(output, `${name}-deb`);
  await rm(stage, { recursive: true, force: true });
  const app = join(stage, folder);
  await cp(unpacked, app, { recursive: true });
  await chmod(join(app, 'chrome-sandbox'), 0o4755); // Chromium's sandbox where user namespaces are not allowed
  await addDesktopFiles(stage);
  const control = { manifest, architecture, depends, installedKib: await kibibytesOf(app) };
  await writeControl(stage, control);
  const file = join(output, `${name}-${manifest.version}-linux-${architecture}.deb`);
  const code = await run('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z1', '--build', stage, file], {
    stdio: ['ignore', 2, 2],
  });
  if (code !== 0) throw new LaunchError(`dpkg-deb ended with code ${code}.`);
  await rm(stage, { recursive: true });
  return file;
}

/** @param {string} stage */
async function addDesktopFiles(stage) {
  await mkdir(join(stage, 'usr', 'bin'), { recursive: true });
  await symlink(`${folder}/${name}`, join(stage, 'usr', 'bin', name));
  const applications = join(stage, 'usr', 'share', 'applications');
  await mkdir(applications, { recursive: true });
  await cp(join(root, 'build', 'linux', `${name}.desktop`), join(applications, `${name}.desktop`));
  const profiles = join(stage, 'etc', 'apparmor.d');
  await mkdir(profiles, { recursive: true });
  await cp(join(root, 'build', 'linux', 'apparmor-profile'), join(profiles, name));
  const icons = await readdir(join(root, 'build', 'icons'));
  for (const icon of icons.filter((each) => each.endsWith('.png'))) {
    const place = join(stage, 'usr', 'share', 'icons', 'hicolor', icon.replace('.png', ''), 'apps');
    await mkdir(place, { recursive: true });
    await cp(join(root, 'build', 'icons', icon), join(place, `${name}.png`));
  }
}

/**
 * @param {string} stage
 * @param {{ manifest: { version: string, description: string, homepage: string, author: { name: string, email: string } }, architecture: string, depends: readonly string[], installedKib: number }} parts
 */
async function writeControl(stage, { manifest, architecture, depends, installedKib }) {
  const control = [
    `Package: ${name}`,
    `Version: ${manifest.version}`,
    `Architecture: ${architecture}`,
    `Maintainer: ${manifest.author.name} <${manifest.author.email}>`,
    `Installed-Size: ${installedKib}`,
    `Depends: ${depends.join(', ')}`,
    'Section: devel',
    'Priority: optional',
    `Homepage: ${manifest.homepage}`,
    'Description: See what your AI API calls do and cost while they happen',
    ` ${manifest.description}`,
    '',
  ];
  await mkdir(join(stage, 'DEBIAN'), { recursive: true });
  await writeFile(join(stage, 'DEBIAN', 'control'), control.join('\n'));
  await writeFile(join(stage, 'DEBIAN', 'conffiles'), `/etc/apparmor.d/${name}\n`);
  await cp(join(root, 'build', 'linux', 'postinst'), join(stage, 'DEBIAN', 'postinst'));
  await cp(join(root, 'build', 'linux', 'postrm'), join(stage, 'DEBIAN', 'postrm'));
  for (const script of ['postinst', 'postrm']) await chmod(join(stage, 'DEBIAN', script), 0o755);
}

/** @param {string} path */
async function kibibytesOf(path) {
  const names = await readdir(path, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    names.filter((each) => each.isFile()).map(async (each) => (await stat(join(each.parentPath, each.name))).size),
  );
  return Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 1024);
}
