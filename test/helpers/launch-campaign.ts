/** Starts the app again and again, as a person does (no driver), beside processes that never rest, and looks at the screen each time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { X11Display } from './x11-display.ts';

export interface LaunchCampaign {
  readonly launches: number;
  readonly busyProcesses: number;
  readonly display: string;
  readonly command: (dataDir: string) => {
    readonly executablePath: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string | undefined>>;
  };
}

export interface LaunchResult {
  /** From the start of the process to a window on the screen; null = none came. */
  readonly shownMs: number | null;
  /** To the first thing its page asked for: the page works. */
  readonly worksMs: number | null;
  /** The app's own log, to explain a failure. */
  readonly log: string;
}

const patienceMs = 60_000;
const lookEveryMs = 50;

export async function runLaunches({
  launches,
  busyProcesses,
  display,
  command,
}: LaunchCampaign): Promise<LaunchResult[]> {
  const screen = await X11Display.open(display);
  const busy = Array.from({ length: busyProcesses }, () =>
    spawn(process.execPath, ['-e', 'for (;;) {}'], { stdio: 'ignore' }),
  );
  try {
    const results: LaunchResult[] = [];
    for (let round = 0; round < launches; round += 1) results.push(await launchOnce(screen, command));
    return results;
  } finally {
    for (const each of busy) each.kill('SIGKILL');
    screen.close();
  }
}

async function launchOnce(screen: X11Display, command: LaunchCampaign['command']): Promise<LaunchResult> {
  const dataDir = await mkdtemp(join(tmpdir(), 'aism-launch-'));
  await mkdir(join(dataDir, 'app'), { mode: 0o700 });
  await writeFile(join(dataDir, 'app', 'settings.json'), JSON.stringify({ ui: { onboarded: true } }), { mode: 0o600 });
  const { executablePath, args, env } = command(dataDir);
  const began = performance.now();
  const app = spawn(executablePath, args, { env: env as NodeJS.ProcessEnv, stdio: 'ignore' });
  const log = () => readFile(join(dataDir, 'logs', 'main.log'), 'utf8').catch(() => '');
  const until = async (done: () => Promise<boolean>): Promise<number | null> => {
    while (performance.now() - began < patienceMs && app.exitCode === null) {
      if (await done()) return performance.now() - began;
      await pause(lookEveryMs);
    }
    return null;
  };
  try {
    const shownMs = await until(async () => (await screen.visibleTitles()).includes('AI Studio Monitor'));
    const worksMs = await until(async () => (await log()).includes('PageStarted'));
    return { shownMs, worksMs, log: await log() };
  } finally {
    await end(app);
    await rm(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

async function end(app: ChildProcess): Promise<void> {
  if (app.exitCode !== null || app.signalCode !== null) return;
  const exited = once(app, 'exit');
  app.kill('SIGTERM');
  const insist = setTimeout(() => app.kill('SIGKILL'), 30_000);
  await exited;
  clearTimeout(insist);
}
