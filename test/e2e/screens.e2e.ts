import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, projectRoot, test, untilRunning } from './fixtures.ts';

const folder = join(projectRoot, 'test-results', 'screens');

test('both screens, with sample traffic, in both themes', async ({ launch }) => {
  await mkdir(folder, { recursive: true });
  const { page, pageErrors } = await launch({ args: ['--demo'] });
  await untilRunning(page);
  const requests = page.locator('[data-kpi="Requests"] [data-kpi-value]');
  await expect
    .poll(async () => Number((await requests.textContent())?.replaceAll(',', '')), { timeout: 40_000 })
    .toBeGreaterThan(20);

  for (const theme of ['dark', 'light'] as const) {
    await page.evaluate((wanted) => globalThis.bridge.ask('saveUiSettings', { theme: wanted }), theme);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await page.getByRole('button', { name: 'Overview', exact: true }).first().click();
    await expect(page.getByRole('article')).toHaveCount(6);
    await page.screenshot({ path: join(folder, `overview-${theme}.png`) });
    await page.getByRole('button', { name: 'Live', exact: true }).first().click();
    await expect(page.locator('[data-call-id]').first()).toBeVisible();
    await page.screenshot({ path: join(folder, `live-${theme}.png`) });
  }
  expect(pageErrors).toEqual([]);
});

test('the first launch, before any call, shows how to begin', async ({ launch, port }) => {
  await mkdir(folder, { recursive: true });
  const { page } = await launch();
  await untilRunning(page);
  await expect(page.getByText(`127.0.0.1:${port}`).first()).toBeVisible();
  await page.screenshot({ path: join(folder, 'first-launch.png') });
});
