/**
 * `node test/e2e/take-pictures.ts [minutes]`: the pictures of README and docs/SCREENS.md, from the real app with sample traffic. Needs Electron
 * prepared by an earlier `npm start` or `npm test`, and on Linux Xvfb. Run it again when a screen has changed.
 */
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { _electron, type Page } from '@playwright/test';
import { ensureBuilt } from '../../build/launch/app-build.mjs';
import { startVirtualDisplay } from '../../build/launch/display.mjs';
import { ensureElectron } from '../../build/launch/electron.mjs';
import { windowLaunch } from '../../build/launch/window-launch.mjs';
import type { Budget, RateLimit } from '../../contract/thresholds.ts';
import { goTo, placesOf, setTheme, type Stop } from './walk.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'docs', 'screens');
const minutes = Number(process.argv[2] ?? 14);
const settleMs = 1_500; // charts and panels

interface Scene {
  readonly name: string;
  readonly place: Stop;
  readonly open: (page: Page) => Promise<void>;
  readonly close: (page: Page) => Promise<void>;
}

const escape = (page: Page): Promise<void> => page.keyboard.press('Escape');
const nothing = async (): Promise<void> => undefined;
const overview: Stop = { name: 'overview', path: 'overview' };
const live: Stop = { name: 'live', path: 'live' };

/** What opens over a screen. */
const scenes: readonly Scene[] = [
  {
    name: 'call-details',
    place: live,
    open: (page) => page.locator('[data-call-id][data-outcome="ok"]').nth(-3).click(),
    close: escape,
  },
  { name: 'palette', place: overview, open: (page) => page.keyboard.press('Control+k'), close: escape },
  { name: 'keys', place: overview, open: (page) => page.keyboard.press('?'), close: escape },
];

async function picture(page: Page, name: string, theme: 'dark' | 'light'): Promise<void> {
  await page.mouse.move(0, 0); // nothing hovered
  await sleep(settleMs);
  await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
}

async function pictures(page: Page, theme: 'dark' | 'light', places: readonly Stop[]): Promise<void> {
  await setTheme(page, theme);
  const plain = places.map((place) => ({ name: place.name, place, open: nothing, close: nothing }));
  for (const { name, place, open, close } of [...plain, ...scenes]) {
    await goTo(page, place);
    await open(page);
    await picture(page, name, theme);
    await close(page);
  }
}

/** Amounts and limits that sample traffic uses in part, and one that it overruns. */
async function setThresholds(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const answer = await globalThis.bridge.ask('thresholds', undefined);
    if (!answer.ok) throw new Error(answer.message);
    const budgets: Budget[] = [
      { id: 'all', name: 'Everything', period: 'month', limitUsd: 40, filter: {} },
      { id: 'pro', name: 'Gemini Pro', period: 'day', limitUsd: 9, filter: { model: ['gemini-3.1-pro-preview'] } },
    ];
    const perMinute = { requestsPerMinute: 60, tokensPerMinute: 200_000, requestsPerDay: null };
    const limits: RateLimit[] = [
      { id: 'flash', provider: 'google', model: 'gemini-3.8-flash', key: null, ...perMinute },
    ];
    await globalThis.bridge.ask('saveThresholds', { ...answer.value.thresholds, budgets, limits });
  });
}

async function firstSteps(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('first steps');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Continue' }).click();
  for (const theme of ['dark', 'light'] as const) {
    await setTheme(page, theme);
    await picture(page, 'first-steps', theme);
  }
}

await ensureBuilt();
const { command, switches, env } = windowLaunch(await ensureElectron());
const display = process.platform === 'linux' ? await startVirtualDisplay() : null;
const dataDir = await mkdtemp(join(tmpdir(), 'aism-pictures-'));
const app = await _electron.launch({
  executablePath: command,
  args: [...switches, root, '--data-dir', dataDir, '--demo'],
  env: { ...process.env, ...env, AISM_TEST: '1', ...(display === null ? {} : { DISPLAY: display.display }) } as Record<
    string,
    string
  >,
});
try {
  await mkdir(folder, { recursive: true });
  const page = await app.firstWindow();
  await page.getByRole('button', { name: 'Last 24 hours' }).click();
  await page.getByRole('button', { name: 'Last 15 minutes' }).click();
  await setThresholds(page);
  await sleep(minutes * 60_000);
  const places = await placesOf(page);
  await pictures(page, 'dark', places);
  await pictures(page, 'light', places);
  await firstSteps(page);
} finally {
  await app.close();
  await display?.stop();
  await rm(dataDir, { recursive: true, force: true });
}
