import { join } from 'node:path';
import type { AskName } from '../../contract/ipc.ts';
import { expect, projectRoot, test, untilRunning } from './fixtures.ts';

test('the page cannot leave, open windows, embed, download or be granted anything', async ({ launch }) => {
  const { app, page } = await launch();
  await untilRunning(page);
  const home = page.url();
  expect(home).toMatch(/^app:\/\/ui\//);

  for (const url of ['https://example.com/', 'file:///etc/passwd', 'app://ui.evil/', 'data:text/html,x']) {
    await page.evaluate((target) => {
      const link = document.createElement('a');
      link.href = target;
      document.body.append(link);
      link.click();
      link.remove();
    }, url);
  }
  expect(await page.evaluate(() => window.open('https://example.com/'))).toBeNull();
  expect(await page.evaluate(() => window.open('app://ui/'))).toBeNull();
  expect(page.url()).toBe(home);
  expect(app.windows()).toHaveLength(1);
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
  expect(
    await page.evaluate(() =>
      navigator.clipboard.readText().then(
        () => 'read',
        () => 'refused',
      ),
    ),
  ).toBe('refused');
  // The page is still the same one. A locator would wait for the end of the navigations that were refused.
  expect(await page.evaluate(() => document.querySelector('[data-phase]')?.getAttribute('data-phase'))).toBe('running');
});

test('the page has no Node, no raw IPC, and its policy stops foreign code and connections', async ({ launch }) => {
  const { page, gateway } = await launch();
  await untilRunning(page);
  expect(
    await page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'].filter((name) => name in globalThis),
    ),
  ).toEqual([]);
  expect(await page.evaluate(() => Object.keys(globalThis.bridge).toSorted())).toEqual(['ask', 'onTold']);
  const url = (await gateway()).url ?? '';
  expect(
    await page.evaluate(
      (target) =>
        fetch(target).then(
          () => 'answered',
          () => 'blocked',
        ),
      `${url}/healthz`,
    ),
  ).toBe('blocked');
  expect(
    await page.evaluate(() => fetch('app://ui/').then((answer) => answer.headers.get('content-security-policy'))),
  ).toContain("default-src 'none'");
  const escapes = ['app://ui/..%2fmain%2findex.js', 'app://ui/%2e%2e/%2e%2e/package.json', 'app://ui/no-such-file'];
  expect(
    await page.evaluate(
      (paths) => Promise.all(paths.map((path) => fetch(path).then((answer) => answer.status))),
      escapes,
    ),
  ).toEqual([404, 404, 404]);
  const ran = await page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.injected = true';
    document.body.append(script);
    return 'injected' in globalThis;
  });
  expect(ran).toBe(false);
});

test('asks of another page or another window are refused, even with our preload', async ({ launch }) => {
  const { app, page } = await launch();
  await untilRunning(page);
  const preload = join(projectRoot, 'out', 'preload', 'index.cjs');
  const answers = await app.evaluate(async ({ BrowserWindow }, script) => {
    const asked: unknown[] = [];
    for (const url of ['data:text/html,<p>foreign</p>', 'app://ui/']) {
      const window = new BrowserWindow({
        show: false,
        webPreferences: { preload: script, sandbox: true, contextIsolation: true },
      });
      await window.loadURL(url);
      asked.push(await window.webContents.executeJavaScript("bridge.ask('copyText', 'stolen')"));
      window.destroy();
    }
    return asked;
  }, preload);
  expect(answers).toEqual([
    { ok: false, code: 'forbidden_origin', message: expect.any(String) },
    { ok: false, code: 'forbidden_origin', message: expect.any(String) },
  ]);
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).not.toBe('stolen');
  expect(await page.evaluate(() => globalThis.bridge.ask('copyText', 'from our page'))).toEqual({ ok: true });
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toBe('from our page');
});

test('channels that the bridge does not name are not reachable', async ({ launch }) => {
  const { page } = await launch();
  await untilRunning(page);
  const unknown = await page.evaluate(
    (name) => globalThis.bridge.ask(name, undefined).then(() => 'answered', String),
    '__proto__' as AskName, // what a hostile script would try
  );
  expect(unknown).toContain('No handler registered');
  expect(await page.evaluate(() => globalThis.bridge.ask('restartGateway', { port: 99_999 }))).toMatchObject({
    ok: false,
    code: 'bad_request',
    field: 'port',
  });
});
