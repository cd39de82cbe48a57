import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertUsableDataDir } from '../../../gateway/journal/files.ts';
import { acquireLock } from '../../../gateway/journal/lock.ts';
import { freshDataDir, type DataDir } from './journal-kit.ts';
import { startHolder } from './lock-holder.ts';

let dir: DataDir;
beforeEach(() => {
  dir = freshDataDir();
});
afterEach(() => {
  dir[Symbol.dispose]();
});

describe('the lock of a data directory', () => {
  it('keeps a second process out and names the first one', async () => {
    const holder = await startHolder('instance', dir.path);
    writeFileSync(
      join(dir.path, 'gateway.json'),
      JSON.stringify({ pid: holder.pid, url: 'http://127.0.0.1:8787', token: 'x' }),
    );
    expect(() => acquireLock(dir.path)).toThrow(
      expect.objectContaining({
        code: 'already_running',
        message: expect.stringContaining(`process id ${holder.pid} at http://127.0.0.1:8787`),
      }),
    );
    await expect(startHolder('instance', dir.path)).rejects.toThrow('already_running');
    await holder.kill();
  });

  it('says so too when the first one is not ready yet', async () => {
    const holder = await startHolder('instance', dir.path);
    expect(() => acquireLock(dir.path)).toThrow(/^Another gateway already uses/);
    await holder.kill();
  });

  it('is free at once when its holder is killed', async () => {
    for (let round = 0; round < 3; round += 1) {
      const holder = await startHolder('instance', dir.path);
      await holder.kill();
    }
    expect(() => acquireLock(dir.path).release()).not.toThrow();
  });

  it('keeps this process out as well, and is free after release', () => {
    const lock = acquireLock(dir.path);
    expect(() => acquireLock(dir.path)).toThrow(expect.objectContaining({ code: 'already_running' }));
    lock.release();
    acquireLock(dir.path).release();
  });

  it('holds after a refused attempt of the same process', async () => {
    const lock = acquireLock(dir.path);
    expect(() => acquireLock(dir.path)).toThrow(expect.objectContaining({ code: 'already_running' }));
    await expect(startHolder('instance', dir.path)).rejects.toThrow('already_running');
    lock.release();
  });

  it('belongs to one directory', () => {
    const other = freshDataDir();
    const lock = acquireLock(dir.path);
    expect(() => acquireLock(other.path).release()).not.toThrow();
    lock.release();
    other[Symbol.dispose]();
  });

  it('cannot be taken where the directory is missing', () => {
    expect(() => acquireLock(join(dir.path, 'missing'))).toThrow(
      expect.objectContaining({ code: 'data_dir_unusable' }),
    );
  });
});

describe('the data directory', () => {
  it('is made for its owner only', () => {
    const path = join(dir.path, 'a', 'b');
    assertUsableDataDir(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('is closed to others when it was open', () => {
    const path = join(dir.path, 'open');
    mkdirSync(path, { mode: 0o755 });
    assertUsableDataDir(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('is refused in words when a file stands in its place', () => {
    const path = join(dir.path, 'file');
    writeFileSync(path, '');
    expect(() => assertUsableDataDir(path)).toThrow(
      expect.objectContaining({ code: 'data_dir_unusable', field: 'dataDir', message: expect.stringContaining(path) }),
    );
    expect(() => assertUsableDataDir(join(path, 'below'))).toThrow(
      expect.objectContaining({ code: 'data_dir_unusable' }),
    );
  });

  it.runIf(process.getuid?.() === 0 && process.platform === 'linux')('is refused where it cannot be created', () => {
    const disk = join(dir.path, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=1m', 'tmpfs', disk]);
    try {
      expect(() => assertUsableDataDir(join(disk, 'data'))).toThrow(
        expect.objectContaining({ code: 'data_dir_unusable' }),
      );
      assertUsableDataDir(disk); // it exists: that it cannot be written is the journal's to say
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });
});
