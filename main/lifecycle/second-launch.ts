import { app } from 'electron';
import { z } from 'zod';
import type { Quit } from './quit.ts';

/** What a launch tells the one that runs already. Electron hands its own arguments on too, but in another order and with additions. */
const LaunchData = z.object({ args: z.array(z.string()) });
type LaunchData = z.infer<typeof LaunchData>;

export const launchData = (): LaunchData => ({ args: process.argv.slice(1) });

export interface SecondLaunches {
  /** The app is up: from here on a launch wakes it. Before, its window is on the way anyway. */
  wakeWith(wake: (args: readonly string[]) => void): void;
}

/**
 * A launch while the app runs wakes it; one while it ends is remembered and carried out afterwards.
 * @param dataDir given again as it was understood here: the other launch may have named it from another folder
 */
export function followLaunches(quit: Quit, dataDir: string | null): SecondLaunches {
  let wake: (args: readonly string[]) => void = () => undefined;
  app.on('second-instance', (_event, argv, _folder, data) => {
    const told = LaunchData.safeParse(data);
    const args = told.success ? told.data.args : argv.slice(1);
    if (quit.started()) quit.launchAfterwards(dataDir === null ? args : [...args, '--data-dir', dataDir]);
    else wake(args);
  });
  return {
    wakeWith(next) {
      wake = next;
    },
  };
}
