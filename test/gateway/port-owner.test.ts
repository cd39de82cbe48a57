import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { portOwner } from '../../gateway/port-owner.ts';

const stops: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

const listens = `
  if (process.env.LISTENER_TITLE) process.title = process.env.LISTENER_TITLE;
  require('node:net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

/** A program of its own that listens; its command line holds what must not be shown. */
async function startListener(title = ''): Promise<{ readonly pid: number; readonly port: number }> {
  const dir = await mkdtemp(join(tmpdir(), 'aism-port-'));
  stops.push(() => rm(dir, { recursive: true }));
  const script = join(dir, 'my-server.cjs');
  await writeFile(script, listens);
  const child = spawn(process.execPath, ['--no-warnings', script, '--token', 'sk-canary'], {
    env: { ...process.env, LISTENER_TITLE: title },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  stops.push(async () => {
    child.kill();
    await ended;
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { pid: child.pid ?? 0, port: Number(line.toString()) };
}

describe.runIf(process.platform === 'linux')('the program that holds a port', () => {
  test('is named by its runtime and script, not by its thread and not by its arguments', async () => {
    const { pid, port } = await startListener();
    expect(await portOwner(port)).toEqual({ pid, name: 'node my-server.cjs' });
  });

  test('is named as it calls itself', async () => {
    const { pid, port } = await startListener('web: worker');
    expect(await portOwner(port)).toEqual({ pid, name: 'web' });
  });
});
