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

/** The promise is 50 ms; the rest allows for a busy two-core machine that shares its time with the load itself. */
const holdMs = 50;
const machineSlackMs = 100;

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
  return gateway;
}

function loadOn(target: TestGateway): Load {
  return startLoad({ url: () => target.url, workers: 3, path: () => quickPath, pauseMs: 10, accept: (body) => body === wholeAnswer });
}

/** Every answer came back whole and unchanged, and none was held longer than promised. */
function expectUndisturbed(load: Load): void {
  expect(load.failures()).toBe(0);
  expect(load.acknowledged.size).toBeGreaterThan(20);
  expect(percentile(load.latenciesMs, 0.99)).toBeLessThan(holdMs + machineSlackMs);
}

async function expectAllRows(target: TestGateway, load: Load): Promise<void> {
  const rows = await waitFor('every acknowledged row', async () => {
    const ids = new Set((await allCalls(target)).map((row) => row.callId));
    return [...load.acknowledged].every((callId) => ids.has(callId)) && ids;
  }, 30_000);
  expect(rows.size).toBe(load.sent());
}

describe('warehouse process', () => {
  it('killed: responses go on, health says so, it comes back and every row arrives once', { timeout: 60_000 }, async () => {
    const target = await started(dataDir);
    const load = loadOn(target);
    await sleep(300);
    const before = await waitFor('the warehouse process', () => warehousePid(target.pid));
    process.kill(before, 'SIGKILL');
    await waitFor('a restart to be counted', async () => (await health(target)).checks.warehouse.restarts > 0);
    await waitFor('the new process', () => {
      const now = warehousePid(target.pid);
      return now !== null && now !== before && now;
    });
    await sleep(300);
    await load.stop();
    expectUndisturbed(load);
    await expectAllRows(target, load);
    await waitFor('health ok', async () => (await health(target)).checks.warehouse.state === 'ok');
  });

  it('stopped (SIGSTOP): responses go on, health is degraded, SIGCONT heals it without a restart', { timeout: 90_000 }, async () => {
    const target = await started(dataDir);
    const load = loadOn(target);
    const pid = await waitFor('the warehouse process', () => warehousePid(target.pid));
    process.kill(pid, 'SIGSTOP');
    try {
      await waitFor('health to degrade', async () => (await health(target)).status !== 'ok', 30_000);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await load.stop();
    expectUndisturbed(load);
    await expectAllRows(target, load);
    await waitFor('health ok', async () => (await health(target)).status === 'ok', 20_000);
    expect(warehousePid(target.pid)).toBe(pid);
  });
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

  it('full: responses go on, health is degraded, freeing space heals it and nothing acknowledged is lost', { timeout: 90_000 }, async () => {
    mountSmallDisk();
    const target = await started(dataDir);
    fillDisk(join(dataDir, 'filler'));
    const load = loadOn(target);
    await waitFor('health to degrade', async () => (await health(target)).checks.journal.state !== 'ok', 30_000);
    await sleep(500);
    await load.stop();
    expectUndisturbed(load);
    rmSync(join(dataDir, 'filler'));
    await waitFor('the journal to heal', async () => (await health(target)).checks.journal.state === 'ok', 30_000);
    expect((await health(target)).checks.journal.lostRows).toBe(0);
    await expectAllRows(target, load);
  });

  it('read-only: responses go on, health is degraded, a writable disk heals it', { timeout: 90_000 }, async () => {
    mountSmallDisk();
    const target = await started(dataDir);
    execFileSync('mount', ['-o', 'remount,ro', dataDir]);
    const load = loadOn(target);
    await waitFor('health to degrade', async () => (await health(target)).checks.journal.state !== 'ok', 30_000);
    await sleep(300);
    await load.stop();
    expectUndisturbed(load);
    execFileSync('mount', ['-o', 'remount,rw', dataDir]);
    await waitFor('the journal to heal', async () => (await health(target)).checks.journal.state === 'ok', 30_000);
    await expectAllRows(target, load);
  });
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
