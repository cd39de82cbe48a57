import { join } from 'node:path';
import { root } from './launch/places.mjs';
import { resourcesFolder } from './package/resources.mjs';

/** Where the app looks for updates, once its user has switched them on. Without it a build carries no address and says so. */
const updateUrl = process.env['AISM_UPDATE_URL'] ?? '';
const inBuild = (/** @type {string[]} */ ...path) => join(root, 'build', ...path);

/** The gateway has its own Node, so Electron never has to act as one: every door that would let it is closed. */
const electronFuses = {
  runAsNode: false,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableCookieEncryption: true,
  onlyLoadAppFromAsar: true,
  enableEmbeddedAsarIntegrityValidation: true,
  grantFileProtocolExtraPrivileges: false,
};

const extraResources = [
  { from: join(resourcesFolder, 'gateway'), to: 'gateway' },
  { from: join(resourcesFolder, 'node_modules'), to: 'node_modules' },
  { from: join(resourcesFolder, 'node'), to: 'node' },
  { from: inBuild('icons'), to: 'icons' },
  { from: join(root, 'out', 'renderer'), to: 'renderer' }, // the gateway serves it to browsers
  { from: join(root, 'LICENSE'), to: 'LICENSE.ai-studio-monitor.txt' },
];

/** Old and new names: Debian 13 and Ubuntu 24.04 renamed libraries whose time type grew. */
export const debianLibraries = [
  'libgtk-3-0t64 | libgtk-3-0',
  'libnss3',
  'libasound2t64 | libasound2',
  'libgbm1',
  'libatk-bridge2.0-0t64 | libatk-bridge2.0-0',
  'libcups2t64 | libcups2',
];

/** @type {import('electron-builder').LinuxConfiguration} */
const linux = {
  target: ['AppImage', 'deb', 'rpm', 'tar.gz'],
  category: 'Development',
  executableName: 'ai-studio-monitor',
  icon: inBuild('icons'),
  synopsis: 'See what your AI API calls do and cost while they happen',
};

/** @type {import('electron-builder').MacConfiguration} */
const mac = {
  target: ['dmg', 'zip'], // electron-updater needs the zip
  icon: inBuild('icons', 'icon.icns'),
  category: 'public.app-category.developer-tools',
  hardenedRuntime: true,
  entitlements: inBuild('entitlements.mac.plist'),
  entitlementsInherit: inBuild('entitlements.mac.plist'),
  binaries: ['Contents/Resources/node/bin/node'],
  notarize: Boolean(process.env['APPLE_API_KEY']),
};

/**
 * How the app is packed. Windows and macOS targets are configured here and built on their own systems (README, "Packaging").
 * Signing is by environment: WIN_CSC_LINK and WIN_CSC_KEY_PASSWORD; CSC_LINK, CSC_KEY_PASSWORD and APPLE_API_KEY, APPLE_API_KEY_ID,
 * APPLE_API_ISSUER.
 * @param {{ electronDist?: string, electronVersion?: string }} [electron] the one to pack instead of the official download
 * @returns {import('electron-builder').Configuration}
 */
export function builderConfig(electron = {}) {
  return {
    ...electron,
    appId: 'invalid.example.ai-studio-monitor',
    productName: 'AI Studio Monitor',
    directories: { output: join(root, 'dist'), buildResources: inBuild() },
    artifactName: 'ai-studio-monitor-${version}-${os}-${arch}.${ext}',
    npmRebuild: false, // native modules run on the gateway's Node, never in Electron
    files: ['out/main/**', 'out/preload/**', 'out/renderer/**', 'package.json', '!**/*.map', '!node_modules/**/*'],
    extraResources,
    electronFuses,
    linux,
    deb: { depends: debianLibraries },
    win: { target: ['nsis'], icon: inBuild('icons', 'icon.ico') },
    nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
    mac,
    publish: updateUrl === '' ? null : { provider: 'generic', url: updateUrl },
  };
}
