import { performance } from 'node:perf_hooks';
import { type LaunchResult, runLaunches } from '../helpers/launch-campaign.ts';
import { usableWindow, withApp } from './electron-app.ts';
import type { BenchContext } from './index.ts';
import { quantile } from './statistics.ts';

const busyProcesses = 2;

/** Whether a launch always brings a window: as a person launches the app, and as the tests do with a driver attached. */
export async function benchLaunches(context: BenchContext): Promise<void> {
  const launches = context.quick ? 20 : 200;
  context.print(
    `\nLaunches (budget: ${launches} of ${launches} bring a window; ${busyProcesses} processes that never rest)`,
  );
  await withApp(async ({ command, display, launch }) => {
    const results = await runLaunches({ launches, busyProcesses, display, command });
    context.print(`without a driver: ${summary(results, launches)}`);
    for (const { log } of results.filter(isFailure)) context.print(`a launch that failed:\n${log}`);
    const driven: number[] = [];
    for (let round = 0; round < launches / 10; round += 1) {
      const began = performance.now();
      const app = await launch();
      await usableWindow(app);
      driven.push(performance.now() - began);
      await app.close();
    }
    context.print(
      `with a driver: ${driven.length} of ${launches / 10} usable, median ${seconds(quantile(driven, 0.5))}`,
    );
  });
}

const isFailure = ({ shownMs, worksMs }: LaunchResult): boolean => shownMs === null || worksMs === null;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function summary(results: readonly LaunchResult[], launches: number): string {
  const shown = results.flatMap(({ shownMs }) => shownMs ?? []);
  const works = results.flatMap(({ worksMs }) => worksMs ?? []);
  const times = (ms: readonly number[]): string =>
    ms.length === 0 ? 'none' : `median ${seconds(quantile(ms, 0.5))}, longest ${seconds(Math.max(...ms))}`;
  return `${shown.length} of ${launches} windows shown (${times(shown)}), ${works.length} pages working (${times(works)})`;
}
