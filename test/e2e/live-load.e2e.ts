/** The Live screen under 500 calls a second with a full tail: it stays one tail, in the page and in its memory. */
import type { Page } from '@playwright/test';
import { playTraffic } from '../helpers/live-traffic.ts';
import { expect, test, untilRunning } from './fixtures.ts';

async function heapMb(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1024 / 1024;
}

test('a tail of ten thousand calls goes on under load, and the heap of the page stays flat', async ({ launch }) => {
  test.setTimeout(300_000);
  const { app, page } = await launch();
  await untilRunning(page);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'Live', exact: true }).click();
  const fromMs = Date.now() - 3_600_000;
  const traffic = { callsPerSecond: 500, quarterMs: 0 };
  await playTraffic(app, { ...traffic, seconds: 30, fromMs });
  await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', '10001');
  const before = await heapMb(page);
  await playTraffic(app, { ...traffic, seconds: 120, fromMs: fromMs + 60_000 });
  await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', '10001');
  expect(await page.locator('[data-call-id]').count()).toBeLessThan(120); // only what is seen is in the page
  expect((await heapMb(page)) - before).toBeLessThan(8); // sixty thousand calls passed: six tails of about 10 MB
});
