/** Nothing that happens to the process's terminal, descriptors or signals costs a running call; what asks to stop lets it finish. */
import { spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ignoredSignals, sameRequestMs } from '../../../gateway/cli/signals.ts';
import { askQuestion, waitForCalls } from '../../helpers/analytics-client.ts';
import { warehousePid } from '../../helpers/child-processes.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { rawRows } from '../journal/journal-kit.ts';
import {
  holdStreams,
  openStream,
  processScene,
  wholeStream,
  type HeldStream,
  type ProcessScene,
  type StartOptions,
} from './process-kit.ts';

let scene: ProcessScene;
let upstream: HeldStream;
beforeEach(async () => {
  scene = processScene();
  upstream = await holdStreams();
});
afterEach(async () => {
  upstream.release();
  await scene.end();
  upstream.stop();
});

const hasTerminal = spawnSync('script', ['--version']).status === 0;

/** `script` gives its program a terminal. A shell in between would take part in the signals, so it is replaced. */
const inTerminal = (command: readonly string[]): readonly string[] => [
  'script',
  '--quiet',
  '--command',
  `exec ${command.map((word) => `'${word}'`).join(' ')}`,
  '/dev/null',
];

interface Mischief {
  readonly name: string;
  readonly start: Omit<StartOptions, 'upstream'>;
  readonly happens: (child: ChildProcess) => void;
  /** More than every buffer on the way takes. */
  readonly logLines?: number;
}

const pipes = { spawn: { stdio: ['pipe', 'pipe', 'pipe'] } } as const satisfies Mischief['start'];
const read = ({ stderr, stdout }: ChildProcess): void => [stderr, stdout].forEach((stream) => stream?.resume());

const mischiefs: readonly Mischief[] = [
  { name: 'nothing', start: pipes, happens: read },
  { name: 'the reader of stderr leaves', start: pipes, happens: ({ stderr }) => stderr?.destroy() },
  { name: 'the reader of stdout leaves', start: pipes, happens: ({ stdout }) => stdout?.destroy() },
  { name: 'stdin is closed', start: pipes, happens: ({ stdin }) => stdin?.destroy() },
  {
    name: 'all three are closed',
    start: pipes,
    happens: ({ stdio }) => stdio.forEach((stream) => stream?.destroy()),
  },
  { name: 'nobody reads stderr', start: pipes, happens: () => undefined, logLines: 1500 },
  ...(hasTerminal
    ? ([
        {
          name: 'its terminal is closed',
          start: { ...pipes, within: inTerminal },
          happens: ({ pid = 0 }) => void process.kill(pid, 'SIGKILL'),
        },
        {
          name: 'its terminal takes no more',
          start: { ...pipes, within: inTerminal },
          happens: () => undefined,
          logLines: 1500,
        },
      ] as const)
    : []),
];

const harmless = [...ignoredSignals, 'SIGHUP', 'SIGUSR1', 'SIGWINCH', 'SIGCONT'] as const;

describe('a running stream and the log file', () => {
  it.each(mischiefs)(
    'go on when $name, whatever signals come',
    async ({ start, happens, logLines = 10 }) => {
      const gateway = await scene.start({ ...start, upstream: upstream.url });
      const stream = await openStream(gateway.url);
      happens(gateway.child);
      for (const signal of harmless) process.kill(gateway.pid, signal);
      await gateway.makeLogLines(logLines);
      upstream.release();
      expect(await stream.body).toBe(wholeStream);
      const calls = await waitForCalls(gateway, logLines + 1);
      expect(calls.filter(({ outcome }) => outcome === 'ok')).toHaveLength(1);
      await waitFor('the log lines', () => gateway.logFile().split('ProxyUpstreamFailed').length > logLines);
      expect(gateway.logFile()).not.toContain('Debugger');
      process.kill(gateway.pid, 'SIGTERM');
      await waitFor('the end', () => gateway.gone() && gateway.logFile().includes('GatewayStopped'));
    },
    40_000,
  );

  it('go on when stderr is a file', async () => {
    const descriptor = openSync(join(scene.dataDir, 'stderr'), 'a');
    const gateway = await scene.start({ spawn: { stdio: ['ignore', 'ignore', descriptor] }, upstream: upstream.url });
    closeSync(descriptor);
    await gateway.makeLogLines(10);
    gateway.child.kill('SIGTERM');
    await waitFor('the end', () => gateway.child.exitCode === 0);
    expect(readFileSync(join(scene.dataDir, 'stderr'), 'utf8')).toBe(gateway.logFile());
  });
});

const stopping = [
  'SIGTERM',
  'SIGINT',
  'SIGQUIT',
  ...(process.platform === 'linux' ? (['SIGPWR'] as const) : []),
] as const;

describe('a request to stop', () => {
  it.each(stopping)('(%s) lets the running stream finish, then exits 0', async (signal) => {
    const gateway = await scene.start({ ...pipes, upstream: upstream.url });
    read(gateway.child);
    const stream = await openStream(gateway.url);
    gateway.child.kill(signal);
    await waitFor('the request', () => gateway.logFile().includes('GatewayStopRequested'));
    upstream.release();
    expect(await stream.body).toBe(wholeStream);
    await waitFor('the end', () => gateway.child.exitCode === 0);
    expect(rawRows(scene.dataDir)).toHaveLength(1);
  });

  it.runIf(process.platform === 'linux')(
    'to every process leaves the warehouse process alone until the stream is finished',
    async () => {
      const gateway = await scene.start({ spawn: { ...pipes.spawn, detached: true }, upstream: upstream.url });
      read(gateway.child);
      const stream = await openStream(gateway.url);
      await askQuestion(gateway, 'metrics'); // answered once the warehouse process runs
      const child = warehousePid(gateway.pid) ?? 0;
      for (const signal of [...harmless, 'SIGINT', 'SIGTERM'] as const)
        for (const pid of [-gateway.pid, child]) process.kill(pid, signal);
      await waitFor('the request', () => gateway.logFile().includes('GatewayStopRequested'));
      expect(warehousePid(gateway.pid)).toBe(child);
      upstream.release();
      expect(await stream.body).toBe(wholeStream);
      await waitFor('the end', () => gateway.child.exitCode === 0);
      expect(gateway.logFile()).not.toContain('WarehouseProcessEnded');
    },
  );

  it('that is repeated breaks the stream off, keeps its row and still exits 0', async () => {
    const gateway = await scene.start({ ...pipes, upstream: upstream.url });
    read(gateway.child);
    const stream = await openStream(gateway.url);
    const startedMs = performance.now();
    gateway.child.kill('SIGTERM');
    await sleep(sameRequestMs + 200); // sooner it is taken for the same request
    gateway.child.kill('SIGTERM');
    await expect(stream.body).rejects.toThrow('aborted');
    await waitFor('the end', () => gateway.child.exitCode === 0);
    expect(performance.now() - startedMs).toBeLessThan(9_000); // less than running calls are given
    expect(rawRows(scene.dataDir)).toHaveLength(1);
  });
});
