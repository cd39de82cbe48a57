/**
 * Journals that are put back or copied, and gateways on them that deliver to one Snowflake (its stand-in). Two identities of one journal
 * must never double a row there nor pass one over: each start writes under a stream of its own, and the position in Snowflake is compared
 * before it is set.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { health, waitForCalls } from '../helpers/analytics-client.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import type { ScriptedUpstream } from '../helpers/scripted-upstream.ts';
import { startTestSnowflake, type TestSnowflake } from '../helpers/snowflake-account.ts';
import { call, startGeminiUpstream, sync } from '../helpers/snowflake-gateway.ts';
import { waitFor } from '../helpers/wait-for.ts';

const journalFiles = ['journal.db', 'journal.db-wal', 'journal.db-shm'];

let upstream: ScriptedUpstream;
let snowflake: TestSnowflake;
let root: string;
let running: TestGateway[] = [];
beforeAll(async () => {
  upstream = await startGeminiUpstream();
});
afterAll(() => upstream.stop());
beforeEach(async () => {
  snowflake = await startTestSnowflake();
  root = await mkdtemp(join(tmpdir(), 'aism-copies-'));
});
afterEach(async () => {
  await Promise.all(running.map((gateway) => gateway.kill9()));
  running = [];
  await snowflake.stop();
  await rm(root, { recursive: true, force: true });
});

const directory = (name: string): string => join(root, name);
async function start(name: string): Promise<TestGateway> {
  const gateway = await startTestGateway({
    upstreams: [`gemini=${upstream.url}`],
    dataDir: directory(name),
    env: snowflake.environment(root),
  });
  running.push(gateway);
  return gateway;
}
async function ended(gateway: TestGateway, how: 'stop' | 'kill9'): Promise<void> {
  await gateway[how]();
  running = running.filter((one) => one !== gateway);
}
/** Again when a file went while it was copied: the warehouse process of a killed gateway still closes its database. */
const copied = (from: string, to: string): Promise<boolean> =>
  waitFor('the copy', async () => {
    await cp(directory(from), directory(to), { recursive: true, preserveTimestamps: true });
    return true;
  });

/** Puts the journal of `backup` in the place of the present one; `journal.state` beside it stays, as it does when somebody restores one file. */
async function restored(backup: string, name: string): Promise<void> {
  await Promise.all(journalFiles.map((file) => rm(join(directory(name), file), { force: true })));
  await Promise.all(
    journalFiles.map((file) =>
      cp(join(directory(backup), file), join(directory(name), file)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT' || file === 'journal.db') throw error; // a journal that was closed has no log
      }),
    ),
  );
}

const Audit = z.array(z.object({ rows: z.int(), duplicates: z.int(), problems: z.array(z.string()) }));

/** How many rows each stream has in Snowflake, once every stream was found without fault. */
async function held(gateway: TestGateway): Promise<number[]> {
  const audit = Audit.parse(await (await gateway.fetch('/api/snowflake/audit')).json());
  expect(audit.filter(({ duplicates, problems }) => duplicates > 0 || problems.length > 0)).toEqual([]);
  const rows = await snowflake.server.rows(
    `SELECT call_id AS "call" FROM ${snowflake.account.profile.database}.${snowflake.account.profile.schema}.API_USAGE_METRICS`,
  );
  expect(new Set(rows.map((row) => row['call'])).size).toBe(rows.length);
  const streams = Map.groupBy(await snowflake.callsHeld(), ({ stream }) => stream);
  return [...streams.values()].map((members) => members.length).toSorted((a, b) => a - b);
}
const journalRows = async (gateway: TestGateway) => (await health(gateway)).checks.journal.rows;
const waitsForRows = (gateway: TestGateway, rows: number) =>
  waitFor(`${rows} waiting rows`, async () => (await health(gateway)).checks.snowflake.backlogRows === rows, 20_000);
const emptied = (gateway: TestGateway) =>
  waitFor('an empty backlog', async () => (await sync(gateway)).backlogRows === 0, 30_000);

describe('a journal put back from a backup', { timeout: 90_000 }, () => {
  it('goes on as a new stream: what was delivered since the backup stays, and nothing comes twice', async () => {
    const first = await start('own');
    await call(first, 5);
    await waitForCalls(first, 5);
    await ended(first, 'stop'); // delivers what waits
    await copied('own', 'backup');
    const second = await start('own');
    await call(second, 4);
    await waitForCalls(second, 9);
    await ended(second, 'stop');
    expect(await snowflake.callsHeld()).toHaveLength(9);

    await restored('backup', 'own');
    const third = await start('own');
    await call(third, 3);
    await waitsForRows(third, 3);
    await emptied(third);
    expect(await held(third)).toEqual([3, 4, 5]);
    expect(await journalRows(third)).toBe(5 + 3); // the four of the second run are in Snowflake only
    expect((await health(third)).checks.snowflake).toMatchObject({ state: 'ok', action: null });
  });

  it('that holds rows delivered since gives them no second time', async () => {
    const first = await start('own');
    await call(first, 6);
    await waitForCalls(first, 6);
    await ended(first, 'kill9'); // nothing of them is in Snowflake yet
    await copied('own', 'backup');
    const second = await start('own');
    await call(second, 2);
    await waitsForRows(second, 8);
    await emptied(second);
    await ended(second, 'kill9');

    await restored('backup', 'own');
    const third = await start('own');
    await call(third, 1);
    await waitsForRows(third, 1);
    await emptied(third);
    expect(await held(third)).toEqual([1, 2, 6]);
    expect(await journalRows(third)).toBe(6 + 1);
  });

  it('that was removed altogether begins anew beside what Snowflake has', async () => {
    const first = await start('own');
    await call(first, 4);
    await waitForCalls(first, 4);
    await ended(first, 'stop');
    await Promise.all(journalFiles.map((file) => rm(join(directory('own'), file), { force: true })));
    const second = await start('own');
    await call(second, 4);
    await waitsForRows(second, 4);
    await emptied(second);
    expect(await held(second)).toEqual([4, 4]);
    expect(await journalRows(second)).toBe(4);
  });
});

describe('a copied data directory that runs as a second gateway', { timeout: 90_000 }, () => {
  it('shares the rows of the time before, each delivered once by one of them, and writes streams of its own', async () => {
    const before = await start('own');
    await call(before, 6);
    await waitForCalls(before, 6);
    await ended(before, 'kill9');
    await copied('own', 'copy');
    const [own, copy] = await Promise.all([start('own'), start('copy')]);
    await Promise.all([call(own, 3), call(copy, 4)]);
    await Promise.all([waitsForRows(own, 9), waitsForRows(copy, 10)]);
    await Promise.all([emptied(own), emptied(copy)]);
    expect(await held(own)).toEqual([3, 4, 6]);
    for (const gateway of [own, copy]) {
      expect((await health(gateway)).checks.snowflake).toMatchObject({ state: 'ok', backlogRows: 0 });
    }
  });

  it('fences the one that still writes a stream the other has moved, says so, and nothing is lost or doubled', async () => {
    const own = await start('own');
    await call(own, 3);
    await waitsForRows(own, 3); // own has looked: Snowflake holds nothing of its stream
    await waitForCalls(own, 3);
    await copied('own', 'copy'); // of a running gateway
    await call(own, 3);
    await waitsForRows(own, 6);
    const copy = await start('copy');
    await call(copy, 2);
    await waitsForRows(copy, 5);
    await emptied(copy);
    expect(await held(copy)).toEqual([2, 3]);

    const fenced = await sync(own);
    expect(fenced).toMatchObject({ state: 'down', phase: 'needs_attention', backlogRows: 6 });
    expect(fenced.action).toContain('copies of one data directory');
    expect(fenced.lastError).toContain('another writer');
    expect(await held(own)).toEqual([2, 3]);

    await ended(copy, 'stop');
    await emptied(own); // reads where Snowflake stands and goes on from there
    expect(await held(own)).toEqual([2, 6]);
    expect((await health(own)).checks.snowflake).toMatchObject({ state: 'ok', action: null });
  });
});
