import { readFile, rm } from 'node:fs/promises';
import type { ElectronApplication, Page } from '@playwright/test';
import { z } from 'zod';
import { playTraffic } from '../helpers/live-traffic.ts';
import { usableWindow, withApp } from './electron-app.ts';
import type { BenchContext } from './index.ts';
import { quantile, table } from './statistics.ts';

const callsPerSecond = 500;
const tailRows = 10_000;
const softwareNote =
  'No graphics card here: frames are painted by the processor, beside everything else on the machine';

/** The Live screen with a full tail under 500 calls a second: frames, work of the page's main thread, and its heap after half an hour. */
export async function benchWindow(context: BenchContext): Promise<void> {
  context.print(
    `\nWindow (budgets with ${tailRows.toLocaleString('en')} calls in the tail and ${callsPerSecond} calls/s: frame p95 ≤ 16 ms, tick ≤ 8 ms, heap flat over 30 minutes)\n${softwareNote}; processor time of the page's main thread does not depend on it.`,
  );
  await withApp(async ({ launch }) => {
    const app = await launch();
    try {
      const page = await usableWindow(app);
      await page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'Live', exact: true }).click();
      const end = await fill(app, Date.now() - 3_600_000);
      const seconds = context.quick ? 5 : 15;
      const ticks = await measured(app, page, () => play(app, end, { seconds, callsPerSecond: 0 }));
      const busy = await measured(app, page, () => play(app, end + 60_000, { seconds, callsPerSecond }));
      context.print(
        table(
          ['traffic', 'frame p95 ms', 'main thread ms/s', 'task p95 ms', 'longest task ms'],
          [row('ticks only', ticks, seconds), row(`${callsPerSecond} calls/s`, busy, seconds)],
        ),
      );
      const minutes = context.quick ? 3 : 30;
      const before = await heapMb(page);
      await play(app, end + 120_000, { seconds: minutes * 60, callsPerSecond, quarterMs: 0 });
      context.print(
        `heap of the page after collection: ${before.toFixed(1)} MB with a full tail, ${(await heapMb(page)).toFixed(1)} MB after ${minutes} more minutes of traffic`,
      );
    } finally {
      await app.close();
    }
  });
}

const play = (
  app: ElectronApplication,
  fromMs: number,
  wishes: { readonly seconds: number; readonly callsPerSecond: number; readonly quarterMs?: number },
): Promise<void> => playTraffic(app, { quarterMs: 250, fromMs, ...wishes });

/** Fills the tail; where the clock of the traffic then stands. */
async function fill(app: ElectronApplication, fromMs: number): Promise<number> {
  const seconds = tailRows / callsPerSecond;
  await play(app, fromMs, { seconds, callsPerSecond, quarterMs: 0 });
  return fromMs + seconds * 1_000;
}

interface Measured {
  readonly framesMs: readonly number[];
  /** Processor time of each task of the page's main thread. */
  readonly tasksMs: readonly number[];
}

function row(name: string, { framesMs, tasksMs }: Measured, seconds: number): string[] {
  const sum = tasksMs.reduce((all, ms) => all + ms, 0);
  const worth = tasksMs.filter((ms) => ms >= 0.5); // timers and messages of nothing
  return [
    name,
    quantile(framesMs, 0.95).toFixed(1),
    (sum / seconds).toFixed(0),
    quantile(worth, 0.95).toFixed(1),
    Math.max(...tasksMs).toFixed(1),
  ];
}

async function measured(app: ElectronApplication, page: Page, work: () => Promise<void>): Promise<Measured> {
  const pid = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId());
  await app.evaluate(({ contentTracing }) =>
    contentTracing.startRecording({ included_categories: ['toplevel'], excluded_categories: ['*'] }),
  );
  const frames = page.evaluate<number[]>(recordFrames);
  await work();
  await page.evaluate(endFrames);
  const framesMs = await frames;
  const path = await app.evaluate(({ contentTracing }) => contentTracing.stopRecording());
  const tasksMs = await tasksOf(path, pid ?? 0);
  return { framesMs, tasksMs };
}

/** In the page: the times between frames, until told to end. As text, because this program knows no window. */
const recordFrames = `new Promise((resolve) => {
  const times = [];
  let last = performance.now();
  let ended = false;
  addEventListener('frames-end', () => (ended = true), { once: true });
  const next = () => {
    const now = performance.now();
    times.push(now - last);
    last = now;
    if (ended) resolve(times);
    else requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})`;
const endFrames = `dispatchEvent(new Event('frames-end'))`;

const TraceEvent = z.object({
  name: z.string(),
  pid: z.number(),
  tid: z.number(),
  tdur: z.number().optional(), // µs of processor time
  args: z.looseObject({ name: z.string().optional() }).optional(),
});

async function tasksOf(path: string, pid: number): Promise<number[]> {
  const { traceEvents } = z
    .object({ traceEvents: z.array(TraceEvent) })
    .parse(JSON.parse(await readFile(path, 'utf8')));
  await rm(path, { force: true });
  const own = traceEvents.filter((event) => event.pid === pid);
  const main = own.find(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')?.tid;
  const tasks = own.filter(({ name, tid }) => tid === main && name === 'ThreadControllerImpl::RunTask');
  return tasks.flatMap(({ tdur }) => (tdur === undefined ? [] : tdur / 1_000));
}

async function heapMb(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1024 / 1024;
}
