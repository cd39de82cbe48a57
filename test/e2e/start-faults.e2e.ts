/** What a start that goes wrong looks like: a window that says why, always, and a process that ends when it is closed. */
import type { ElectronApplication, Page } from '@playwright/test';
import { once } from 'node:events';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endOfRelaunchedApp, expect, projectRoot, test } from './fixtures.ts';

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const logOf = (dataDir: string) => readFile(join(dataDir, 'logs', 'main.log'), 'utf8').catch(() => '');

/** Presses a button of a plain window; the app may be gone before the driver has noticed the click. */
const press = (page: Page, name: string) =>
  page
    .getByRole('button', { name })
    .click({ noWaitAfter: true })
    .catch(() => undefined);

async function exitCodeAfter(app: ElectronApplication, act: () => Promise<unknown>): Promise<number | null> {
  const exited = once(app.process(), 'exit');
  await act();
  const [code] = await exited;
  return code;
}

const settingsFile = (dataDir: string) => join(dataDir, 'app', 'settings.json');

const damages: readonly {
  readonly name: string;
  readonly damage: (dataDir: string) => Promise<unknown>;
  readonly args?: (dataDir: string) => readonly string[];
  readonly says: RegExp;
  readonly code: number;
  readonly logged?: boolean;
}[] = [
  {
    name: 'settings.json is a folder',
    damage: (dataDir) => mkdir(settingsFile(dataDir), { recursive: true }),
    says: /settings\.json cannot be used, because it is a folder/,
    code: 3,
    logged: true,
  },
  {
    name: 'settings.json is a link to itself',
    damage: async (dataDir) => {
      await mkdir(join(dataDir, 'app'));
      await symlink('settings.json', settingsFile(dataDir));
    },
    says: /settings\.json cannot be used, because it is a link that leads back to itself/,
    code: 3,
    logged: true,
  },
  {
    name: 'the folder of the profile is a file',
    damage: (dataDir) => writeFile(join(dataDir, 'app'), ''),
    says: /app cannot be used, because a file of that name is in the way/,
    code: 3,
  },
  {
    name: 'the data folder is a file',
    damage: (dataDir) => writeFile(join(dataDir, 'taken'), ''),
    args: (dataDir) => ['--data-dir', join(dataDir, 'taken')],
    says: /taken cannot be used, because a file of that name is in the way/,
    code: 3,
  },
  {
    name: 'the data folder cannot be made',
    damage: () => Promise.resolve(),
    args: () => ['--data-dir', '/proc/no-such-place/data'],
    says: /\/proc\/no-such-place\/data cannot be used/,
    code: 3,
  },
  {
    name: 'the port is no number',
    damage: () => Promise.resolve(),
    args: () => ['--port', 'eight'],
    says: /The port must be a whole number from 0 to 65535, not 'eight'/,
    code: 2,
  },
];

for (const { name, damage, args, says, code, logged = false } of damages) {
  test(`a window says so when ${name}, a second launch says it too, and each ends with code ${code}`, async ({
    start,
    dataDir,
  }) => {
    test.skip(process.platform !== 'linux', 'the table damages files as Linux has them');
    await damage(dataDir);
    const wishes = { firstLaunch: true, args: args?.(dataDir) ?? [] };
    const first = await start(wishes);
    const page = await first.firstWindow();
    await expect(heading(page)).toHaveText('AI Studio Monitor cannot start');
    await expect(page.getByRole('alert')).toHaveText(says);
    if (logged) expect(await logOf(dataDir)).toMatch(says);
    const second = await start(wishes);
    const secondPage = await second.firstWindow();
    await expect(secondPage.getByRole('alert')).toHaveText(says);
    expect(await exitCodeAfter(first, () => press(page, 'Quit'))).toBe(code);
    expect(await exitCodeAfter(second, () => secondPage.close().catch(() => undefined))).toBe(code);
  });
}

test('once the fault is mended, "Try again" starts the app', async ({ start, dataDir, port }) => {
  test.skip(process.platform !== 'linux', 'the new process is found through /proc');
  await mkdir(settingsFile(dataDir), { recursive: true });
  const app = await start({ firstLaunch: true });
  const page = await app.firstWindow();
  await expect(heading(page)).toHaveText('AI Studio Monitor cannot start');
  await rm(settingsFile(dataDir), { recursive: true });
  expect(await exitCodeAfter(app, () => press(page, 'Try again'))).toBe(3);
  const healthy = () =>
    fetch(`http://127.0.0.1:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(healthy, { timeout: 40_000 }).toBe(true);
  await endOfRelaunchedApp(dataDir);
});

/** An installation of its own, of which parts can be missing; everything else is this project's. */
async function installation(dataDir: string, change: (root: string) => Promise<unknown>): Promise<string> {
  const root = join(dataDir, 'installation');
  await mkdir(join(root, 'build'), { recursive: true });
  for (const name of ['package.json', 'gateway', 'contract', 'node_modules'])
    await symlink(join(projectRoot, name), join(root, name));
  await cp(join(projectRoot, 'out'), join(root, 'out'), { recursive: true });
  await cp(join(projectRoot, 'build', 'icons'), join(root, 'build', 'icons'), { recursive: true });
  await change(root);
  return root;
}

test('an installation without icons runs, without a tray, and says so in its log', async ({ launch, dataDir }) => {
  const root = await installation(dataDir, (folder) => rm(join(folder, 'build', 'icons'), { recursive: true }));
  const { app } = await launch({ root });
  expect(await logOf(dataDir)).toContain('TrayIconsMissing');
  const closeAll = () =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().forEach((window) => window.close()));
  expect(await exitCodeAfter(app, () => closeAll().catch(() => undefined))).toBe(0); // nothing is left out of reach
});

for (const missing of ['out/renderer/index.html', 'out/preload/index.cjs'])
  test(`an installation without ${missing} says that it is incomplete`, async ({ start, dataDir }) => {
    const root = await installation(dataDir, (folder) => rm(join(folder, missing)));
    const app = await start({ root });
    await expect.poll(() => faultOf(app), { timeout: 30_000 }).toContain('The app is incomplete');
    expect(await logOf(dataDir)).toContain('The app is incomplete');
  });

test('a page that hangs is shown all the same, loaded again, and then the user is asked', async ({
  start,
  dataDir,
}) => {
  test.setTimeout(120_000);
  const root = await installation(dataDir, (folder) =>
    writeFile(join(folder, 'out', 'renderer', 'theme-boot.js'), 'for (;;) {}'),
  );
  const app = await start({ root });
  const visible = () =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().filter((window) => window.isVisible()).length);
  await expect.poll(visible, { timeout: 20_000 }).toBe(1);
  await expect.poll(() => faultOf(app), { timeout: 80_000 }).toContain('The window cannot be shown');
  expect((await logOf(dataDir)).match(/PageFault/g)).toHaveLength(2);
});

/** The text of the plain window, once there is one. */
async function faultOf(app: ElectronApplication): Promise<string> {
  const page = app.windows().find((each) => each.url().startsWith('data:text/html'));
  return page === undefined ? '' : page.locator('body').innerText();
}
