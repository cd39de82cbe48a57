/** P2 at the disk: a full, read-only or failing disk costs no caller its answer; what waited is written when the disk is back, without a restart. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningJournal } from '../../../gateway/journal/client.ts';
import { checkJournal } from '../../../gateway/journal/check.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { seededRandom } from '../../../gateway/sample/answer-plan.ts';
import { runChild, type Acknowledged } from './child-runner.ts';
import { startHolder } from './lock-holder.ts';
import {
  endedCall,
  freshDataDir,
  gaplessFrom,
  journalConfig,
  rawRows,
  startTestJournal,
  withFile,
  type DataDir,
} from './journal-kit.ts';

const canMount = process.platform === 'linux' && process.getuid?.() === 0;
const holdMs = 50;
let dir: DataDir;
beforeEach(() => {
  dir = freshDataDir();
});
afterEach(() => {
  dir[Symbol.dispose]();
});

/** Closes calls one after the other and says how long the slowest answer took. */
async function closeMany(journal: RunningJournal, count: number): Promise<{ durable: number; slowestMs: number }> {
  let durable = 0;
  let slowestMs = 0;
  for (let index = 0; index < count; index += 1) {
    const startedMs = performance.now();
    const result = await journal.close(endedCall(), holdMs);
    slowestMs = Math.max(slowestMs, performance.now() - startedMs);
    if (result.durable) durable += 1;
  }
  return { durable, slowestMs };
}

const healed = (journal: RunningJournal): Promise<true> =>
  waitFor('the journal to heal', () => journal.health().state === 'ok' && journal.health().waitingRows === 0, 15_000);

// Needs root for mount; elsewhere these faults cannot be made.
describe.runIf(canMount)('on a small disk of its own', { timeout: 60_000 }, () => {
  let disk: string;
  let journal: RunningJournal | null = null;
  beforeEach(() => {
    disk = join(dir.path, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=700', 'tmpfs', disk]);
  });
  afterEach(async () => {
    await journal?.stop();
    journal = null;
    execFileSync('umount', ['-l', disk]);
  });
  const remount = (option: 'ro' | 'rw'): void => void execFileSync('mount', ['-o', `remount,${option}`, disk]);
  const fillDisk = (): void => {
    try {
      writeFileSync(join(disk, 'filler'), Buffer.alloc(16 * 1024 * 1024));
    } catch {
      // journal.state may be replaced at this moment, which frees a page.
      const freeKilobytes = Number(execFileSync('df', ['--output=avail', disk]).toString().split('\n')[1]);
      expect(freeKilobytes).toBeLessThan(16);
    }
  };

  it('a full disk: answers go out, rows wait, and all are written once there is room', async () => {
    journal = await startTestJournal(disk);
    await closeMany(journal, 10);
    fillDisk();
    const during = await closeMany(journal, 4000);
    expect(during.slowestMs).toBeLessThan(1000); // the hold of 50 ms and a busy machine; never the disk's own time
    expect(journal.health()).toMatchObject({ state: 'degraded', lostRows: 0 });
    expect(journal.health().detail).toContain('full');
    expect(journal.health().waitingRows).toBeGreaterThan(0);

    rmSync(join(disk, 'filler'));
    await healed(journal);
    expect(rawRows(disk).map((row) => row.seq)).toEqual(gaplessFrom(1, 4010));
    expect(journal.health()).toMatchObject({ lostRows: 0, rows: 4010 });
  });

  it('a full disk and a full queue: what is lost is counted exactly', async () => {
    journal = await startTestJournal(disk, { limits: { rows: 500 } });
    await closeMany(journal, 10);
    fillDisk();
    await closeMany(journal, 6000);
    const { lostRows } = journal.health();
    expect(lostRows).toBeGreaterThan(1000);
    rmSync(join(disk, 'filler'));
    await healed(journal);
    expect(rawRows(disk)).toHaveLength(6010 - lostRows);
    expect(journal.health().lostRows).toBe(lostRows);
    expect(checkJournal(disk)).toMatchObject({ ok: true, gaps: [] });
  });

  it('takes its reserve again when there is room', async () => {
    journal = await startTestJournal(disk);
    fillDisk();
    await closeMany(journal, 4000);
    expect(existsSync(join(disk, 'journal.reserve'))).toBe(false);
    rmSync(join(disk, 'filler'));
    await healed(journal);
    await waitFor('the reserve', () => existsSync(join(disk, 'journal.reserve')));
  });

  it('a disk that turns read-only: rows wait and are written when it is writable again', async () => {
    journal = await startTestJournal(disk);
    await closeMany(journal, 5);
    await journal.stop();
    remount('ro');
    journal = await startTestJournal(disk);
    expect(journal.health().state).toBe('degraded');
    const during = await closeMany(journal, 50);
    expect(during).toMatchObject({ durable: 0 });
    expect(journal.health()).toMatchObject({ waitingRows: 50, lateCommits: 50, lostRows: 0 });
    remount('rw');
    await healed(journal);
    expect(rawRows(disk).map((row) => row.seq)).toEqual(gaplessFrom(1, 55));
  });

  it('a disk that never comes back: what waited is lost at the stop, and said', async () => {
    remount('ro');
    const failing = await startTestJournal(disk);
    await closeMany(failing, 20);
    await failing.stop();
    expect(failing.health()).toMatchObject({ state: 'down', lostRows: 20, waitingRows: 0 });
    remount('rw');
  });
});

const canTrace = canMount && canRun('strace', ['-e', 'trace=none', 'true']);

function canRun(command: string, args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

// Faults of the system calls themselves need a tracer.
describe.runIf(canTrace)('when the disk reports an error', { timeout: 60_000 }, () => {
  const calls = 150;
  it.each([
    ['fdatasync', 'fdatasync,fsync:error=EIO:when=12+7'],
    ['pwrite64', 'pwrite64:error=EIO:when=60+41'],
  ])('%s: nothing is acknowledged that is not there', async (_name, injection) => {
    const wrapper = [
      'strace',
      '-f',
      '-qq',
      '-o',
      '/dev/null',
      '-e',
      'trace=fdatasync,fsync,pwrite64',
      '-e',
      `inject=${injection}`,
    ];
    const run = await runChild(dir.path, {
      options: { calls, workers: 3, synchronous: 'FULL' },
      kill: null,
      wrapper,
    });
    expect(run.code).toBe(0);
    const durable = run.acknowledged.filter((call) => call.durable);
    expect(run.acknowledged).toHaveLength(calls);

    await (await startTestJournal(dir.path)).stop();
    const present = new Map(rawRows(dir.path).map((row) => [row.call_id, row.seq]));
    expect(durable.filter(({ callId, seq }) => present.get(callId) !== seq)).toEqual([]);
    expect(checkJournal(dir.path)).toMatchObject({ gaps: [], duplicateCalls: [] });
    expect(run.acknowledged.length - durable.length).toBeGreaterThan(0); // the injection hit
  });
});

/** Runs a command on a disk whose every sync takes so long. */
const slowSyncs = (delayMs: number): string[] => [
  'strace',
  '-f',
  '-qq',
  '-o',
  '/dev/null',
  '-e',
  'trace=fdatasync,fsync',
  '-e',
  `inject=fdatasync,fsync:delay_enter=${delayMs * 1000}`,
];

describe.runIf(canTrace)('on a disk whose syncs are slow', { timeout: 120_000 }, () => {
  it('commits in groups: a thousand calls cost a few syncs of 200 ms', async () => {
    const run = await runChild(dir.path, {
      options: { calls: 1000, workers: 500, synchronous: 'FULL', deadlineMs: 120_000 },
      kill: null,
      wrapper: slowSyncs(200),
    });
    // One sync a call would take 200 s, more than the deadline each call of the child has.
    expect(run.acknowledged.filter((call) => call.durable)).toHaveLength(1000);
    expect(checkJournal(dir.path)).toMatchObject({ ok: true, rows: 1000 });
  });

  it('writes the rows of later calls while a sync runs: they can be read, and a kill -9 leaves them', async () => {
    const calls = 20;
    await (await startTestJournal(dir.path)).stop(); // a new file costs several syncs more
    const run = await runChild(dir.path, {
      options: { calls, workers: calls, synchronous: 'FULL', deadlineMs: 120_000 },
      kill: () => rawRows(dir.path).length === calls,
      wrapper: slowSyncs(1000),
    });
    expect(run.signal).toBe('SIGKILL');
    expect(run.acknowledged.length).toBeLessThan(calls); // the calls begin within 60 ms, and none is durable before its sync
    await (await startTestJournal(dir.path)).stop();
    expect(rawRows(dir.path).filter((row) => JSON.parse(row.record).outcome === 'ok')).toHaveLength(calls);
  });

  it('a kill -9 loses no acknowledged call, though most were released before their sync', async () => {
    const random = seededRandom(7);
    const acknowledged: Acknowledged[] = [];
    await (await startTestJournal(dir.path)).stop(); // a new file costs several syncs more
    for (let round = 0; round < 4; round += 1) {
      const run = await runChild(dir.path, {
        options: { workers: 8, synchronous: 'FULL', deadlineMs: 150 },
        kill: 400 + random() * 1000,
        wrapper: slowSyncs(300),
      });
      expect(run.signal).toBe('SIGKILL');
      acknowledged.push(...run.acknowledged);
    }
    await (await startTestJournal(dir.path)).stop();
    const kept = new Set(rawRows(dir.path).map((row) => row.call_id));
    expect(acknowledged.filter(({ callId }) => !kept.has(callId))).toEqual([]);
    expect(acknowledged.filter((call) => !call.durable).length).toBeGreaterThan(acknowledged.length / 2);
    expect(checkJournal(dir.path)).toMatchObject({ gaps: [], duplicateCalls: [] });
  });
});

describe('another program that holds the file', () => {
  it('delays rows and loses none', { timeout: 30_000 }, async () => {
    const journal = await startTestJournal(dir.path, { config: { ...journalConfig, synchronous: 'NORMAL' } });
    const other = await startHolder('write', join(dir.path, 'journal.db'));
    const during = await closeMany(journal, 20);
    expect(during.durable).toBe(0);
    await other.kill();
    await healed(journal);
    expect(withFile(dir.path, (database) => database.prepare('SELECT COUNT(*) FROM calls').pluck().get())).toBe(20);
    await journal.stop();
  });
});
