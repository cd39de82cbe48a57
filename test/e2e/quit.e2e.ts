/** The end of the app while calls still run: seen, bounded, and no place for a launch to get lost in. */
import type { ElectronApplication, Page } from '@playwright/test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  electronCommand,
  endOfRelaunchedApp,
  expect,
  isGone,
  type RunningApp,
  test,
  untilRunning,
} from './fixtures.ts';

/** An upstream whose answer never ends. */
async function endlessUpstream(): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: first\n\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, server };
}

/** The app with one call that is still running, asked to quit; its main window is gone by then. */
async function quitting(running: RunningApp): Promise<{ readonly sign: Page; readonly exited: Promise<unknown[]> }> {
  const { app, page } = running;
  await untilRunning(page);
  const { url } = await running.gateway();
  const call = get(`${url ?? ''}/endless/x`).on('error', () => undefined); // ends with the gateway
  const [answer] = await once(call, 'response');
  await once(answer, 'data');
  answer.on('error', () => undefined).resume();
  const exited = once(app.process(), 'exit');
  const opened = app.waitForEvent('window');
  await quit(app);
  return { sign: await opened, exited };
}

const quit = (app: ElectronApplication) => app.evaluate(({ app: electron }) => electron.quit()).catch(() => undefined); // the connection ends with the app

const stopNow = (sign: Page) =>
  sign
    .getByRole('button', { name: 'Stop now' })
    .click({ noWaitAfter: true })
    .catch(() => undefined);

const quitTest = test.extend<{ readonly endless: string }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the dependencies of a fixture from its first parameter
  endless: async ({}, provide) => {
    const { url, server } = await endlessUpstream();
    await provide(`endless=${url}`);
    server.closeAllConnections();
    server.close();
  },
});

quitTest(
  'while a call runs, quitting shows that it is stopping, and a launch meanwhile starts the app afterwards',
  async ({ launch, endless, dataDir, port }) => {
    quitTest.skip(process.platform !== 'linux', 'the new process is found through /proc');
    const running = await launch({ args: ['--upstream', endless] });
    const { sign, exited } = await quitting(running);
    await expect(sign.getByRole('heading')).toHaveText('AI Studio Monitor is stopping');
    const before = (await running.gateway()).pid;
    const { executablePath, args, env } = electronCommand(['--data-dir', dataDir, '--port', String(port)]);
    const second = spawn(executablePath, args, { env, stdio: 'ignore' });
    expect(await once(second, 'exit')).toEqual([0, null]);
    await expect(sign.getByText('It starts again as soon as that is done.')).toBeVisible();
    expect(running.app.windows()).toHaveLength(1); // no blank one beside it
    await stopNow(sign);
    expect(await exited).toEqual([0, null]);
    expect(isGone(before ?? 0)).toBe(true);
    const healthy = () =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await expect.poll(healthy, { timeout: 40_000 }).toBe(true);
    await endOfRelaunchedApp(dataDir);
  },
);

for (const [name, hasten] of [
  ['"Stop now"', ({ sign }) => stopNow(sign)],
  ['a second quit', ({ app }) => quit(app)],
] as const satisfies readonly (readonly [
  string,
  (parts: { sign: Page; app: ElectronApplication }) => Promise<unknown>,
])[])
  quitTest(`${name} ends a quit that waits for a running call`, async ({ launch, endless }) => {
    const running = await launch({ args: ['--upstream', endless] });
    const { sign, exited } = await quitting(running);
    await expect(sign.getByRole('heading')).toHaveText('AI Studio Monitor is stopping');
    const { pid } = await running.gateway();
    const asked = performance.now();
    await hasten({ sign, app: running.app });
    expect(await exited).toEqual([0, null]);
    expect(performance.now() - asked).toBeLessThan(8000); // running calls alone would take 10 s
    expect(isGone(pid ?? 0)).toBe(true);
  });
