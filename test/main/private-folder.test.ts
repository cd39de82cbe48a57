import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPrivateFolder } from '../../main/private-folder.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aism-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a private folder', () => {
  test('is created with those above it, readable by the owner only, and may be there already', () => {
    const deep = join(folder, 'a', 'b', 'c');
    createPrivateFolder(deep);
    createPrivateFolder(deep);
    for (const each of [deep, join(folder, 'a')]) expect(statSync(each).mode & 0o777).toBe(0o700);
  });

  test('cannot be a file, or lie below one', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => createPrivateFolder(file)).toThrow('EEXIST');
    expect(() => createPrivateFolder(join(file, 'below'))).toThrow(/ENOTDIR|EEXIST/);
  });

  test.runIf(process.platform === 'linux')('below a parent that takes no children fails instead of hanging', () => {
    expect(() => createPrivateFolder('/proc/no-such-thing/app')).toThrow(/ENOENT|EACCES|EPERM/);
  });
});
