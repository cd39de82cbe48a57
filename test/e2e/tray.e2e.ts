/** Tray and the pause of recording, in the real app (acceptance items 31 and 32). */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, projectRoot, type RunningApp, test, untilRunning } from './fixtures.ts';
import { answerGemini, callGemini, geminiClient } from './gemini-calls.ts';

const choose = ({ app }: RunningApp, action: 'open' | 'pause' | 'resume' | 'quit') =>
  app.evaluate((_electron, chosen) => globalThis.aismProbe?.trayAct(chosen), action);

test('a pause from the tray is told on every screen and by the tray, and calls pass without a row', async ({
  launch,
  upstream,
}) => {
  answerGemini(upstream);
  const running = await launch();
  const { page, tray, gateway } = running;
  await untilRunning(page);
  const client = geminiClient((await gateway()).url ?? '');
  await callGemini(client);
  const requests = page.locator('[data-kpi="Requests"] [data-kpi-value]');
  await expect(requests).toHaveText('1', { timeout: 5000 });

  await choose(running, 'pause');
  const banner = page.getByRole('complementary', { name: 'Recording paused' });
  await expect(banner).toContainText(/Recording paused since \d\d:\d\d · 0 calls/);
  await callGemini(client);
  await callGemini(client);
  await expect(banner).toContainText('2 calls passed unrecorded');
  await expect(page.locator('[data-phase]')).toContainText('Recording paused');
  await expect.poll(tray).toMatchObject({ icon: 'paused', tooltip: expect.stringContaining('2 calls passed') });
  for (const screen of ['Live', 'Requests', 'Costs', 'Storage', 'Settings']) {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: screen, exact: true }).click();
    await expect(banner).toBeVisible();
  }
  await banner.getByRole('button', { name: 'Resume' }).click();
  await expect(banner).toHaveCount(0);
  await expect.poll(async () => (await tray()).icon).toBe('running');
  await callGemini(client);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'Overview', exact: true }).click();
  await expect(requests).toHaveText('2', { timeout: 10_000 });
});

test('recording is paused and resumed from the palette and by R P, never while a person types', async ({ launch }) => {
  const { page } = await launch();
  await untilRunning(page);
  const banner = page.getByRole('complementary', { name: 'Recording paused' });
  await page.keyboard.press('Control+k');
  await page.getByRole('searchbox').fill('pause recording');
  await page.keyboard.press('Enter');
  await expect(banner).toBeVisible();
  await page.keyboard.press('r');
  await page.keyboard.press('p');
  await expect(banner).toHaveCount(0);
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await page.getByRole('searchbox', { name: 'Search requests' }).fill('');
  await page.keyboard.type('rp');
  await expect(page.getByRole('searchbox', { name: 'Search requests' })).toHaveValue('rp');
  await expect(banner).toHaveCount(0);
});

test('closing to the tray is explained once, and Quit in its menu stops the gateway (item 32)', async ({
  launch,
  dataDir,
}) => {
  const running = await launch();
  await untilRunning(running.page);
  const { pid } = await running.gateway();
  const windows = () => running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  for (let round = 0; round < 2; round++) {
    await running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().forEach((window) => window.close()),
    );
    await expect.poll(windows).toBe(0);
    await choose(running, 'open');
    await expect.poll(windows).toBe(1);
  }
  const ended = once(running.app.process(), 'exit');
  await choose(running, 'quit').catch(() => undefined); // the connection ends with the app
  await ended;
  expect(() => process.kill(pid ?? 0, 0)).toThrow();
  const log = await readFile(join(dataDir, 'logs', 'main.log'), 'utf8');
  expect(log.split('Notice Still metering')).toHaveLength(2);
});

test('each state of the tray has a shape of its own, in colour and as a macOS template (item 31)', async ({
  launch,
}) => {
  const { app } = await launch();
  const states = ['running', 'degraded', 'stopped', 'paused'] as const;
  for (const suffix of ['-16', '-22', '-32', '-44', '-template-16', '-template-32']) {
    const paths = states.map((state) => join(projectRoot, 'build', 'icons', 'tray', `${state}${suffix}.png`));
    const masks = await app.evaluate(
      ({ nativeImage }, files) =>
        files.map((file) => {
          const bitmap = nativeImage.createFromPath(file).toBitmap();
          return Array.from({ length: bitmap.length / 4 }, (_pixel, index) => (bitmap[index * 4 + 3] ?? 0) > 127);
        }),
      paths,
    );
    for (const [index, mask] of masks.entries()) {
      expect(mask.filter(Boolean).length / mask.length).toBeGreaterThan(0.15);
      for (const other of masks.slice(index + 1)) {
        const differing = mask.filter((covered, at) => covered !== other[at]).length / mask.length;
        expect(differing, `${states[index]}${suffix}`).toBeGreaterThan(0.1);
      }
    }
  }
});
