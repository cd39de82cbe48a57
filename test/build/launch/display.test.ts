import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hasDisplay, sandboxSwitches, startVirtualDisplay } from '../../../build/launch/display.mjs';

describe('a display', () => {
  test.each([
    ['linux', {}, false],
    ['linux', { DISPLAY: '' }, false],
    ['linux', { DISPLAY: ':0' }, true],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
    ['darwin', {}, true],
    ['win32', {}, true],
  ] as const)('on %s with %o: %s', (platform, env, expected) => {
    expect(hasDisplay(platform, env)).toBe(expected);
  });
});

test('only root on Linux goes without the sandbox', () => {
  expect(sandboxSwitches('linux', 0)).toEqual(['--no-sandbox']);
  expect(sandboxSwitches('linux', 1000)).toEqual([]);
  expect(sandboxSwitches('darwin', 0)).toEqual([]);
  expect(sandboxSwitches('win32', undefined)).toEqual([]);
});

const hasXvfb = spawnSync('Xvfb', ['-help']).error === undefined;
test.skipIf(!hasXvfb)(
  'two virtual displays at the same time have their own numbers and leave nothing behind',
  async () => {
    const socketOf = (display: string): string => `/tmp/.X11-unix/X${display.slice(1)}`;

    const [one, two] = await Promise.all([startVirtualDisplay(), startVirtualDisplay()]);
    const socketsWhileRunning = [one, two].map(({ display }) => existsSync(socketOf(display)));
    await Promise.all([one.stop(), two.stop()]);

    expect(one.display).toMatch(/^:\d+$/);
    expect(two.display).not.toBe(one.display);
    expect(socketsWhileRunning).toEqual([true, true]);
    expect(existsSync(socketOf(one.display))).toBe(false);
  },
);
