import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { electronCommand, expect, isGone, type RunningApp, test, untilRunning } from './fixtures.ts';

const bounds = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds());
const windows = (app: ElectronApplication) => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
const alive = async (running: RunningApp): Promise<boolean> => {
  const { url } = await running.gateway();
  return url !== null && (await fetch(new URL('/healthz', url))).ok;
};
const closeWindow = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().forEach((window) => window.close()));

test('a second launch brings the first window up and ends by itself', async ({ launch, dataDir }) => {
  const { app, page } = await launch();
  await untilRunning(page);
  await closeWindow(app);
  await expect.poll(() => windows(app)).toBe(0);
  const { executablePath, args, env } = electronCommand(['--data-dir', dataDir]);
  const second = spawn(executablePath, args, { env, stdio: 'ignore' });
  const [code] = await once(second, 'exit');
  expect(code).toBe(0);
  await expect.poll(() => windows(app)).toBe(1);
});

test('closing the window keeps the gateway, and quitting stops it', async ({ launch }) => {
  const running = await launch();
  const { app, page } = running;
  await untilRunning(page);
  const { pid } = await running.gateway();
  await closeWindow(app);
  await expect.poll(() => windows(app)).toBe(0);
  expect(await alive(running)).toBe(true);
  const ended = once(app.process(), 'exit');
  await app.evaluate(({ app: electron }) => electron.quit()).catch(() => undefined); // the connection ends with the app
  await ended;
  expect(isGone(pid ?? 0)).toBe(true);
});

test('without a tray, closing the window quits and stops the gateway', async ({ launch }) => {
  const running = await launch({ env: { AISM_TRAY: 'off' } });
  await untilRunning(running.page);
  const { pid } = await running.gateway();
  const ended = once(running.app.process(), 'exit');
  await closeWindow(running.app).catch(() => undefined);
  await ended;
  expect(isGone(pid ?? 0)).toBe(true);
});

test('the gateway does not outlive an app that was killed', async ({ launch }) => {
  const running = await launch();
  await untilRunning(running.page);
  const { pid } = await running.gateway();
  running.app.process().kill('SIGKILL');
  await expect.poll(() => isGone(pid ?? 0), { timeout: 15_000 }).toBe(true);
});

test('size, place and theme of the window come back', async ({ launch }) => {
  const first = await launch();
  await untilRunning(first.page);
  const wanted = { x: 120, y: 60, width: 1180, height: 800 };
  await first.app.evaluate(({ BrowserWindow }, place) => BrowserWindow.getAllWindows()[0]?.setBounds(place), wanted);
  await expect.poll(() => bounds(first.app)).toEqual(wanted);
  await first.page.evaluate(() => globalThis.bridge.ask('saveUiSettings', { theme: 'dark' }));
  await expect(first.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await first.app.close();

  const second = await launch();
  await expect.poll(() => bounds(second.app)).toEqual(wanted);
  await expect(second.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await second.app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark');
});

test('a window that was on a display that is gone opens on one that is there', async ({ launch, dataDir }) => {
  await mkdir(join(dataDir, 'app'), { recursive: true });
  const lost = { x: 9000, y: -4000, width: 1200, height: 800, maximized: false };
  await writeFile(join(dataDir, 'app', 'settings.json'), JSON.stringify({ window: lost }));
  const { app } = await launch();
  const area = await app.evaluate(({ screen }) => screen.getPrimaryDisplay().workArea);
  const place = (await bounds(app)) ?? lost;
  expect(place.x).toBeGreaterThanOrEqual(area.x);
  expect(place.y).toBeGreaterThanOrEqual(area.y);
  expect(place.x + place.width).toBeLessThanOrEqual(area.x + area.width);
});

test('damaged settings do not stop the start and are kept aside', async ({ launch, dataDir }) => {
  await mkdir(join(dataDir, 'app'), { recursive: true });
  await writeFile(join(dataDir, 'app', 'settings.json'), '{"port": "eigh');
  const { page } = await launch();
  await untilRunning(page);
  expect((await readdir(join(dataDir, 'app'))).filter((name) => name.startsWith('settings.damaged-'))).toHaveLength(1);
});
