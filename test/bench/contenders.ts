/** The ways from client to upstream that are compared, each a process of its own. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import { startProcess, type Running } from './processes.ts';

export interface Contender {
  readonly name: string;
  readonly pid: number;
  /** Where a Gemini generateContent goes in this way. */
  readonly url: string;
  readonly headers: Record<string, string>;
  stop(): Promise<void>;
}

const here = import.meta.dirname;
export const wholePath = '/v1beta/models/gemini-2.5-flash:generateContent';

export function startUpstream(): Promise<Running> {
  return startProcess(process.execPath, [join(here, 'servers', 'upstream.ts')]);
}

export function direct(upstream: Running): Contender {
  return {
    name: 'direct',
    pid: upstream.pid,
    url: `http://127.0.0.1:${upstream.firstLine}${wholePath}`,
    headers: {},
    stop: async () => undefined,
  };
}

export async function bareProxy(upstream: Running): Promise<Contender> {
  const proxy = await startProcess(process.execPath, [
    join(here, 'servers', 'bare-proxy.ts'),
    `http://127.0.0.1:${upstream.firstLine}`,
  ]);
  return {
    name: 'bare undici-dispatch proxy',
    pid: proxy.pid,
    url: `http://127.0.0.1:${proxy.firstLine}${wholePath}`,
    headers: {},
    stop: proxy.stop,
  };
}

export async function ourGateway(
  upstream: Running,
  name: string,
  env: Record<string, string> = {},
): Promise<Contender & { readonly gateway: TestGateway }> {
  const gateway = await startTestGateway({
    upstreams: [`gemini=http://127.0.0.1:${upstream.firstLine}`],
    env: { AISM_LOG_LEVEL: 'warn', ...env },
  });
  return {
    name,
    pid: gateway.pid,
    url: gateway.url + wholePath,
    headers: {},
    stop: async () => void (await gateway.stop()),
    gateway,
  };
}

const portkey = '@portkey-ai/gateway@1.15.2';

/** Portkey's gateway, fetched once into a cache outside the tree; null with the reason when the registry cannot be reached. */
export async function portkeyGateway(upstream: Running): Promise<Contender | { readonly missing: string }> {
  const prefix = join(
    process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
    'ai-studio-monitor',
    'portkey-1.15.2',
  );
  const entry = join(prefix, 'node_modules', '@portkey-ai', 'gateway', 'build', 'start-server.js');
  try {
    if (!existsSync(entry)) install(prefix);
  } catch (error) {
    return {
      missing: `${portkey} could not be installed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
    };
  }
  const port = await freePort();
  const server = await startProcess(process.execPath, [entry, '--headless', `--port=${port}`], {
    NODE_ENV: 'production',
    TRUSTED_CUSTOM_HOSTS: '127.0.0.1',
  });
  return {
    name: "Portkey's gateway 1.15.2",
    pid: server.pid,
    // Its proxy serves the chat route; the upstream answers the same bytes whatever the route.
    url: `http://127.0.0.1:${port}/v1/chat/completions`,
    headers: {
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `http://127.0.0.1:${upstream.firstLine}/v1`,
      authorization: 'Bearer bench',
    },
    stop: server.stop,
  };
}

function install(prefix: string): void {
  mkdirSync(prefix, { recursive: true });
  console.error(`Installing ${portkey} for the comparison …`);
  execFileSync('npm', ['install', '--prefix', prefix, '--no-save', '--ignore-scripts', portkey], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const { port } = probe.address() as AddressInfo;
        probe.close(() => resolve(port));
      });
  });
}
