import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { capture, exitCodeOf } from '../../../build/launch/children.mjs';

const children = pathToFileURL(resolve(import.meta.dirname, '../../../build/launch/children.mjs')).href;

/** A launcher that runs one Node program the way the commands do, without a terminal. */
function launcherOf(program: string, options = {}) {
  const script = `import { run } from ${JSON.stringify(children)};
    process.exitCode = await run(process.execPath, ['-e', ${JSON.stringify(program)}], ${JSON.stringify(options)});`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}

const stopsPolitely = `
  setInterval(() => {}, 1000);
  process.on('SIGTERM', () => { console.log('draining'); process.exit(7); });
  console.log('running');`;

describe('a program under the launcher', () => {
  test('passes its exit code on', async () => {
    const [code] = await once(launcherOf('process.exit(3)'), 'close');

    expect(code).toBe(3);
  });

  test('gets the signal that the launcher got, and the launcher waits for its end', async () => {
    const launcher = launcherOf(stopsPolitely);
    const lines: string[] = [];
    for await (const line of createInterface(launcher.stdout)) {
      lines.push(line);
      if (line === 'running') launcher.kill('SIGTERM');
    }
    if (launcher.exitCode === null) await once(launcher, 'close');

    expect(lines).toEqual(['running', 'draining']);
    expect(launcher.exitCode).toBe(7);
  });

  test('is killed by a second signal when it ignores the first', async () => {
    const launcher = launcherOf(
      `setInterval(() => {}, 1000); process.on('SIGTERM', () => console.log('ignored')); console.log('running');`,
    );
    let lines = 0;
    // The pipe is the program's too, so it ends only once both are dead.
    for await (const _line of createInterface(launcher.stdout)) {
      lines += 1;
      launcher.kill('SIGTERM');
    }
    if (launcher.exitCode === null) await once(launcher, 'close');

    expect(lines).toBe(2);
    expect(launcher.exitCode).toBe(143);
  });
});

describe('a service under the launcher', () => {
  const says = `setInterval(() => {}, 1000); let stops = 0;
    for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGTERM'])
      process.on(signal, () => { console.log(signal); if (signal === 'SIGTERM' && ++stops === 3) process.exit(0); });
    console.log('running');`;

  test('gets every signal as it comes, and decides itself which one ends it', async () => {
    const launcher = launcherOf(says, { service: true });
    const sent: NodeJS.Signals[] = ['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGHUP', 'SIGTERM', 'SIGTERM', 'SIGTERM'];
    const waiting = [...sent];
    const heard: string[] = [];
    for await (const line of createInterface(launcher.stdout)) {
      heard.push(line);
      const next = waiting.shift();
      if (next !== undefined) launcher.kill(next);
    }
    if (launcher.exitCode === null) await once(launcher, 'close');

    expect(heard).toEqual(['running', ...sent]);
    expect(launcher.exitCode).toBe(0);
  });

  test('is killed when it ignores one request after the other', async () => {
    const launcher = launcherOf(
      `setInterval(() => {}, 1000); process.on('SIGTERM', () => console.log('ignored')); console.log('running');`,
      { service: true },
    );
    let lines = 0;
    for await (const _line of createInterface(launcher.stdout)) {
      lines += 1;
      launcher.kill('SIGTERM');
    }
    if (launcher.exitCode === null) await once(launcher, 'close');

    expect(lines).toBe(6);
    expect(launcher.exitCode).toBe(137);
  });
});

test('what a captured program prints is kept, and a program that does not exist has code 127', async () => {
  const program = "console.log('out'); console.error('err'); process.exit(4)";

  const { code, output } = await capture(process.execPath, ['-e', program]);

  expect(code).toBe(4);
  expect(output.split('\n').toSorted()).toEqual(['', 'err', 'out']);
  expect((await capture('no-such-program-here', [])).code).toBe(127);
});

test('the end by a signal is told as a shell tells it', () => {
  expect(exitCodeOf(0, null)).toBe(0);
  expect(exitCodeOf(null, 'SIGTERM')).toBe(143);
  expect(exitCodeOf(null, 'SIGKILL')).toBe(137);
});
