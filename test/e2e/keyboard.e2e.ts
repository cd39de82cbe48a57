/** Items 23, 40, 41 and 45 of the acceptance list: keys alone, no motion, and 200 % zoom, on every screen and every part of the settings. */
import { type Browser, expect, type Page, test } from '@playwright/test';
import { clippedControls } from './a11y.ts';
import { startChromium } from './browser-kit.ts';
import { openFixture } from './fixture-page.ts';
import { focusStops, unreachedControls } from './focus-walk.ts';
import { goTo, placesOf } from './walk.ts';

let browser: Browser;
test.beforeAll(async () => {
  browser = await startChromium();
});
test.afterAll(() => browser.close());

const options = { scenario: 'stale', snowflake: 'backlog' } as const; // data that stands still while it is walked through

async function everywhere(page: Page, faultsOf: () => Promise<readonly string[]>): Promise<string[]> {
  const faults: string[] = [];
  for (const place of await placesOf(page)) {
    await goTo(page, place);
    faults.push(...(await faultsOf()).map((fault) => `${place.name}: ${fault}`));
  }
  return faults;
}

test('Tab reaches every control of every screen, shows where it is, and comes round again', async () => {
  test.setTimeout(240_000);
  const page = await openFixture(browser, { options, width: 1440, height: 900 });
  const faults = await everywhere(page, async () => {
    const { stops, cameRound } = await focusStops(page);
    const unseen = stops.filter(({ ring }) => !ring).map(({ name }) => `no focus ring: ${name}`);
    const unreached = (await unreachedControls(page)).map((name) => `never reached: ${name}`);
    return [...(cameRound ? [] : ['Tab is caught']), ...unseen, ...unreached];
  });
  await page.context().close();
  expect(faults).toEqual([]);
});

test('a sheet keeps the focus, Escape leaves it, and the focus is where it was', async () => {
  const page = await openFixture(browser, { options, width: 1280, height: 800 });
  const opener = page.getByRole('button', { name: 'Keys', exact: true });
  await opener.focus();
  await page.keyboard.press('Enter');
  const sheet = page.getByRole('dialog');
  await expect(sheet).toBeVisible();
  for (let pressed = 0; pressed < 6; pressed++) {
    await page.keyboard.press('Tab');
    expect(await sheet.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await expect(opener).toBeFocused();
  await page.context().close();
});

test('at 200 % zoom of 1280×800 no control is cut off or out of reach', async () => {
  test.setTimeout(120_000);
  // Zoom halves the window in CSS pixels; that is all a layout sees of it.
  const page = await openFixture(browser, { options, width: 640, height: 400 });
  const faults = await everywhere(page, () => clippedControls(page));
  await page.context().close();
  expect(faults).toEqual([]);
});

test('with reduced motion nothing moves', async () => {
  test.setTimeout(120_000);
  const page = await openFixture(browser, { options, width: 1280, height: 800, reducedMotion: 'reduce' });
  const running = () =>
    page.evaluate(() =>
      document
        .getAnimations()
        .filter(({ playState }) => playState === 'running')
        .map(({ effect }) => (effect instanceof KeyframeEffect ? (effect.target?.className ?? '') : '')),
    );
  const faults = await everywhere(page, running);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  faults.push(...(await running()));
  await page.context().close();
  expect(faults).toEqual([]);
});

const period = ['Zoom out', 'Back to the period before', 'Forward again'];
const compare = 'Compare with the previous period';
const rows = ['Next row', 'Row before', 'Show details', 'Close details'];
const keysOf: Readonly<Record<string, readonly string[]>> = {
  overview: [...period, compare, 'Export the calls of this period as CSV'],
  live: ['Filter', ...rows, 'Export the last 24 hours as CSV'],
  requests: [...period, 'Search', ...rows, 'Export exactly these requests as CSV'],
  costs: [...period, compare, 'Export the cost table as CSV'],
  limits: period,
};

test('? lists the keys of every screen, no key twice, and each that leads somewhere does from there (item 23)', async () => {
  test.setTimeout(120_000);
  const page = await openFixture(browser, { options, width: 1280, height: 800 });
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  const listed = () =>
    sheet.locator('dl > div').evaluateAll((lines) =>
      lines.map((line) => ({
        label: line.querySelector('dt')?.textContent ?? '',
        keys: [...line.querySelectorAll('kbd')].map((cap) => cap.textContent),
      })),
    );
  for (const place of await placesOf(page)) {
    await goTo(page, place);
    await page.keyboard.press('?');
    await expect(sheet).toBeVisible();
    const lines = await listed();
    const typed = lines.map(({ keys }) => keys.join(' '));
    expect(typed, place.name).toEqual([...new Set(typed)]);
    const ownFrom = lines.findIndex(({ label }) => label === 'Show these shortcuts') + 1;
    const own = lines.slice(ownFrom).map(({ label }) => label);
    expect(own, place.name).toEqual(keysOf[place.path] ?? []);
    await page.keyboard.press('Escape');
    for (const { label, keys } of lines.filter((line) => line.label.startsWith('Go to '))) {
      await goTo(page, place);
      for (const key of keys) await page.keyboard.press(key.toLowerCase());
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(label.slice('Go to '.length));
    }
  }
  await page.context().close();
});

test('the keys of the period act on every screen that has one, and on no other', async () => {
  const page = await openFixture(browser, { options, width: 1280, height: 800 });
  const bounds = page.locator('.header .range-bar').getByRole('button', { name: /^(Last|Custom)/ });
  for (const screen of ['overview', 'requests', 'costs', 'limits']) {
    await goTo(page, { name: screen, path: screen });
    const before = await bounds.textContent();
    await page.keyboard.press('z');
    await expect(bounds).not.toHaveText(before ?? '');
    await page.keyboard.press('[');
    await expect(bounds).toHaveText(before ?? '');
  }
  await goTo(page, { name: 'storage', path: 'storage' });
  await page.keyboard.press('z');
  await goTo(page, { name: 'overview', path: 'overview' });
  await expect(bounds).toHaveText('Last 24 hours');
  await page.context().close();
});
