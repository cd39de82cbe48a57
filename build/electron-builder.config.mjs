import { join } from 'node:path';
import { root } from './launch/places.mjs';
import { resourcesFolder } from './package/resources.mjs';

const homepage = 'https://example.invalid/ai-studio-monitor';

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
    directories: { output: join(root, 'dist'), buildResources: join(root, 'build') },
    artifactName: 'ai-studio-monitor-${version}-${os}-${arch}.${ext}',
    npmRebuild: false, // native modules run on the gateway's Node, never in Electron
    files: ['out/main/**', 'out/preload/**', 'out/renderer/**', 'package.json', '!**/*.map', '!node_modules/**/*'],
    extraResources: [
      { from: join(resourcesFolder, 'gateway'), to: 'gateway' },
      { from: join(resourcesFolder, 'node_modules'), to: 'node_modules' },
      { from: join(resourcesFolder, 'node'), to: 'node' },
      { from: join(root, 'build', 'icons'), to: 'icons' },
      { from: join(root, 'out', 'renderer'), to: 'renderer' },
      { from: join(root, 'LICENSE'), to: 'LICENSE.ai-studio-monitor.txt' },
    ],
    // FAULTS.md, "Electron": the gateway has its own Node, so Electron never has to act as one.
    electronFuses: {
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableCookieEncryption: true,
      onlyLoadAppFromAsar: true,
      enableEmbeddedAsarIntegrityValidation: true,
      grantFileProtocolExtraPrivileges: false,
    },
    linux: {
      target: ['AppImage', 'deb', 'rpm', 'tar.gz'],
      category: 'Development',
      executableName: 'ai-studio-monitor',
      icon: join(root, 'build', 'icons'),
      synopsis: 'See what your AI API calls do and cost while they happen',
    },
    deb: { depends: ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libatk-bridge2.0-0', 'libcups2'] },
    win: { target: ['nsis'], icon: join(root, 'build', 'icons', 'icon.ico') },
    nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
    mac: {
      target: ['dmg', 'zip'], // electron-updater needs the zip
      icon: join(root, 'build', 'icons', 'icon.icns'),
      category: 'public.app-category.developer-tools',
      hardenedRuntime: true,
      entitlements: join(root, 'build', 'entitlements.mac.plist'),
      entitlementsInherit: join(root, 'build', 'entitlements.mac.plist'),
      binaries: ['Contents/Resources/node/bin/node'],
      notarize: Boolean(process.env['APPLE_API_KEY']),
    },
    publish: { provider: 'generic', url: `${homepage}/releases` },
  };
}
