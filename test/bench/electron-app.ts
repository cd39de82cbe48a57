import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { ensureBuilt } from '../../build/launch/app-build.mjs';
import { hasDisplay, startVirtualDisplay } from '../../build/launch/display.mjs';
import { ensureElectron } from '../../build/launch/electron.mjs';
import { windowLaunch } from '../../build/launch/window-launch.mjs';

export interface AppLauncher {
  readonly electron: { readonly version: string; readonly source: string };
  launch(): Promise<ElectronApplication>;
  /** The X display that its windows are on; empty where there is none. */
  readonly display: string;
  /** The same start as a command, on another data directory. */
  command(dataDir: string): {
    readonly executablePath: string;
    readonly args: string[];
    readonly env: Record<string, string>;
  };
}

/** The built app in a real Electron, on the display there is or a virtual one, with a data directory of its own. */
export async function withApp(work: (launcher: AppLauncher) => Promise<void>): Promise<void> {
  await ensureBuilt();
  const electron = await ensureElectron();
  const display = hasDisplay(process.platform, process.env) ? null : await startVirtualDisplay();
  const dataDir = await mkdtemp(join(tmpdir(), 'aism-bench-app-'));
  await mkdir(join(dataDir, 'app'), { mode: 0o700 });
  await writeFile(join(dataDir, 'app', 'settings.json'), JSON.stringify({ ui: { onboarded: true } }), { mode: 0o600 });
  try {
    const { command: executablePath, switches, env } = windowLaunch(electron);
    const command = (directory: string) => ({
      executablePath,
      args: [...switches, resolve(import.meta.dirname, '../..'), '--data-dir', directory],
      env: {
        ...process.env,
        ...env,
        ...(display === null ? {} : { DISPLAY: display.display }),
        AISM_PORT: '0',
      } as Record<string, string>,
    });
    const launch = () => _electron.launch(command(dataDir));
    await work({ electron, launch, command, display: display?.display ?? process.env['DISPLAY'] ?? '' });
  } finally {
    await display?.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** The window, once it shows the running gateway. */
export async function usableWindow(app: ElectronApplication): Promise<Page> {
  const page = await app.firstWindow();
  await page
    .getByRole('status')
    .filter({ hasText: /running/i })
    .first()
    .waitFor({ timeout: 30_000 });
  return page;
}
