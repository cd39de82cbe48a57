import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { bundleGateway, external } from '../bundle-gateway.mjs';
import { LaunchError, say } from '../launch/messages.mjs';
import { nodePackageFor } from '../launch/node-runtime.mjs';
import { root } from '../launch/places.mjs';
import { dependencyClosure } from './dependency-closure.mjs';

/** Parts of packages that only their builders need; a third of the size. */
const needless =
  /\/(src|deps|test|tests|docs|example|examples|\.github)\/|\.(map|md|ts|mts|cts|markdown|h|c|cc|cpp|gyp)$/;
/** Binaries of other platforms, and the driver's telemetry library that the product switches off. */
const foreign = /\/minicore\/binaries\//;

/** Where everything that is packed beside the app's archive is gathered. */
export const resourcesFolder = join(root, 'out', 'package');

/**
 * Gathers what the installed app needs beside its archive: the gateway's bundle, the packages that stay packages (`node_modules` beside both
 * the archive and the gateway, so each finds them by Node's ordinary search), and the Node that the gateway runs on.
 * @param {{ platform: string, arch: string }} target
 */
export async function gatherResources({ platform, arch }) {
  await rm(resourcesFolder, { recursive: true, force: true });
  await bundleGateway({ outDir: join(resourcesFolder, 'gateway') });
  await copyPackages(join(resourcesFolder, 'node_modules'), platform, arch);
  await copyNode(join(resourcesFolder, 'node'), platform, arch);
}

/**
 * @param {string} target
 * @param {string} platform
 * @param {string} arch
 */
async function copyPackages(target, platform, arch) {
  const folders = dependencyClosure(root, external);
  const prebuilt = new RegExp(`/prebuilds/(?!${platform}-${arch}|linuxmusl)`);
  for (const folder of folders) {
    await cp(join(root, folder), join(target, '..', folder), {
      recursive: true,
      dereference: true,
      // Packages inside a package come by themselves where they are needed.
      filter: (path) => {
        const inside = path.slice(join(root, folder).length).replaceAll('\\', '/');
        return (
          !/^\/node_modules$/.test(inside) &&
          !needless.test(`${inside}`) &&
          !foreign.test(inside) &&
          !prebuilt.test(inside)
        );
      },
    });
  }
  say(`Copied ${folders.length} packages that the gateway and the app load at run time.`);
}

/**
 * @param {string} target
 * @param {string} platform
 * @param {string} arch
 */
async function copyNode(target, platform, arch) {
  const name = nodePackageFor(platform, arch);
  const folder = name === null ? null : join(root, 'node_modules', name);
  if (folder === null || !existsSync(folder))
    throw new LaunchError(`No Node ${platform}-${arch} is installed: the gateway needs its own.`);
  const binary = join(folder, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  await mkdir(join(target, 'bin'), { recursive: true });
  await cp(binary, join(target, 'bin', basename(binary)));
  await chmod(join(target, 'bin', basename(binary)), 0o755);
  await cp(join(folder, 'LICENSE'), join(target, 'LICENSE'));
}
