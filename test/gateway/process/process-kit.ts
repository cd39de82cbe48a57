/** A gateway started as a terminal, a service manager or a shell would, with a stream that runs while the test does something to its process. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GatewayFile } from '../../../contract/gateway-api.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const gatewayEntry = fileURLToPath(new URL('../../../gateway/index.ts', import.meta.url));

export interface StartedProcess {
  /** What was spawned: the gateway, or the program around it. */
  readonly child: ChildProcess;
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  readonly dataDir: string;
  /** Everything the log file holds. */
  logFile(): string;
  /** Calls to an upstream that refuses them: each makes a log line. */
  makeLogLines(count: number): Promise<void>;
  gone(): boolean;
}

export interface StartOptions {
  readonly upstream: string;
  readonly args?: readonly string[];
  readonly entry?: string;
  readonly spawn: SpawnOptions;
  /** The program around the gateway's command line. */
  readonly within?: (command: readonly string[]) => readonly string[];
}

export interface ProcessScene {
  readonly dataDir: string;
  start(options: StartOptions): Promise<StartedProcess>;
  end(): Promise<void>;
}

export function processScene(): ProcessScene {
  const dataDir = mkdtempSync(join(tmpdir(), 'aism-process-'));
  const started: { readonly child: ChildProcess; pid: number | null }[] = [];
  return {
    dataDir,
    async start({ upstream, args = [], entry = gatewayEntry, spawn: options, within = (command) => command }) {
      const own = [
        '--port',
        '0',
        '--data-dir',
        dataDir,
        '--upstream',
        `s=${upstream}`,
        '--upstream',
        `dead=${refusing}`,
      ];
      const [program = '', ...words] = within([process.execPath, entry, ...own, ...args]);
      const child = spawn(program, words, { cwd: tmpdir(), ...options });
      const record: (typeof started)[number] = { child, pid: null };
      started.push(record);
      const file = await waitFor('gateway.json', () => gatewayFileIn(dataDir), 20_000);
      record.pid = file.pid;
      return startedProcess(child, file, dataDir);
    },
    async end() {
      for (const { child, pid } of started) {
        if (pid !== null) killHard(pid);
        if (child.exitCode === null && child.signalCode === null) {
          child.kill('SIGKILL');
          await once(child, 'exit');
        }
      }
      await waitFor('the end of the gateways', () => started.every(({ pid }) => pid === null || isGone(pid)));
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

const refusing = 'http://127.0.0.1:9';

function startedProcess(child: ChildProcess, file: GatewayFile, dataDir: string): StartedProcess {
  const logPath = join(dataDir, 'logs', 'gateway.log');
  return {
    child,
    ...file,
    dataDir,
    logFile: () => (existsSync(logPath) ? readFileSync(logPath, 'utf8') : ''),
    async makeLogLines(count) {
      const one = async (): Promise<void> => void (await (await fetch(`${file.url}/dead/x`)).text());
      for (let made = 0; made < count; made += 20)
        await Promise.all(Array.from({ length: Math.min(20, count - made) }, one));
    },
    gone: () => isGone(file.pid),
  };
}

function gatewayFileIn(dataDir: string): GatewayFile | null {
  const path = join(dataDir, 'gateway.json');
  return existsSync(path) ? (GatewayFile.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null) : null;
}

/** A zombie counts: its parent in the test has not looked yet. */
function isGone(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return true;
  }
}

function killHard(pid: number): void {
  if (!isGone(pid)) process.kill(pid, 'SIGKILL');
}

export interface HeldStream {
  readonly url: string;
  /** Sends the rest of every stream and ends it. */
  release(): void;
  stop(): void;
}

const firstEvent = 'data: {"part":0}\n\n';
const rest = Array.from({ length: 50 }, (_, index) => `data: {"part":${index + 1}}\n\n`).join('');
export const wholeStream = firstEvent + rest;

/** An upstream whose streams begin at once and end when the test says so. */
export async function holdStreams(): Promise<HeldStream> {
  const released = Promise.withResolvers<void>();
  const server = createServer(async (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(firstEvent);
    await released.promise;
    response.end(rest);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    release: () => released.resolve(),
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export interface RunningStream {
  /** The whole body; rejects when the connection breaks. */
  readonly body: Promise<string>;
}

/** Resolves with the first bytes. */
export function openStream(gatewayUrl: string): Promise<RunningStream> {
  return new Promise((resolve, reject) => {
    get(`${gatewayUrl}/s/stream`, { agent: false }, (response) => {
      let text = '';
      const body = new Promise<string>((done, failed) => {
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          resolve({ body });
        });
        response.on('end', () => done(text));
        response.on('error', failed);
      });
      body.catch(() => undefined); // looked at later
    }).on('error', reject);
  });
}
