import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { GatewaySupervisor } from '../../main/gateway-process.ts';
import { refusals, unstartable } from '../helpers/unstartable-programs.ts';
import { fakeGatewayCommand, startsOf } from './fake-gateway.ts';
import { quick, reached, running, supervisorScene, type SupervisorScene } from './supervisor-kit.ts';

let scene: SupervisorScene;
beforeEach(async () => {
  scene = await supervisorScene();
});
afterEach(() => scene.end());

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a healthy gateway', () => {
  test('is started with its data directory, port and parent pipe, and its token is read', async () => {
    const supervisor = scene.supervise(['noise']);
    supervisor.start();
    const { endpoint, detail } = await running(supervisor);
    expect(endpoint).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      toolsUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      token: 'f'.repeat(64),
      pid: expect.any(Number),
    });
    expect(detail).toBe(`Running at ${endpoint?.url}`);
    const [start] = await startsOf(scene.dataDir);
    expect(start?.args).toEqual([
      '--port',
      '0',
      '--data-dir',
      scene.dataDir,
      '--parent-pipe',
      '--upstream',
      'gemini=http://127.0.0.1:1',
    ]);
  });

  test('inherits nothing that would change its Node', async () => {
    vi.stubEnv('NODE_OPTIONS', '--no-warnings');
    vi.stubEnv('ELECTRON_RUN_AS_NODE', '1');
    const supervisor = scene.supervise(['serve']);
    supervisor.start();
    await running(supervisor);
    const [start] = await startsOf(scene.dataDir);
    expect(start?.env).not.toContain('NODE_OPTIONS');
    expect(start?.env.filter((name) => name.startsWith('ELECTRON_'))).toEqual([]);
    expect(start?.env).toContain('PATH');
  });

  test.each(refusals)('is started as soon as the system allows it (%s)', async (reason) => {
    const program = unstartable(reason, scene.dataDir);
    const command = { ...fakeGatewayCommand(scene.dataDir, ['serve']), node: program.path };
    const supervisor = scene.supervise(['serve'], {}, 0, command);
    supervisor.start();
    const { detail } = await reached(supervisor, ({ phase }) => phase === 'restarting');
    expect(detail).toContain(reason);
    command.node = process.execPath;
    program.release();
    await running(supervisor);
  });

  test('ends softly when its pipe closes', async () => {
    const supervisor = scene.supervise(['serve']);
    supervisor.start();
    const { endpoint } = await running(supervisor);
    await supervisor.stop();
    expect(supervisor.state()).toMatchObject({ phase: 'stopped', endpoint: null });
    expect(alive(endpoint?.pid ?? 0)).toBe(false);
    expect(await readdir(scene.dataDir)).not.toContain('gateway.json'); // it had the time to clean up
  });

  test('is killed at the deadline when it hears neither pipe nor signal', async () => {
    const supervisor = scene.supervise(['deaf']);
    supervisor.start();
    const { endpoint } = await running(supervisor);
    const before = performance.now();
    await supervisor.stop();
    expect(performance.now() - before).toBeGreaterThanOrEqual(quick.killMs - 50);
    expect(alive(endpoint?.pid ?? 0)).toBe(false);
  });
});

describe('a gateway that ends', () => {
  test('by kill -9 is started again and the state says so in between', async () => {
    const supervisor = scene.supervise(['serve'], { backOff: { firstMs: 300, longestMs: 300 } });
    supervisor.start();
    const first = await running(supervisor);
    process.kill(first.endpoint?.pid ?? 0, 'SIGKILL');
    const between = await reached(supervisor, ({ phase }) => phase === 'restarting');
    expect(between).toMatchObject({
      endpoint: null,
      detail: 'The gateway ended (signal SIGKILL). Trying again in 0.3 s.',
    });
    const second = await running(supervisor);
    expect(second.endpoint?.pid).not.toBe(first.endpoint?.pid);
  });

  test('again and again is retried with growing pauses, and never given up', async () => {
    const supervisor = scene.supervise(['crash', 'crash', 'crash', 'crash', 'crash', 'serve']);
    supervisor.start();
    await running(supervisor);
    const starts = await startsOf(scene.dataDir);
    const gaps = starts.slice(1).map((start, index) => start.at - (starts[index]?.at ?? 0));
    expect(starts).toHaveLength(6);
    expect(gaps[3]).toBeGreaterThanOrEqual(150); // 40, 80, 160, 160 …
    expect(scene.lines.find((line) => line.includes('GatewayEnded'))).toContain(
      'did not start (code 1: the wheel came off)',
    );
  });

  test('without becoming ready in time is killed and counts as a crash', async () => {
    const supervisor = scene.supervise(['silent', 'serve'], { readyMs: 600 });
    supervisor.start();
    await running(supervisor);
    expect(await startsOf(scene.dataDir)).toHaveLength(2);
  });

  test('that cannot be started at all is reported with the reason', async () => {
    const supervisor = new GatewaySupervisor({
      command: { ...fakeGatewayCommand(scene.dataDir, ['serve']), node: join(scene.dataDir, 'no-such-node') },
      dataDir: scene.dataDir,
      port: () => 0,
      extraArgs: () => [],
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      times: quick,
    });
    onTestFinished(() => supervisor.stop());
    supervisor.start();
    const { detail } = await reached(supervisor, ({ phase }) => phase === 'restarting');
    expect(detail).toMatch(/ENOENT/);
  });
});

describe('a state that somebody has to change', () => {
  test('a taken port is told in the gateway’s words, with a free port to use instead', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const supervisor = scene.supervise(['port'], {}, port);
    supervisor.start();
    const { detail, suggestedPort } = await reached(supervisor, ({ phase }) => phase === 'failed');
    expect(detail).toContain(`Port ${port} is taken by process 4242 (nginx)`);
    expect(suggestedPort).not.toBe(port);
    const free = createServer().listen(suggestedPort ?? 0, '127.0.0.1');
    await once(free, 'listening');
    free.close();
    taken.close();
  });

  test('stays failed on the screen while it is tried again, and recovers by itself', async () => {
    const phases: string[] = [];
    const supervisor = scene.supervise(['usage', 'usage', 'serve']);
    supervisor.onChange(({ phase }) => phases.push(phase));
    supervisor.start();
    await running(supervisor);
    expect(phases).toEqual(['starting', 'failed', 'failed', 'running']);
  });

  test('a restart that is asked for does not wait for the pause to end', async () => {
    const supervisor = scene.supervise(['port', 'serve'], { backOff: { firstMs: 60_000, longestMs: 60_000 } });
    supervisor.start();
    await reached(supervisor, ({ phase }) => phase === 'failed');
    await supervisor.restart();
    expect(await running(supervisor)).toMatchObject({ attached: false, suggestedPort: null });
  });
});

describe('a data directory that another gateway serves', () => {
  test('is used through that gateway, which is neither restarted nor stopped', async () => {
    const other = scene.supervise(['serve']);
    other.start();
    const { endpoint } = await running(other);
    const supervisor = scene.supervise(['serve', 'held', 'serve']);
    supervisor.start();
    const state = await running(supervisor);
    expect(state).toMatchObject({ attached: true, endpoint });
    expect(state.detail).toContain(`process ${endpoint?.pid}`);
    await expect(supervisor.restart()).rejects.toMatchObject({ code: 'already_running' });
    await supervisor.stop();
    expect(alive(endpoint?.pid ?? 0)).toBe(true);
  });

  test('is taken over when that gateway is gone', async () => {
    const command = fakeGatewayCommand(scene.dataDir, ['serve']);
    const other = spawn(command.node, [command.entry, '--port', '0', '--data-dir', scene.dataDir], {
      env: command.env,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    await once(other.stdout, 'data');
    const supervisor = scene.supervise(['serve', 'held', 'serve']);
    supervisor.start();
    await reached(supervisor, ({ attached }) => attached);
    other.kill('SIGKILL');
    const own = await reached(supervisor, ({ phase, attached }) => phase === 'running' && !attached);
    expect(own.endpoint?.pid).not.toBe(other.pid);
  });

  test('is reported as held when nobody answers behind its file', async () => {
    const supervisor = scene.supervise(['held']);
    supervisor.start();
    const { detail } = await reached(supervisor, ({ phase }) => phase === 'failed');
    expect(detail).toContain('Process 1 holds the data directory');
  });
});
