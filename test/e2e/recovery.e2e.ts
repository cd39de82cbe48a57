import { once } from 'node:events';
import { createServer } from 'node:net';
import { startTestGateway } from '../helpers/gateway-process.ts';
import { expect, test, untilRunning } from './fixtures.ts';
import { answerGemini, callGemini, geminiClient } from './gemini-calls.ts';

test('a killed gateway shows in strip and tray within three seconds, comes back, and no completed call is lost', async ({
  launch,
  upstream,
}) => {
  answerGemini(upstream);
  const { page, gateway, tray } = await launch();
  await untilRunning(page);
  const before = await gateway();
  const client = geminiClient(before.url ?? '');
  for (let count = 0; count < 5; count++) await callGemini(client);
  const requests = page.locator('[data-kpi="Requests"] [data-kpi-value]');
  await expect(requests).toHaveText('5', { timeout: 5000 });

  const killedAt = performance.now();
  process.kill(before.pid ?? 0, 'SIGKILL');
  const [stripMs, trayMs] = await Promise.all([
    page
      .locator('[data-phase]:not([data-phase="running"])')
      .waitFor({ timeout: 5000 })
      .then(() => performance.now() - killedAt),
    expect
      .poll(async () => (await tray()).icon, { intervals: [20], timeout: 5000 })
      .toBe('stopped')
      .then(() => performance.now() - killedAt),
  ]);
  test.info().annotations.push({
    type: 'kill → told',
    description: `strip ${Math.round(stripMs)} ms, tray ${Math.round(trayMs)} ms`,
  });
  expect(stripMs).toBeLessThan(3000);
  expect(trayMs).toBeLessThan(3000);
  await expect(requests).toHaveText('5'); // old values stay, they are never blanked

  await untilRunning(page);
  const after = await gateway();
  expect(after.pid).not.toBe(before.pid);
  expect(after.url).toBe(before.url); // clients need not be told
  await callGemini(client);
  await expect(requests).toHaveText('6', { timeout: 5000 });
  await page.getByRole('button', { name: 'Live', exact: true }).first().click();
  await expect(page.locator('[data-call-id][data-outcome="ok"]')).toHaveCount(6);
  await expect.poll(async () => (await tray()).icon).toBe('running');
});

test('a taken port is explained, a free one is offered, and one click uses it', async ({ launch, port }) => {
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  const { page, gateway, tray } = await launch();
  await expect(page.getByRole('alert')).toContainText(String(port), { timeout: 20_000 });
  expect(await gateway()).toMatchObject({ phase: 'failed' });
  expect(await tray()).toMatchObject({ icon: 'stopped', tooltip: expect.stringContaining('cannot start') });
  await page.getByRole('button', { name: /^Use port \d+$/ }).click();
  await untilRunning(page);
  expect((await gateway()).url).not.toContain(`:${port}`);
  other.close();
});

test('a gateway that runs already is used and outlives the app', async ({ launch, dataDir }) => {
  const other = await startTestGateway({ dataDir });
  const { app, page, gateway } = await launch();
  await untilRunning(page);
  expect(await gateway()).toMatchObject({ attached: true, pid: other.pid, url: other.url });
  const answer = await page.evaluate(() => globalThis.bridge.ask('restartGateway', {}));
  expect(answer).toMatchObject({ ok: false, code: 'already_running' });
  await app.close();
  expect((await fetch(new URL('/healthz', other.url))).status).toBe(200);
  await other.stop();
});
