/** What a fault of the page leaves standing: a panel, a screen, the whole window, and the log that says what happened. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { startChromium } from './browser-kit.ts';
import { openFixture } from './fixture-page.ts';
import { expect, test, untilRunning } from './fixtures.ts';
import { goTo, placesOf } from './walk.ts';

let browser: Browser;
test.beforeAll(async () => {
  browser = await startChromium();
});
test.afterAll(() => browser.close());

const window1360 = { options: { scenario: 'busy' as const }, width: 1360, height: 860 };

/** From now on every figure and every time throws while it is drawn. */
const breakFormats = (page: Page) =>
  page.evaluate(() => {
    const bad = (): never => {
      throw new Error('one throwing cell');
    };
    for (const prototype of [Intl.NumberFormat.prototype, Intl.DateTimeFormat.prototype]) {
      Object.defineProperty(prototype, 'format', { configurable: true, get: () => bad });
    }
  });

/** The same page again, with one ask of its bridge answered by `answer`. */
async function reloadWith(page: Page, ask: string, answer: unknown): Promise<void> {
  await page.addInitScript(
    ([name, given]) => {
      const { bridge } = globalThis;
      const real = bridge.ask.bind(bridge);
      Object.assign(bridge, {
        ask: (asked: string, input: never) => {
          if (asked !== name) return real(asked as never, input);
          return given === 'throws' ? Promise.reject(new Error('the bridge is broken')) : Promise.resolve(given);
        },
      });
    },
    [ask, answer] as const,
  );
  await page.reload();
}

test('an answer that cannot be drawn costs its panel, not the screen around it', async () => {
  const page = await openFixture(browser, window1360);
  await reloadWith(page, 'endpoints', { ok: true, value: { range: null, endpoints: [null] } });
  const broken = page.getByRole('alert').filter({ hasText: 'This panel could not be shown' });
  await expect(broken).toHaveCount(1);
  await expect(broken.getByRole('button', { name: 'Try again' })).toBeVisible();
  await expect(page.locator('.kpi').first()).toBeVisible();
  await expect(page.getByRole('contentinfo', { name: 'Gateway status' })).toBeVisible();
  await page.context().close();
});

test('on every screen, figures that cannot be drawn leave a message and the way to the other screens', async () => {
  test.setTimeout(120_000);
  const page = await openFixture(browser, window1360);
  const places = await placesOf(page);
  await breakFormats(page);
  for (const { path, name } of places) {
    await page.evaluate((to) => void (window.location.hash = `#/${to}`), path);
    await expect(page.getByRole('navigation', { name: 'Main' }), name).toBeVisible();
    await expect(page.locator('main'), name).toBeVisible();
    await expect
      .poll(async () => (await page.locator('main').innerText()).trim().length, { message: name })
      .toBeGreaterThan(20);
  }
  await page.context().close();
});

test('a screen is drawn again when what broke it is mended', async () => {
  const page = await openFixture(browser, window1360);
  const [overview, live] = await placesOf(page);
  await goTo(page, live ?? { name: '', path: 'live' });
  await breakFormats(page);
  await page.evaluate((to) => void (window.location.hash = `#/${to}`), overview?.path ?? 'overview');
  const alert = page.locator('main').getByRole('alert').first();
  await expect(alert.getByRole('button', { name: 'Try again' })).toBeVisible();
  await page.evaluate(() => {
    Reflect.deleteProperty(Intl.NumberFormat.prototype, 'format');
    Reflect.deleteProperty(Intl.DateTimeFormat.prototype, 'format');
    const text = (value: unknown): string => String(value);
    for (const prototype of [Intl.NumberFormat.prototype, Intl.DateTimeFormat.prototype]) {
      Object.defineProperty(prototype, 'format', { configurable: true, get: () => text });
    }
  });
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(page.locator('main .kpi').first()).toBeVisible();
  await page.context().close();
});

test('a page that cannot start says so instead of staying empty', async () => {
  const page = await openFixture(browser, window1360);
  await reloadWith(page, 'uiSettings', 'throws');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The window ran into an error');
  await expect(alert).toContainText('the bridge is broken');
  await expect(alert.getByRole('button', { name: 'Reload window' })).toBeVisible();
  await page.context().close();
});

test('what broke the page is in the log of the app, once', async ({ launch, dataDir }) => {
  const { page } = await launch();
  await untilRunning(page);
  await breakFormats(page);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'Requests' }).click();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'Overview' }).click();
  await page.evaluate(() => void Promise.reject(new Error('nobody waits for this')));
  await page.evaluate(() =>
    setTimeout(() => {
      throw new Error('thrown by a timer');
    }),
  );
  const log = () => readFile(join(dataDir, 'logs', 'main.log'), 'utf8');
  for (const what of ['PageError render: ', 'one throwing cell', 'nobody waits for this', 'thrown by a timer']) {
    await expect.poll(log).toContain(what);
  }
  expect((await log()).match(/PageError promise/g)).toHaveLength(1);
});

for (const zone of ['', 'Etc/Unknown', 'Nowhere/Land']) {
  test(`a computer with the time zone ${JSON.stringify(zone)} shows times in UTC and says so`, async ({ launch }) => {
    const { page, pageErrors } = await launch({ env: { TZ: zone } });
    await expect(page.locator('.phase')).toHaveAttribute('data-phase', 'degraded', { timeout: 20_000 });
    await expect(page.locator('.phase-detail')).toContainText('UTC is used');
    await expect(page.locator('.header .zone')).toHaveText('UTC');
    await expect(page.getByText('so times are shown in UTC')).toBeVisible();
    for (const place of await placesOf(page)) await goTo(page, place);
    expect(pageErrors).toEqual([]);
  });
}
