/**
 * The app as a person would start it: a real Electron, its own gateway process, a fresh data directory and an upstream on loopback. Every
 * test may launch it more than once, and whatever it launched is closed.
 */
import { test as base, _electron, type ElectronApplication, expect, type Page } from '@playwright/test';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { GatewayFile } from '../../contract/gateway-api.ts';
import type { TestProbe } from '../../main/test-probe.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../helpers/scripted-upstream.ts';

export const projectRoot = resolve(import.meta.dirname, '../..');

export interface LaunchWishes {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Shows the first steps; without it the app starts as one that was set up before. */
  readonly firstLaunch?: boolean;
  /** Another installation than this project. */
  readonly root?: string;
}

export interface RunningApp {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** What main's own probe says. */
  tray(): Promise<ReturnType<TestProbe['trayView']>>;
  gateway(): Promise<ReturnType<TestProbe['gateway']>>;
  /** Console errors of the page, content security violations among them. */
  readonly pageErrors: readonly string[];
}

interface Fixtures {
  readonly dataDir: string;
  readonly upstream: ScriptedUpstream;
  readonly port: number;
  readonly launch: (wishes?: LaunchWishes) => Promise<RunningApp>;
  /** The same without waiting for the page of the window, which some faults prevent. */
  readonly start: (wishes?: LaunchWishes) => Promise<ElectronApplication>;
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the dependencies of a fixture from its first parameter
  dataDir: async ({}, provide) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'aism e2e '));
    await provide(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  },
  // oxlint-disable-next-line no-empty-pattern
  upstream: async ({}, provide) => {
    const upstream = await startScriptedUpstream();
    await provide(upstream);
    await upstream.stop();
  },
  // oxlint-disable-next-line no-empty-pattern
  port: async ({}, provide) => {
    await provide(await freePort());
  },
  start: async ({ dataDir, upstream, port }, provide) => {
    const running: ElectronApplication[] = [];
    await provide(async (wishes = {}) => {
      if (wishes.firstLaunch !== true) await pastFirstSteps(dataDir);
      const args = ['--data-dir', dataDir, '--port', String(port), '--upstream', `gemini=${upstream.url}`];
      const app = await _electron.launch({ ...electronCommand(args, wishes), timeout: 30_000 });
      running.push(app);
      return app;
    });
    for (const app of running) await app.close().catch(() => undefined); // some tests end the app themselves
  },
  launch: async ({ start }, provide) => {
    await provide(async (wishes = {}) => follow(await start(wishes)));
  },
});

export { expect };

/** Command line and environment of the app under test. */
export function electronCommand(
  args: readonly string[],
  { args: more = [], env = {}, root = projectRoot }: LaunchWishes = {},
) {
  const asRoot = process.getuid?.() === 0; // Chromium refuses its sandbox to root, and to root only
  const inherited = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !/^(AISM_PORT|AISM_DATA_DIR|SNOWFLAKE_)/.test(name),
  );
  return {
    executablePath: process.env['AISM_ELECTRON_PATH'] ?? '',
    args: [...(asRoot ? ['--no-sandbox'] : []), root, ...args, ...more],
    env: { ...(Object.fromEntries(inherited) as Record<string, string>), AISM_TEST: '1', AISM_TRAY: 'on', ...env },
  };
}

/** Settings of an app whose first steps were taken; those a test has written stay. */
async function pastFirstSteps(dataDir: string): Promise<void> {
  const file = join(dataDir, 'app', 'settings.json');
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (there) return;
  await mkdir(join(dataDir, 'app'), { recursive: true, mode: 0o700 });
  await writeFile(file, JSON.stringify({ ui: { onboarded: true } }), { mode: 0o600 });
}

async function follow(app: ElectronApplication): Promise<RunningApp> {
  const pageErrors: string[] = [];
  const page = await app.firstWindow();
  page.on('console', (message) => void (message.type() === 'error' && pageErrors.push(message.text())));
  page.on('pageerror', (error) => pageErrors.push(error.message));
  await page.waitForFunction(() => typeof globalThis.bridge === 'object');
  return {
    app,
    page,
    pageErrors,
    tray: async () => present(await app.evaluate(() => globalThis.aismProbe?.trayView())),
    gateway: async () => present(await app.evaluate(() => globalThis.aismProbe?.gateway())),
  };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('Main has no probe: was it started with AISM_TEST=1, unpackaged?');
  return value;
}

/** Waits until calls pass, every part of the gateway is well (the warehouse opens a moment later) and the strip says so. */
export async function untilRunning(page: Page): Promise<void> {
  const health = () => page.evaluate(() => globalThis.bridge.ask('health', undefined));
  await expect.poll(health, { timeout: 20_000 }).toMatchObject({ ok: true, value: { status: 'ok' } });
  await expect(page.locator('[data-phase="running"]')).toBeVisible();
  await expect(page.locator('.stale')).toHaveCount(0);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const closed = once(server, 'close');
  server.close();
  await closed;
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port');
  return address.port;
}

/** Ends an app that started itself again, which no driver holds: the parent of the gateway on that data directory. */
export async function endOfRelaunchedApp(dataDir: string): Promise<void> {
  const { pid } = GatewayFile.parse(JSON.parse(await readFile(join(dataDir, 'gateway.json'), 'utf8')));
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const app = Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]);
  process.kill(app, 'SIGTERM');
  await expect.poll(() => isGone(app) && isGone(pid), { timeout: 30_000 }).toBe(true);
}

export function isGone(pid: number): boolean {
  try {
    return !process.kill(pid, 0);
  } catch {
    return true;
  }
}
