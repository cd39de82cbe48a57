/**
 * P2, fail-open: no fault in journal, warehouse or disk changes a proxied response or delays it by more than 50 ms; the fault is visible in
 * `health`, and everything recovers without a restart (FAULTS.md #4, #5, #20).
 */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allCalls, health } from '../helpers/analytics-client.ts';
import { warehousePid } from '../helpers/child-processes.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import { startScriptedUpstream, type ScriptedUpstream } from '../helpers/scripted-upstream.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { quickPath, scriptGemini, wholeAnswer } from './gemini-script.ts';
import { percentile, startLoad, type Load } from './load.ts';

/** P2's bound, and what timers and scheduling may add to it on a busy two-core machine. */
const holdMs = 50;
const timerSlackMs = 30;

let upstream: ScriptedUpstream;
let dataDir: string;
let gateway: TestGateway | null = null;
beforeEach(async () => {
  upstream = await startScriptedUpstream();
  scriptGemini(upstream);
  dataDir = await mkdtemp(join(tmpdir(), 'aism-open-'));
});
afterEach(async () => {
  await gateway?.stop();
  gateway = null;
  await upstream.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function started(dir: string): Promise<TestGateway> {
  gateway = await startTestGateway({ upstreams: [`gemini=${upstream.url}`], dataDir: dir });
  await warmUp(gateway.url);
  return gateway;
}

/** The first calls of a process wait for its code to be compiled: not what this file measures. */
async function warmUp(url: string): Promise<void> {
  const load = startLoad({ url: () => url, workers: 3, path: () => quickPath });
  await waitFor('a warm gateway', () => load.acknowledged.size > 60, 30_000);
  await load.stop();
}

interface Watched {
  readonly load: Load;
  readonly control: Load;
  stop(): Promise<void>;
}

/** Calls through the gateway, and beside them the same calls straight to the upstream: both see the same busy machine. */
function watchedLoad(target: TestGateway): Watched {
  const options = { workers: 3, path: () => quickPath, pauseMs: 10, accept: (body: string) => body === wholeAnswer };
  const load = startLoad({ ...options, url: () => target.url });
  const control = startLoad({ ...options, url: () => upstream.url, workers: 1, direct: true });
  return {
    load,
    control,
    stop: async () => {
      await waitFor('enough answers', () => load.acknowledged.size + load.failures() > 40);
      await Promise.all([load.stop(), control.stop()]);
    },
  };
}

/** Every answer came back whole and unchanged, and none was held longer than promised. */
function expectUndisturbed({ load, control }: Watched): void {
  expect(load.failures()).toBe(0);
  expect(control.failures()).toBe(0);
  const added = percentile(load.latenciesMs, 0.95) - percentile(control.latenciesMs, 0.95);
  expect(added).toBeLessThan(holdMs + timerSlackMs);
}

async function expectAllRows(target: TestGateway, load: Load): Promise<void> {
  const rows = await waitFor(
    'every acknowledged row',
    async () => {
      const ids = new Set((await allCalls(target)).map((row) => row.callId));
      return [...load.acknowledged].every((callId) => ids.has(callId)) && ids;
    },
    30_000,
  );
  expect(rows.size).toBeGreaterThanOrEqual(load.sent());
}

describe('warehouse process', () => {
  it(
    'killed: responses go on, health says so, it comes back and every row arrives once',
    { timeout: 60_000 },
    async () => {
      const target = await started(dataDir);
      const watched = watchedLoad(target);
      const { load } = watched;
      await sleep(300);
      const before = await waitFor('the warehouse process', () => warehousePid(target.pid));
      process.kill(before, 'SIGKILL');
      await waitFor('a restart to be counted', async () => (await health(target)).checks.warehouse.restarts > 0);
      await waitFor('the new process', () => {
        const now = warehousePid(target.pid);
        return now !== null && now !== before && now;
      });
      await sleep(300);
      await watched.stop();
      expectUndisturbed(watched);
      await expectAllRows(target, load);
      await waitFor('health ok', async () => (await health(target)).checks.warehouse.state === 'ok');
    },
  );

  it(
    'stopped (SIGSTOP): responses go on, health is degraded, SIGCONT heals it without a restart',
    { timeout: 90_000 },
    async () => {
      const target = await started(dataDir);
      const watched = watchedLoad(target);
      const { load } = watched;
      const pid = await waitFor('the warehouse process', () => warehousePid(target.pid));
      process.kill(pid, 'SIGSTOP');
      try {
        await waitFor('health to degrade', async () => (await health(target)).status !== 'ok', 30_000);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      await watched.stop();
      expectUndisturbed(watched);
      await expectAllRows(target, load);
      await waitFor('health ok', async () => (await health(target)).status === 'ok', 20_000);
      expect(warehousePid(target.pid)).toBe(pid);
    },
  );
});

describe.runIf(process.getuid?.() === 0)('journal disk', () => {
  const mounted: string[] = [];
  afterEach(() => {
    for (const dir of mounted.splice(0)) execFileSync('umount', ['-l', dir]);
  });
  function mountSmallDisk(): void {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', dataDir]);
    mounted.push(dataDir);
  }

  it(
    'full: responses go on, health is degraded, freeing space heals it and nothing acknowledged is lost',
    { timeout: 90_000 },
    async () => {
      mountSmallDisk();
      const target = await started(dataDir);
      fillDisk(join(dataDir, 'filler'));
      const watched = watchedLoad(target);
      const { load } = watched;
      await waitFor('health to degrade', async () => (await health(target)).checks.journal.state !== 'ok', 30_000);
      await sleep(500);
      await watched.stop();
      expectUndisturbed(watched);
      rmSync(join(dataDir, 'filler'));
      await waitFor('the journal to heal', async () => (await health(target)).checks.journal.state === 'ok', 30_000);
      expect((await health(target)).checks.journal.lostRows).toBe(0);
      await expectAllRows(target, load);
    },
  );

  it(
    'read-only journal: responses go on, health is degraded, a writable file heals it without a restart',
    { timeout: 90_000 },
    async () => {
      await (await started(dataDir)).stop();
      const journal = join(dataDir, 'journal.db');
      execFileSync('mount', ['--bind', journal, journal]);
      mounted.push(journal);
      execFileSync('mount', ['-o', 'remount,bind,ro', journal]);
      const target = await started(dataDir);
      const watched = watchedLoad(target);
      const { load } = watched;
      await waitFor('health to degrade', async () => (await health(target)).checks.journal.state !== 'ok', 30_000);
      await watched.stop();
      expectUndisturbed(watched);
      execFileSync('umount', ['-l', mounted.pop() ?? journal]);
      await waitFor('the journal to heal', async () => (await health(target)).checks.journal.state === 'ok', 30_000);
      expect((await health(target)).checks.journal.lostRows).toBe(0);
      await expectAllRows(target, load);
    },
  );
});

/** Writes until the disk has no room for one more byte. */
function fillDisk(file: string): void {
  for (const size of [1024 * 1024, 64 * 1024, 4096, 1]) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(size), { flag: 'a' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
}
