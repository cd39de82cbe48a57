/** Every screen and every part of the settings, as the window itself names them: a new one is walked through without a change here. */
import type { Page } from '@playwright/test';
import { expect } from './fixtures.ts';

export interface Stop {
  readonly name: string; // for files and messages
  readonly path: string; // in the address, after `#/`
}

const fileName = (label: string): string => label.toLowerCase().replaceAll(/[^a-z]+/g, '-');

/** All places, with the labels of the rail and of the settings. */
export async function placesOf(page: Page): Promise<readonly Stop[]> {
  const labels = async (navigation: string): Promise<string[]> =>
    (
      await page.getByRole('navigation', { name: navigation, exact: true }).getByRole('button').allTextContents()
    ).filter((label) => label !== 'Keys');
  const screens = (await labels('Main')).filter((label) => label !== 'Settings');
  await page.evaluate(() => void (window.location.hash = '#/settings'));
  await expect(page.getByRole('navigation', { name: 'Settings', exact: true })).toBeVisible();
  const paths = await settingsPaths(page, await labels('Settings'));
  return [
    ...screens.map((label) => ({ name: fileName(label), path: label.split(' ')[0]?.toLowerCase() ?? '' })),
    ...paths,
  ];
}

/** The address of a part is not its label, so each is opened once. */
async function settingsPaths(page: Page, labels: readonly string[]): Promise<Stop[]> {
  const found: Stop[] = [];
  for (const label of labels) {
    await page
      .getByRole('navigation', { name: 'Settings', exact: true })
      .getByRole('button', { name: label, exact: true })
      .click();
    found.push({ name: `settings-${fileName(label)}`, path: new URL(page.url()).hash.slice(2) });
  }
  return found;
}

/** Goes there and waits until no panel is loading. */
export async function goTo(page: Page, { path }: Stop): Promise<void> {
  await page.evaluate((to) => void (window.location.hash = `#/${to}`), path);
  await expect(page.locator('main')).toBeVisible();
  await expect(page.locator('.skeleton')).toHaveCount(0, { timeout: 20_000 });
}

export async function setTheme(page: Page, theme: 'dark' | 'light' | 'system'): Promise<void> {
  await page.evaluate((wanted) => globalThis.bridge.ask('saveUiSettings', { theme: wanted }), theme);
  if (theme !== 'system') await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
}
