import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, projectRoot, test, untilRunning } from './fixtures.ts';

const folder = join(projectRoot, 'test-results', 'screens');

async function picture(page: Page, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

const goTo = (page: Page, screen: string) =>
  page.getByRole('navigation').getByRole('button', { name: screen, exact: true }).click();

test('every screen, with sample traffic, in both themes, under a policy that nothing on them breaks', async ({
  launch,
}) => {
  const { page, pageErrors } = await launch({ args: ['--demo'] });
  await untilRunning(page);
  await page.getByRole('button', { name: 'Last 24 hours' }).click();
  await page.getByRole('button', { name: 'Last 15 minutes' }).click();
  const requests = page.locator('[data-kpi="Requests"] [data-kpi-value]');
  const shown = async (): Promise<number> => Number((await requests.textContent())?.replaceAll(',', ''));
  await expect.poll(shown, { timeout: 50_000 }).toBeGreaterThan(30);

  for (const theme of ['dark', 'light'] as const) {
    await page.evaluate((wanted) => globalThis.bridge.ask('saveUiSettings', { theme: wanted }), theme);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await goTo(page, 'Overview');
    await expect(page.getByRole('article')).toHaveCount(6);
    await page.getByRole('figure').first().hover();
    await picture(page, `overview-${theme}`);
    await goTo(page, 'Live');
    await expect(page.locator('[data-call-id]').first()).toBeVisible();
    await picture(page, `live-${theme}`);
    for (const screen of ['Requests', 'Costs']) {
      await goTo(page, screen);
      await expect(page.getByText('gemini-3.8-flash').first()).toBeVisible();
      await picture(page, `${screen.toLowerCase()}-${theme}`);
    }
    await goTo(page, 'Storage');
    await expect(page.getByRole('meter')).toBeAttached();
    await picture(page, `storage-${theme}`);
    await goTo(page, 'Settings');
    for (const section of ['Appearance', 'Snowflake', 'Prices', 'Data & retention', 'About']) {
      await goTo(page, section);
      await expect(page.getByRole('region').first()).toBeVisible();
      await picture(page, `settings-${section.split(' ')[0]?.toLowerCase()}-${theme}`);
    }
  }
  await goTo(page, 'Live');
  await page.locator('[data-call-id]:not([data-outcome="running"])').last().click();
  await expect(page.getByRole('tab').first()).toBeVisible();
  await picture(page, 'call-details-light');
  expect(pageErrors).toEqual([]);
});

test('the first launch, before any call, shows how to begin', async ({ launch, port }) => {
  const { page, pageErrors } = await launch();
  await untilRunning(page);
  await expect(page.getByText(`127.0.0.1:${port}`).first()).toBeVisible();
  await picture(page, 'first-launch');
  expect(pageErrors).toEqual([]);
});
