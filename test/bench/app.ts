import type { ElectronApplication } from '@playwright/test';
import { childrenOf } from '../helpers/child-processes.ts';
import { usableWindow, withApp } from './electron-app.ts';
import type { BenchContext } from './index.ts';
import { cpuSeconds } from './machine.ts';
import { median } from './statistics.ts';

/** Launch to usable window, and what the whole app (window, main, gateway, warehouse) uses when nothing happens. */
export async function benchApp(context: BenchContext): Promise<void> {
  context.print('\nApp (budgets: window usable ≤ 2 s after launch; idle ≤ 1 % of a core)');
  await withApp(async ({ electron, launch }) => {
    const times: number[] = [];
    for (let round = 0; round < (context.quick ? 1 : 3); round += 1) times.push(await timeToUsable(launch));
    context.print(
      `launch → window with the running gateway's figures: median ${(median(times) / 1000).toFixed(2)} s (Electron ${electron.version}, ${electron.source}; Playwright attached)`,
    );
    context.print(`idle: ${((await idleShare(launch)) * 100).toFixed(1)} % of a core, all processes of the app`);
  });
}

async function timeToUsable(launch: () => Promise<ElectronApplication>): Promise<number> {
  const began = performance.now();
  const app = await launch();
  await usableWindow(app);
  const took = performance.now() - began;
  await app.close();
  return took;
}

async function idleShare(launch: () => Promise<ElectronApplication>): Promise<number> {
  const app = await launch();
  await usableWindow(app);
  await new Promise((done) => setTimeout(done, 5_000));
  const pids = familyOf(app.process().pid ?? 0);
  const used = () => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const before = used();
  await new Promise((done) => setTimeout(done, 10_000));
  const share = (used() - before) / 10;
  await app.close();
  return share;
}

function familyOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap((child) => familyOf(child.pid))];
}
