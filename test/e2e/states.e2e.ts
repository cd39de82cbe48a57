/**
 * Every screen in every state, both themes and two sizes, from the fixture bridge: pictures for people in test-results/screens, and for each
 * of them what must hold for everybody.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import type { Scenario } from '../renderer/fixture/fixture-bridge.ts';
import { axeFaults, clippedControls } from './a11y.ts';
import { startChromium } from './browser-kit.ts';
import { openFixture } from './fixture-page.ts';
import { projectRoot } from './fixtures.ts';
import { goTo, placesOf, setTheme } from './walk.ts';

const folder = join(projectRoot, 'test-results', 'screens');
const wide = { width: 1440, height: 900 };
const small = { width: 1024, height: 700 };
const states = { full: 'busy', empty: 'empty', error: 'error', stale: 'stale' } as const satisfies Record<
  string,
  Scenario
>;

let browser: Browser;
test.beforeAll(async () => {
  browser = await startChromium();
  await mkdir(folder, { recursive: true });
});
test.afterAll(() => browser.close());

const picture = (page: Page, name: string) =>
  page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });

for (const [state, scenario] of Object.entries(states)) {
  test(`every screen when it is ${state}: nothing for axe to find, nothing out of reach, in both themes`, async () => {
    test.setTimeout(240_000);
    const page = await openFixture(browser, {
      options: { scenario, snowflake: scenario === 'busy' ? 'backlog' : 'off' },
      ...wide,
    });
    const faults: string[] = [];
    const hasFaces = state === 'full' || state === 'error'; // settings look the same without calls or a connection
    const places = (await placesOf(page)).filter(({ path }) => hasFaces || !path.startsWith('settings/'));
    for (const theme of ['dark', 'light'] as const) {
      await setTheme(page, theme);
      for (const place of places) {
        await page.setViewportSize(wide);
        await goTo(page, place);
        await page.mouse.move(720, 450); // a chart's hint is part of the picture
        await picture(page, `${place.name}-${state}-${theme}`);
        faults.push(...(await axeFaults(page)).map((fault) => `${place.name} ${theme}: ${fault}`));
        if (theme === 'light') continue;
        await page.setViewportSize(small);
        await picture(page, `${place.name}-${state}-${theme}-1024`);
        faults.push(...(await clippedControls(page)).map((fault) => `${place.name} 1024×700: ${fault}`));
      }
    }
    await page.context().close();
    expect(faults).toEqual([]);
  });
}

test('every screen while its first answers are on their way: shapes where numbers will be, no words of emptiness (item 43)', async () => {
  test.setTimeout(120_000);
  const page = await openFixture(browser, { options: { scenario: 'slow', snowflake: 'off' }, ...wide });
  const faults: string[] = [];
  for (const theme of ['dark', 'light'] as const) {
    await setTheme(page, theme);
    for (const path of ['overview', 'requests', 'costs', 'limits', 'storage', 'settings/prices', 'settings/alerts']) {
      await page.evaluate((to) => void (window.location.hash = `#/${to}`), path);
      await expect(page.locator('main .skeleton').first()).toBeVisible();
      const said = await page.locator('main').textContent();
      if (/no calls|none|nothing/i.test(said ?? '')) faults.push(`${path}: ${said}`);
      const name = `${path.replace('/', '-')}-loading-${theme}`;
      await picture(page, name);
      faults.push(...(await axeFaults(page)).map((fault) => `${name}: ${fault}`));
    }
  }
  await page.context().close();
  expect(faults).toEqual([]);
});
