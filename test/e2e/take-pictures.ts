/**
 * `node test/e2e/take-pictures.ts [minutes]`: the README's pictures, from the real app with sample traffic. Needs Electron prepared by an earlier
 * `npm start` or `npm test`, and on Linux Xvfb. Run it again when a screen has changed.
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

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'build', 'readme');
const minutes = Number(process.argv[2] ?? 14);

async function picture(page: Page, screen: string, theme: 'dark' | 'light', more?: () => Promise<void>): Promise<void> {
  await page.evaluate((wanted) => globalThis.bridge.ask('saveUiSettings', { theme: wanted }), theme);
  await page.getByRole('navigation').getByRole('button', { name: screen, exact: true }).click();
  await more?.();
  await sleep(1_500); // charts and panels settle
  await page.screenshot({ path: join(folder, `${screen.toLowerCase()}-${theme}.png`) });
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
  await sleep(minutes * 60_000);
  for (const theme of ['dark', 'light'] as const) {
    await picture(page, 'Overview', theme);
    await picture(page, 'Live', theme, async () => {
      await page.locator('[data-call-id][data-outcome="ok"]').nth(-3).click();
    });
  }
} finally {
  await app.close();
  await display?.stop();
  await rm(dataDir, { recursive: true, force: true });
}
