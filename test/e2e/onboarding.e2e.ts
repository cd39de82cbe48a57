/** First launch to first metered call, in the real app (acceptance items 1–4 and 28). */
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, projectRoot, test, untilRunning } from './fixtures.ts';
import { answerGemini, callGemini, geminiClient, model } from './gemini-calls.ts';

const step = (page: Page, title: string | RegExp) => page.getByRole('heading', { level: 2, name: title });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/**
 * What a person needs besides the app. The prose of a step is read once, at the low end of what most adults read in silence (175 to 300 words
 * a minute, Brysbaert 2019, doi:10.1016/j.jml.2019.104047); code is pasted, not read, and half a minute is for that and for running it.
 */
const wordsPerMinute = 175;
const pasteAndRunMs = 30_000;

async function readingMs(page: Page): Promise<number> {
  const prose = await page.locator('.first-step').evaluate((panel) => {
    const copy = panel.cloneNode(true);
    if (copy instanceof Element) for (const code of copy.querySelectorAll('pre')) code.remove();
    return copy.textContent ?? '';
  });
  return (prose.trim().split(/\s+/).length / wordsPerMinute) * 60_000;
}

const welcome = (page: Page) => page.getByRole('heading', { name: 'Welcome to AI Studio Monitor' });

async function picture(page: Page, name: string): Promise<void> {
  const folder = join(projectRoot, 'test-results', 'screens');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `first-steps-${name}.png`) });
}

test('a new user goes from launch to the row of the first call, by keyboard alone (items 1, 3)', async ({
  launch,
  upstream,
  port,
}) => {
  answerGemini(upstream);
  const launchedAt = performance.now();
  const first = await launch({ firstLaunch: true });
  const { page, pageErrors } = first;
  await untilRunning(page);
  await expect(step(page, 'The gateway is ready')).toBeFocused();
  await expect(page.locator('[data-check="Storage"]')).toHaveClass('good');
  await picture(page, 'ready');
  let personMs = pasteAndRunMs + (await readingMs(page));
  await page.getByRole('button', { name: 'Continue' }).focus();
  await page.keyboard.press('Enter');

  await expect(step(page, 'Point a client at the gateway')).toBeFocused();
  await expect(page.locator('pre')).toContainText(`http://127.0.0.1:${port}/gemini`);
  await picture(page, 'connect');
  personMs += await readingMs(page);
  const shownUrl = /http:\/\/127\.0\.0\.1:\d+/.exec(await page.locator('pre').innerText())?.[0] ?? '';
  for (const client of ['OpenAI', 'Anthropic', 'Vercel AI', 'curl']) {
    await page.getByRole('radio', { name: client, exact: true }).first().click();
    await expect(page.locator('pre')).toContainText(`http://127.0.0.1:${port}/`);
  }
  await page.getByRole('button', { name: 'Continue' }).focus();
  await page.keyboard.press('Enter');

  await expect(step(page, 'Waiting for your first request…')).toBeFocused();
  await picture(page, 'waiting');
  personMs += await readingMs(page);
  const endedAt = await callGemini(geminiClient(shownUrl)); // only what is on screen
  await page.locator('[data-first-call="ended"]').waitFor();
  const shownMs = performance.now() - endedAt;
  test.info().annotations.push({ type: 'response end → row', description: `${Math.round(shownMs)} ms` });
  expect(shownMs).toBeLessThan(1000);
  const appMs = performance.now() - launchedAt;
  const took = `${Math.round(appMs)} ms of the app, ${Math.round(personMs)} ms of a person`;
  test.info().annotations.push({ type: 'launch → first metered call', description: took });
  expect(appMs + personMs, took).toBeLessThan(120_000);
  const row = page.locator('[data-first-call]');
  for (const text of [model, '1,200', '340', '$']) await expect(row).toContainText(text);
  await expect(page.locator('.first-verdict')).toContainText('It works.');
  await picture(page, 'row');

  await press(page, 'Continue');
  await expect(step(page, /^Snowflake/)).toBeFocused();
  await press(page, 'Open the dashboard');
  await expect(page.locator('[data-kpi="Requests"] [data-kpi-value]')).toHaveText('1');
  expect(pageErrors).toEqual([]);
  await first.app.close();

  const second = await launch({ firstLaunch: true });
  await untilRunning(second.page);
  await expect(second.page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  await expect(welcome(second.page)).toHaveCount(0);
});

test('copying the snippet is confirmed on the button and announced (item 2)', async ({ launch, port }) => {
  const { app, page } = await launch({ firstLaunch: true });
  await untilRunning(page);
  await press(page, 'Continue');
  await press(page, 'Copy');
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: 'Snippet copied' })).toBeVisible();
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toContain(`127.0.0.1:${port}/gemini`);
});

test('every step can be skipped, and About and the palette bring the steps back (item 4)', async ({ launch }) => {
  const { page } = await launch({ firstLaunch: true });
  await untilRunning(page);
  for (const label of ['Gateway', 'Connect a client', 'First request', 'Snowflake']) {
    if (label !== 'Gateway') {
      await page.keyboard.press('Control+k');
      await page.getByRole('searchbox').fill('first steps');
      await page.keyboard.press('Enter');
    }
    await page.getByRole('list', { name: 'First steps' }).getByRole('button', { name: label }).click();
    await press(page, 'Skip the first steps');
    await expect(welcome(page)).toHaveCount(0);
  }
  await page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'Settings' }).click();
  await press(page, 'About');
  await press(page, 'Show the first steps again');
  await expect(welcome(page)).toBeVisible();
  const { ui } = await page.evaluate(async () => {
    const answer = await globalThis.bridge.ask('uiSettings', undefined);
    if (!answer.ok) throw new Error(answer.message);
    return { ui: answer.value };
  });
  expect(ui.onboarded).toBe(true);
});

test('a test request is labelled as a sample, and its traffic stops after it', async ({ launch }) => {
  const { page } = await launch({ firstLaunch: true });
  await untilRunning(page);
  await page.getByRole('list', { name: 'First steps' }).getByRole('button', { name: 'First request' }).click();
  await press(page, 'Send a test request');
  const row = page.locator('[data-first-call="ended"]');
  await expect(row).toContainText('sample', { timeout: 20_000 });
  const running = () =>
    page.evaluate(async () => {
      const answer = await globalThis.bridge.ask('sampleState', undefined);
      return answer.ok && answer.value.running;
    });
  await expect.poll(running, { timeout: 20_000 }).toBe(false);
});

test('when nothing arrives for twenty seconds, the usual causes are listed', async ({ launch, port }) => {
  const { page } = await launch({ firstLaunch: true });
  await untilRunning(page);
  await page.getByRole('list', { name: 'First steps' }).getByRole('button', { name: 'First request' }).click();
  const hints = page.getByRole('region', { name: 'Nothing arrived yet' });
  await expect(hints).toHaveCount(0);
  await expect(hints).toContainText(`http://127.0.0.1:${port}`, { timeout: 30_000 });
  await expect(hints).toContainText('NO_PROXY');
  await picture(page, 'hints');
});

test('a taken port is explained in the first step, and a free one is one click away (item 28)', async ({
  launch,
  port,
}) => {
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  const { page, gateway } = await launch({ firstLaunch: true });
  await expect(page.locator('[data-check="Gateway"]')).toContainText(String(port), { timeout: 20_000 });
  await expect(page.getByRole('button', { name: 'Continue' })).toBeDisabled();
  await picture(page, 'port-taken');
  await page.getByRole('button', { name: /^Use port \d+$/ }).click();
  await untilRunning(page);
  await expect(step(page, 'The gateway is ready')).toBeVisible();
  expect((await gateway()).url).not.toContain(`:${port}`);
  other.close();
});

test('an installation that has calls is not asked to take first steps', async ({ launch, upstream }) => {
  answerGemini(upstream);
  const first = await launch();
  await untilRunning(first.page);
  await callGemini(geminiClient((await first.gateway()).url ?? ''));
  await expect(first.page.locator('[data-kpi="Requests"] [data-kpi-value]')).toHaveText('1', { timeout: 5000 });
  await first.page.evaluate(() => globalThis.bridge.ask('saveUiSettings', { onboarded: false }));
  await first.app.close();
  const second = await launch();
  await expect(second.page.locator('[data-kpi="Requests"] [data-kpi-value]')).toHaveText('1', { timeout: 20_000 });
  await expect(welcome(second.page)).toHaveCount(0);
});

test('the first steps fit a small window and twice the zoom, in both themes', async ({ launch }) => {
  const { app, page } = await launch({ firstLaunch: true });
  await untilRunning(page);
  const zoom = (factor: number) =>
    app.evaluate(({ BrowserWindow }, by) => {
      const [window] = BrowserWindow.getAllWindows();
      window?.setContentSize(1024, 700);
      window?.webContents.setZoomFactor(by);
    }, factor);
  for (const theme of ['dark', 'light'] as const) {
    await page.evaluate((wanted) => globalThis.bridge.ask('saveUiSettings', { theme: wanted }), theme);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    for (const factor of [1, 2]) {
      await zoom(factor);
      for (const label of ['Gateway', 'Connect a client', 'First request', 'Snowflake']) {
        await page.getByRole('list', { name: 'First steps' }).getByRole('button', { name: label }).click();
        await picture(page, `${label.split(' ')[0]?.toLowerCase()}-${theme}-${factor}x`);
        const wide = await page.evaluate(() => {
          const view = document.querySelector('.first-run');
          return view === null ? Number.NaN : view.scrollWidth - view.clientWidth;
        });
        expect(wide, `${label} at ${factor}×`).toBeLessThanOrEqual(0);
      }
    }
  }
});
