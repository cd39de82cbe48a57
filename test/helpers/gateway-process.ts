/** A real gateway in its own process and data directory, for tests that look at it from outside. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { GatewayFile, ReadyLine } from '../../contract/gateway-api.ts';

const entry = fileURLToPath(new URL('../../gateway/index.ts', import.meta.url));

export interface TestGatewayOptions {
  /** `name=url` or `name:provider=url`. The three default upstreams are replaced by a closed port unless named here, so no test leaves the machine. */
  readonly upstreams?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Kept on stop when given; a fresh one is made and removed otherwise. */
  readonly dataDir?: string;
  readonly port?: number;
  readonly readyMs?: number;
  /** The gateway may be ready without its gateway.json. */
  readonly withoutFile?: boolean;
}

export interface TestGateway {
  readonly url: string;
  readonly dashboard: string;
  readonly token: string;
  readonly dataDir: string;
  readonly pid: number;
  readonly child: ChildProcess;
  /** Lines of stderr so far. */
  readonly log: readonly string[];
  /** GET or POST with the token; `path` starts with `/`. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** SIGTERM; resolves with the exit code when the process is gone. The data directory goes too when it was made here. */
  stop(): Promise<number | null>;
  /** SIGKILL; resolves when the process is gone. The data directory stays, for a restart on it. */
  kill9(): Promise<void>;
}

export interface GatewayExit {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of a gateway under test: nothing of the developer's own settings. */
function testEnv(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AISM_|SNOWFLAKE_)/.test(name));
  return { ...Object.fromEntries(inherited), AISM_LOG_LEVEL: 'info', ...extra };
}

const closedPort = 'http://127.0.0.1:9'; // the discard port: nobody listens there

/** Starts `node gateway/index.ts` and waits for its ready line. Throws with the log when it ends or stays silent. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'aism-gateway-')));
  const upstreams = ['gemini', 'openai', 'anthropic']
    .map((name) => `${name}=${closedPort}`)
    .concat(options.upstreams ?? []);
  const args = [
    '--parent-pipe', // a test that fails half-way leaves no gateway behind
    '--port',
    String(options.port ?? 0),
    '--data-dir',
    dataDir,
    ...upstreams.flatMap((spec) => ['--upstream', spec]),
  ];
  const child = spawn(process.execPath, [entry, ...args, ...(options.args ?? [])], {
    env: testEnv(options.env),
    // Not the project: a developer's own .env file must not change a test.
    cwd: tmpdir(),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  if (child.stderr !== null) createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
  const exited = once(child, 'exit');
  const ready = await firstLine(child, log, options.readyMs ?? 15_000);
  const readToken = async (): Promise<string> =>
    GatewayFile.parse(JSON.parse(await readFile(join(dataDir, 'gateway.json'), 'utf8'))).token;
  // On a full disk the file comes when there is room: requests that need it fail until then.
  let token = await readToken().catch((error: unknown) => {
    if (options.withoutFile === true) return null;
    throw error;
  });
  return {
    ...ready,
    dataDir,
    token: token ?? '',
    child,
    log,
    fetch: async (path, init = {}) => {
      token ??= await readToken();
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${token}`);
      return fetch(new URL(path, ready.url), { ...init, headers });
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
      return child.exitCode;
    },
    kill9: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function firstLine(child: ChildProcess, log: readonly string[], readyMs: number): Promise<ReadyLine> {
  if (child.stdout === null) throw new Error('The gateway has no stdout');
  const lines = createInterface({ input: child.stdout });
  const timer = setTimeout(() => child.kill('SIGKILL'), readyMs);
  try {
    for await (const line of lines) return ReadyLine.parse(JSON.parse(line));
  } finally {
    clearTimeout(timer);
    child.stdout.resume();
  }
  throw new Error(`The gateway did not become ready.\n${log.join('\n')}`);
}

/** Runs the gateway command to its end, for commands that end and for starts that fail. */
export async function runGateway(
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<GatewayExit> {
  const child = spawn(process.execPath, [entry, ...args], {
    env: testEnv(options.env),
    cwd: options.cwd ?? tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  const stdout = text(child.stdout);
  const stderr = text(child.stderr);
  const [code] = await once(child, 'close');
  return { code: typeof code === 'number' ? code : null, stdout: await stdout, stderr: await stderr };
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const chunk of stream) all += String(chunk);
  return all;
}
