import { chromium } from '@playwright/test';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { capture, run } from '../launch/children.mjs';
import { hasDisplay, sandboxSwitches, startVirtualDisplay } from '../launch/display.mjs';
import { LaunchError, say } from '../launch/messages.mjs';
import { root } from '../launch/places.mjs';

const startMs = 60_000;
const packageName = 'ai-studio-monitor';
const model = 'gemini-2.5-flash';

/**
 * Installs the Debian package, starts the installed app, sends one call through its gateway and finds it on the screen. As root the package is
 * really installed, and removed afterwards; anybody else gets it unpacked into a temporary folder. The app is read from outside, through
 * Chromium's debugging port: its fuses leave no other door.
 * @param {readonly string[]} made
 */
export async function smokeTest(made) {
  const deb = made.find((file) => file.endsWith('.deb'));
  if (deb === undefined) throw new LaunchError('--smoke needs the target deb.');
  const workshop = await mkdtemp(join(tmpdir(), 'aism-smoke-'));
  const installed = await install(deb, workshop);
  const display = hasDisplay(process.platform, process.env) ? null : await startVirtualDisplay();
  try {
    await readFuses(installed.binary);
    await driveApp(installed.binary, join(workshop, 'data'), display?.display ?? process.env['DISPLAY'] ?? '');
    say('The installed app metered a call and showed it.');
    return 0;
  } finally {
    await display?.stop();
    await installed.remove();
    await rm(workshop, { recursive: true, force: true });
  }
}

/**
 * @param {string} deb
 * @param {string} workshop
 */
async function install(deb, workshop) {
  const asRoot = process.getuid?.() === 0;
  const command = asRoot ? ['dpkg', '--install', deb] : ['dpkg-deb', '--extract', deb, workshop];
  const [program = '', ...args] = command;
  const code = await run(program, args, { stdio: ['ignore', 2, 2] });
  if (code !== 0) throw new LaunchError(`${command.join(' ')} ended with code ${code}.`);
  const folder = join(asRoot ? '/' : workshop, 'opt', 'AI Studio Monitor');
  const remove = async () => {
    if (asRoot) await run('dpkg', ['--purge', packageName], { stdio: ['ignore', 2, 2] });
  };
  return { binary: join(folder, packageName), remove };
}

/** @param {string} binary */
async function readFuses(binary) {
  const { FuseState, FuseV1Options, getCurrentFuseWire } = await import('@electron/fuses');
  const wire = await getCurrentFuseWire(binary);
  const expected = [
    [FuseV1Options.RunAsNode, FuseState.DISABLE],
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable, FuseState.DISABLE],
    [FuseV1Options.EnableNodeCliInspectArguments, FuseState.DISABLE],
    [FuseV1Options.OnlyLoadAppFromAsar, FuseState.ENABLE],
    [FuseV1Options.GrantFileProtocolExtraPrivileges, FuseState.DISABLE],
  ];
  for (const [fuse, state] of expected)
    if (wire[/** @type {import('@electron/fuses').FuseV1Options} */ (fuse)] !== state)
      throw new LaunchError(`The fuse ${FuseV1Options[Number(fuse)]} of the packed app is not as configured.`);
}

/**
 * @param {string} binary
 * @param {string} dataDir
 * @param {string} display
 */
async function driveApp(binary, dataDir, display) {
  const upstream = await startUpstream();
  await pastFirstSteps(dataDir);
  const switches = [...sandboxSwitches(process.platform, process.getuid?.()), '--remote-debugging-port=0'];
  const args = [...switches, '--data-dir', dataDir, '--port', '0', '--upstream', `gemini=${upstream.url}`];
  const { PATH = '', HOME = '' } = process.env;
  const app = spawn(binary, args, {
    env: { PATH, HOME, DISPLAY: display, AISM_TRAY: 'off' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    const endpoint = await debuggingAddress(app);
    const gateway = await gatewayAddress(dataDir);
    await sendCall(gateway);
    await findOnScreen(endpoint);
  } finally {
    const ended = new Promise((resolve) => app.once('close', resolve));
    app.kill('SIGTERM');
    await Promise.race([ended, sleep(15_000).then(() => app.kill('SIGKILL'))]);
    upstream.server.close();
  }
  if (existsSync(join(dataDir, 'gateway.json'))) throw new LaunchError('The app left its gateway running.');
}

/**
 * The first launch would show its first steps instead of the screens.
 * @param {string} dataDir
 */
async function pastFirstSteps(dataDir) {
  await mkdir(join(dataDir, 'app'), { recursive: true, mode: 0o700 });
  await writeFile(join(dataDir, 'app', 'settings.json'), JSON.stringify({ ui: { onboarded: true } }), { mode: 0o600 });
}

async function startUpstream() {
  const answer = JSON.stringify({
    candidates: [{ content: { role: 'model', parts: [{ text: 'Hello' }] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 1200, candidatesTokenCount: 345, totalTokenCount: 1545 },
    modelVersion: model,
  });
  const server = createServer((req, res) => {
    req.resume().on('end', () => res.writeHead(200, { 'content-type': 'application/json' }).end(answer));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new LaunchError('The test upstream has no port.');
  return { server, url: `http://127.0.0.1:${address.port}` };
}

/**
 * @param {import('node:child_process').ChildProcess} app
 * @returns {Promise<string>}
 */
function debuggingAddress(app) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new LaunchError('The app did not start within a minute.')), startMs);
    const settle = () => clearTimeout(timer);
    app.once('close', (code) => {
      settle();
      reject(new LaunchError(`The app ended with code ${code} instead of starting.`));
    });
    if (app.stderr === null) return;
    createInterface({ input: app.stderr }).on('line', (line) => {
      const address = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (address === undefined) return;
      settle();
      resolve(address);
    });
  });
}

/** @param {string} dataDir */
async function gatewayAddress(dataDir) {
  const file = join(dataDir, 'gateway.json');
  for (let waitedMs = 0; waitedMs < startMs; waitedMs += 100) {
    if (existsSync(file)) return /** @type {{ url: string }} */ (JSON.parse(await readFile(file, 'utf8'))).url;
    await sleep(100);
  }
  throw new LaunchError('The gateway of the installed app did not start within a minute.');
}

/** @param {string} gateway */
async function sendCall(gateway) {
  const response = await fetch(`${gateway}/v1beta/models/${model}:generateContent`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'smoke-test-key' },
    body: JSON.stringify({ contents: [{ parts: [{ text: 'Hello?' }] }] }),
  });
  if (!response.ok) throw new LaunchError(`The call through the gateway was answered with ${response.status}.`);
  const ui = await capture('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', `${gateway}/healthz`]);
  if (ui.output.trim() !== '200') throw new LaunchError('The gateway of the installed app is not healthy.');
}

/** @param {string} endpoint */
async function findOnScreen(endpoint) {
  const browser = await chromium.connectOverCDP(endpoint);
  try {
    const page = browser.contexts()[0]?.pages()[0];
    if (page === undefined) throw new LaunchError('The app has no window.');
    await page.getByText(model).first().waitFor({ timeout: startMs });
    await page.screenshot({ path: join(root, 'dist', 'smoke-test.png') });
  } finally {
    await browser.close();
  }
}
