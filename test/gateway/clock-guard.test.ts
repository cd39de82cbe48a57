/** The trusted time over restarts, with a real file; the clocks are the test's. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startClockGuard, type ClockGuard } from '../../gateway/clock-guard.ts';
import { createFileFaults } from '../../gateway/file-faults.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { freshDir, removeDir } from './analytics/warehouse-kit.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const noon = Date.parse('2026-11-29T12:00:00Z');

let dataDir: string;
let guard: ClockGuard;
let wallMs: number;
let ranMs: number;
let newest: number | null | Error;
let logged: string[];
beforeEach(() => {
  dataDir = freshDir();
  [wallMs, ranMs, newest, logged] = [noon, 0, null, []];
});
afterEach(async () => {
  await guard.stop();
  removeDir(dataDir);
});

const path = () => join(dataDir, 'clock.json');
const note = (_: object, message: string) => void logged.push(message);

async function start(): Promise<void> {
  guard = await startClockGuard({
    path: path(),
    faults: createFileFaults(),
    log: { info: note, warn: note },
    newestCall: () => (newest instanceof Error ? Promise.reject(newest) : Promise.resolve(newest)),
    wall: () => wallMs,
    monotonic: () => ranMs,
    lookMs: 5,
  });
  if (!(newest instanceof Error)) await waitFor('a time', () => guard.trustedMs());
}

function pass(ms: number): void {
  wallMs += ms;
  ranMs += ms;
}

it('a clock that is a year ahead at the next start is doubted, over restarts too, until a person confirms it', async () => {
  await start();
  await guard.stop();
  wallMs += 400 * dayMs;
  await start();
  expect(guard.trustedMs()).toBe(noon);
  expect(guard.health()).toMatchObject({ state: 'degraded', doubted: true, trustedAt: '2026-11-29T12:00:00.000Z' });
  expect(guard.health().detail).toContain('400 days ahead');
  pass(2 * hourMs);
  await guard.stop();
  await start();
  expect(guard.trustedMs()).toBe(noon + 2 * hourMs);
  let told = 0;
  guard.onBelieved(() => (told += 1));
  await guard.confirm();
  expect([guard.trustedMs(), told, guard.doubt()]).toEqual([wallMs, 1, null]);
  await guard.stop();
  await start();
  expect(guard.trustedMs()).toBe(wallMs);
  expect(logged).toEqual(expect.arrayContaining(['ClockDoubted', 'ClockBelieved']));
});

it('a clock that jumps while the gateway runs is doubted at the next question', async () => {
  await start();
  pass(hourMs);
  wallMs += 40 * dayMs;
  expect(guard.trustedMs()).toBe(noon + hourMs);
  wallMs -= 40 * dayMs;
  expect(guard.trustedMs()).toBe(wallMs);
});

it("after three weeks' holiday it says what it waits for, without alarm, and goes on after a day", async () => {
  await start();
  await guard.stop();
  wallMs += 21 * dayMs;
  await start();
  expect(guard.health()).toMatchObject({ state: 'ok', doubted: true });
  expect(guard.health().detail).toContain('for 24 hours more');
  for (let hour = 0; hour < 24; hour += 1) {
    pass(hourMs);
    guard.trustedMs();
  }
  expect(guard.trustedMs()).toBe(wallMs);
});

it('without a file the newest stored call is the witness, and until it can be asked no time is trusted', async () => {
  newest = new Error('starting');
  await start();
  expect([guard.trustedMs(), existsSync(path())]).toEqual([null, false]);
  newest = noon - 90 * dayMs;
  await waitFor('a time', () => guard.trustedMs());
  expect(guard.trustedMs()).toBe(noon - 90 * dayMs);
});

it('a file that somebody removed costs a doubt, never a call', async () => {
  await start();
  await guard.stop();
  rmSync(path());
  [wallMs, newest] = [noon + 400 * dayMs, noon - dayMs];
  await start();
  expect(guard.trustedMs()).toBe(noon - dayMs);
});
