/**
 * A directory whose disk can be frozen, in two ways:
 * - `ext4`: a file system of its own with its writes held (fsfreeze): open for writing, rename, sync and write hang, reads go on.
 * - `fuse`: a user-space file system whose daemon is stopped: everything hangs, stat and open too, like a network mount that is away.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../helpers/wait-for.ts';

export interface FrozenDirectory {
  readonly path: string;
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

const run = (command: string, ...args: readonly string[]): void =>
  void execFileSync(command, args, { stdio: 'pipe', timeout: 30_000 });

function detach(mount: string): void {
  run('umount', '-l', mount);
}

/** @throws where this user may not mount, or a tool is missing */
export async function ext4Directory(): Promise<FrozenDirectory> {
  const base = mkdtempSync(join(tmpdir(), 'aism-ext4-'));
  const [image, mount] = [join(base, 'image'), join(base, 'mount')];
  let frozen = false;
  try {
    mkdirSync(mount);
    run('truncate', '-s', '300M', image);
    run('mkfs.ext4', '-q', '-F', image);
    run('mount', '-o', 'loop', image, mount);
  } catch (error) {
    rmSync(base, { recursive: true, force: true });
    throw error;
  }
  const thaw = (): void => {
    if (frozen) run('fsfreeze', '-u', mount);
    frozen = false;
  };
  return {
    path: madeIn(mount),
    freeze() {
      run('fsfreeze', '-f', mount);
      frozen = true;
    },
    thaw,
    async close() {
      thaw();
      detach(mount);
      rmSync(base, { recursive: true, force: true });
    },
  };
}

/** @throws where this user may not mount, or bindfs is not installed */
export async function fuseDirectory(): Promise<FrozenDirectory> {
  const base = mkdtempSync(join(tmpdir(), 'aism-fuse-'));
  const [source, mount] = [join(base, 'source'), join(base, 'mount')];
  mkdirSync(mount);
  mkdirSync(source);
  const path = join(mount, 'data');
  madeIn(source);
  const daemon = spawn('bindfs', ['-f', source, mount], { stdio: 'ignore' });
  try {
    await Promise.race([waitFor('the mount', () => existsSync(path)), endOf(daemon)]);
  } catch (error) {
    rmSync(base, { recursive: true, force: true });
    throw error;
  }
  return {
    path,
    freeze: () => void daemon.kill('SIGSTOP'),
    thaw: () => void daemon.kill('SIGCONT'),
    async close() {
      daemon.kill('SIGCONT');
      const ended = once(daemon, 'exit');
      detach(mount);
      daemon.kill();
      await ended;
      rmSync(base, { recursive: true, force: true });
    },
  };
}

function madeIn(mount: string): string {
  mkdirSync(join(mount, 'data'), { mode: 0o700 });
  return join(mount, 'data');
}

async function endOf(daemon: ChildProcess): Promise<never> {
  const [reason] = await Promise.race([once(daemon, 'exit'), once(daemon, 'error')]);
  throw new Error(`bindfs ended: ${String(reason)}`);
}
