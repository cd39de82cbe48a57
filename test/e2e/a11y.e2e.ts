/** The real window with sample traffic: axe in both themes, zoom, and nobody asked that was not configured. One app for all of it. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { childrenOf } from '../helpers/child-processes.ts';
import { axeFaults, clippedControls } from './a11y.ts';
import { expect, test, untilRunning } from './fixtures.ts';
import { goTo, placesOf, setTheme } from './walk.ts';

/** Addresses outside this machine that a process or one below it is connected to (Linux). */
async function foreignPeers(pid: number): Promise<string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []); // it may be gone by now
  const links = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  const own = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const peers = tables
    .flatMap((table) => table.split('\n').map((line) => line.trim().split(/\s+/)))
    .filter((fields) => own.has(fields[9] ?? ''))
    .map((fields) => fields[2] ?? '')
    .filter((peer) => !isHere(peer));
  const below = await Promise.all(childrenOf(pid).map((child) => foreignPeers(child.pid)));
  return [...peers, ...below.flat()];
}

/** The kernel writes addresses as hexadecimal words in the machine's byte order: loopback, or none where a socket only listens. */
const isHere = (peer: string): boolean => /^(0100007F|0{24}01000000|0{16}FFFF00000100007F|0+):/.test(peer);

test('every screen of the real window: nothing for axe to find in both themes, no control cut at 200 % zoom, no foreign address asked', async ({
  launch,
}) => {
  test.setTimeout(240_000);
  const { app, page, pageErrors } = await launch({ args: ['--demo'] });
  const asked: string[] = [];
  page.on('request', (request) => void asked.push(request.url()));
  await untilRunning(page);
  await expect(page.locator('[data-kpi="Requests"] [data-kpi-value]')).not.toHaveText('0', { timeout: 20_000 });
  const pid = app.process().pid ?? 0;
  const faults: string[] = [];
  const places = await placesOf(page);
  expect(places.length).toBeGreaterThan(8);
  for (const theme of ['dark', 'light'] as const) {
    await setTheme(page, theme);
    for (const place of places) {
      await goTo(page, place);
      faults.push(...(await axeFaults(page)).map((fault) => `${place.name} ${theme}: ${fault}`));
      faults.push(...(await foreignPeers(pid)).map((peer) => `${place.name}: connected to ${peer}`));
    }
  }
  const zoom = (factor: number) =>
    app.evaluate(({ BrowserWindow }, wanted) => {
      const window = BrowserWindow.getAllWindows()[0];
      window?.setContentSize(1280, 800);
      window?.webContents.setZoomFactor(wanted);
    }, factor);
  await zoom(2);
  await expect.poll(() => page.evaluate(() => window.innerWidth)).toBeLessThan(700);
  for (const place of places) {
    await goTo(page, place);
    faults.push(...(await clippedControls(page)).map((fault) => `${place.name} 200 %: ${fault}`));
  }
  expect(faults).toEqual([]);
  expect(asked.filter((url) => !url.startsWith('app://ui/'))).toEqual([]);
  expect(pageErrors).toEqual([]);
});

test('what opens over a screen passes axe too: palette, shortcuts, period, details of a call', async ({ launch }) => {
  test.setTimeout(120_000);
  const { page } = await launch({ args: ['--demo'] });
  await untilRunning(page);
  const faults: string[] = [];
  const look = async (what: string): Promise<void> => {
    for (const theme of ['dark', 'light'] as const) {
      await setTheme(page, theme);
      faults.push(...(await axeFaults(page)).map((fault) => `${what} ${theme}: ${fault}`));
    }
  };
  for (const [what, key] of [
    ['palette', 'Control+k'],
    ['shortcuts', '?'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole('dialog')).toBeVisible();
    await look(what);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  await page.locator('[data-range]').click();
  await expect(page.getByRole('dialog', { name: 'Period' })).toBeVisible();
  await look('period');
  await page.keyboard.press('Escape');
  await goTo(page, { name: 'live', path: 'live' });
  await page.locator('[data-call-id]:not([data-outcome="running"])').first().click();
  for (const tab of await page.getByRole('complementary', { name: 'Call details' }).getByRole('tab').all()) {
    await tab.click();
    await look(`details, ${await tab.textContent()}`);
  }
  expect(faults).toEqual([]);
});

test('a theme changes the charts of the open page, and "system" follows the machine', async ({ launch }) => {
  const { app, page } = await launch({ args: ['--demo'] });
  await untilRunning(page);
  await expect(page.locator('figure canvas').first()).toBeVisible({ timeout: 20_000 });
  await page.evaluate(() => Object.assign(window, { samePage: true }));
  const shine = () =>
    page
      .locator('figure canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => {
        const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        let sum = 0;
        let drawn = 0;
        for (let at = 0; at < data.length; at += 4) {
          if ((data[at + 3] ?? 0) < 128) continue;
          sum += (data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0);
          drawn++;
        }
        return drawn === 0 ? Number.NaN : sum / drawn / 3;
      });
  await setTheme(page, 'dark');
  await expect.poll(shine).toBeGreaterThan(0);
  const inDark = await shine();
  await setTheme(page, 'light');
  await expect.poll(shine).not.toBeCloseTo(inDark, 0);
  await setTheme(page, 'system');
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  }
  expect(await page.evaluate(() => 'samePage' in window)).toBe(true);
  expect(app.windows()).toHaveLength(1);
});
