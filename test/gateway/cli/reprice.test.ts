/** `reprice` in a terminal: through a running gateway and without one, on this machine and in a team's Snowflake. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RepriceState } from '../../../contract/prices.ts';
import { waitForCalls } from '../../helpers/analytics-client.ts';
import { runGateway, startTestGateway, type TestGateway } from '../../helpers/gateway-process.ts';
import { startScriptedUpstream, type ScriptedUpstream } from '../../helpers/scripted-upstream.ts';
import { startTestSnowflake, type TestSnowflake } from '../../helpers/snowflake-account.ts';

/** By the list each costs $0.00055: 1,000 tokens in at $0.30 and 100 out at $2.50 a million. */
const calls = 5;

let directory: string;
let upstream: ScriptedUpstream;
let snowflake: TestSnowflake;
let gateway: TestGateway;
let env: Record<string, string>;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'aism-cli-reprice-'));
  snowflake = await startTestSnowflake();
  upstream = await startScriptedUpstream();
  upstream.answer('generateContent', {
    headers: { 'content-type': 'application/json' },
    pieces: [
      JSON.stringify({
        candidates: [{ content: { parts: [{ text: 'hi' }] }, finishReason: 'STOP' }],
        usageMetadata: { promptTokenCount: 1_000, candidatesTokenCount: 100, totalTokenCount: 1_100 },
        modelVersion: 'gemini-2.5-flash',
      }),
    ],
  });
  env = snowflake.environment(directory);
  gateway = await startTestGateway({ upstreams: [`gemini=${upstream.url}`], dataDir: dataDir(), env });
  for (let time = 0; time < calls; time += 1) {
    const url = new URL('/gemini/v1beta/models/gemini-2.5-flash:generateContent', gateway.url);
    await (await fetch(url, { method: 'POST', body: '{"contents":[]}' })).text();
  }
  await waitForCalls(gateway, calls);
}, 90_000);
afterAll(async () => {
  if (gateway.child.exitCode === null) await gateway.stop();
  await upstream.stop();
  await snowflake.stop();
  rmSync(directory, { recursive: true, force: true });
});

const dataDir = (): string => join(directory, 'data');
const yesterday = (): string => new Date(Date.now() - 86_400_000).toISOString();
const run = (...args: readonly string[]) => runGateway(['reprice', ...args, '--data-dir', dataDir()], { env });
/** Another input price, so that every call gets another cost; the output costs nothing. */
function setPrice(inputPerMillionUsd: number): void {
  const entry = { provider: 'google', model: '*', inputPerMillionUsd, outputPerMillionUsd: 0 };
  writeFileSync(join(dataDir(), 'prices.json'), JSON.stringify([entry]));
}
async function runJson(...args: readonly string[]): Promise<readonly RepriceState[]> {
  const { code, stdout, stderr } = await run('--from', yesterday(), '--json', ...args);
  expect([code, stderr.includes('"level":60') ? stderr : '']).toEqual([0, '']);
  return z.array(RepriceState).parse(JSON.parse(stdout));
}
async function snowflakeCosts(): Promise<readonly number[]> {
  const rows = await snowflake.server.rows('SELECT cost_usd FROM api_usage_metrics ORDER BY seq');
  return rows.map((row) => Number(row['COST_USD']));
}
const times = (count: number, usd: number): readonly number[] => Array.from({ length: count }, () => usd);

describe('while the gateway runs', { timeout: 90_000 }, () => {
  it('shows what would change, then changes it, with progress beside the result', async () => {
    setPrice(2);
    const dry = await run('--from', yesterday(), '--dry-run');
    expect([dry.code, dry.stdout]).toEqual([0, expect.stringMatching(/^Would change +5$/m)]);
    expect(dry.stdout).toMatch(/^Cost before +\$0\.002750000$/m);
    expect(dry.stdout).toMatch(/^Cost now +\$0\.010000000$/m);
    const done = await run('--from', yesterday());
    expect(done.stdout).toMatch(/^Changed +5$/m);
    expect(done.stderr).toMatch(/calls, \d+ with another price/);
    expect((await waitForCalls(gateway, calls)).map(({ costUsd }) => costUsd)).toEqual(times(calls, 0.002));
    expect((await run('--from', yesterday())).stdout).toMatch(/^Changed +0$/m);
  });

  it('sends to Snowflake what waits, and prices it there too', async () => {
    expect(await snowflakeCosts()).toEqual([]);
    setPrice(3);
    const [team, here] = await runJson('--engine', 'both');
    expect(team).toMatchObject({ phase: 'done', rowsSeen: calls, rowsChanged: calls, oldCostUsd: 0.00275 });
    expect(here).toMatchObject({ phase: 'done', rowsSeen: calls, rowsChanged: calls, newCostUsd: 0.015 });
    expect(await snowflakeCosts()).toEqual(times(calls, 0.003));
    const [again] = await runJson('--engine', 'snowflake');
    expect(again).toMatchObject({ rowsChanged: 0, newCostUsd: 0.015 });
  });

  it('names a wrong option and what is accepted', async () => {
    for (const [args, words] of [
      [[], '--from is missing'],
      [['--from', 'yesterday'], '--from is \\"yesterday\\"'],
      [['--from', '2026-11-01', '--to', 'x'], '--to is \\"x\\"'],
      [['--from', '2026-11-01', '--engine', 'oracle'], 'Accepted: duckdb, snowflake, both'],
      [['--from', '2026-11-02', '--to', '2026-11-01'], 'must be before'],
    ] as const) {
      const { code, stderr } = await run(...args);
      expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    }
  });

  it('says which line of prices.json stands in the way', async () => {
    writeFileSync(join(dataDir(), 'prices.json'), '[\n{');
    const { code, stdout } = await run('--from', yesterday());
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^Failed +prices\.json, line 2/m)]);
  });
});

describe('while no gateway runs', { timeout: 90_000 }, () => {
  beforeAll(() => gateway.stop());

  it('opens the files itself, on this machine and for Snowflake, and leaves them free', async () => {
    setPrice(4);
    const [team, here] = await runJson('--engine', 'both');
    expect([team?.rowsChanged, here?.rowsChanged]).toEqual([calls, calls]);
    expect(await snowflakeCosts()).toEqual(times(calls, 0.004));
    const [again] = await runJson();
    expect(again).toMatchObject({ rowsChanged: 0, newCostUsd: 0.02 });
  });

  it('does not invent a data directory', async () => {
    const args = ['reprice', '--from', yesterday(), '--data-dir', join(directory, 'nowhere')];
    const { code, stderr } = await runGateway(args);
    expect([code, stderr]).toEqual([3, expect.stringContaining('nowhere')]);
  });

  it('needs a Snowflake for a run in Snowflake', async () => {
    const args = ['reprice', '--from', yesterday(), '--engine', 'both', '--data-dir', dataDir()];
    const { code, stderr } = await runGateway(args);
    expect([code, stderr]).toEqual([1, expect.stringContaining('snowflake_not_configured')]);
  });
});
