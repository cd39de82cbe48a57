import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dependencyClosure } from '../../../build/package/dependency-closure.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aism-closure-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function install(path: string, manifest: object): void {
  const folder = join(root, path);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
}

test('follows dependencies the way Node finds them: the nearest copy wins, each once, cycles end', () => {
  install('node_modules/a', { dependencies: { b: '1', c: '1' } });
  install('node_modules/a/node_modules/c', { dependencies: { b: '1' } });
  install('node_modules/b', { dependencies: { a: '1' } });
  install('node_modules/c', {});
  expect(dependencyClosure(root, ['a'])).toEqual(['node_modules/a', 'node_modules/a/node_modules/c', 'node_modules/b']);
});

test('does without optional packages that are not installed, and never without others', () => {
  install('node_modules/a', { optionalDependencies: { linux: '1', windows: '1' } });
  install('node_modules/linux', {});
  expect(dependencyClosure(root, ['a'])).toEqual(['node_modules/a', 'node_modules/linux']);
  install('node_modules/broken', { dependencies: { missing: '1' } });
  expect(() => dependencyClosure(root, ['broken'])).toThrow(/missing.*not installed/);
});
