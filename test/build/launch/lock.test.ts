import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withLock } from '../../../build/launch/lock.mjs';
import { temporaryFolder } from './temporary-folder.ts';

test('two holders of a lock work one after the other, and the second is told that it waits', async () => {
  const lock = join(await temporaryFolder(), 'work.lock');
  const events: string[] = [];
  const { promise: isWorking, resolve: tellWorking } = Promise.withResolvers<void>();
  const { promise: mayEnd, resolve: endFirst } = Promise.withResolvers<void>();

  const first = withLock(
    lock,
    () => events.push('first waits'),
    async () => {
      events.push('first works');
      tellWorking();
      await mayEnd;
      events.push('first ends');
    },
  );
  await isWorking;
  const onWait = (): void => {
    events.push('second waits');
    endFirst();
  };
  await Promise.all([first, withLock(lock, onWait, async () => void events.push('second works'))]);

  expect(events).toEqual(['first works', 'second waits', 'first ends', 'second works']);
});

test('a lock is free again after work that failed', async () => {
  const lock = join(await temporaryFolder(), 'work.lock');
  const failing = withLock(
    lock,
    () => {},
    () => Promise.reject(new Error('broken')),
  );

  await expect(failing).rejects.toThrow('broken');
  expect(
    await withLock(
      lock,
      () => {},
      async () => 'done',
    ),
  ).toBe('done');
});

test('the lock of a process that has died is taken over', async () => {
  const lock = join(await temporaryFolder(), 'work.lock');
  const dead = spawn(process.execPath, ['-e', '']);
  await once(dead, 'close');
  await mkdir(lock);
  await writeFile(join(lock, 'pid'), String(dead.pid));

  expect(
    await withLock(
      lock,
      () => {},
      async () => 'done',
    ),
  ).toBe('done');
});
