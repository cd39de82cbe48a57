/** Commands that reach Snowflake: by their own configuration, or through the gateway that an app configured. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { health } from '../../helpers/analytics-client.ts';
import { runGateway, startTestGateway } from '../../helpers/gateway-process.ts';
import { startTestSnowflake, type TestSnowflake } from '../../helpers/snowflake-account.ts';
import { waitFor } from '../../helpers/wait-for.ts';

let directory: string;
let snowflake: TestSnowflake;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'aism-cli-snowflake-'));
  snowflake = await startTestSnowflake({ ready: false });
});
afterEach(async () => {
  await snowflake.stop();
  rmSync(directory, { recursive: true, force: true });
});

const closedUpstreams = ['gemini', 'openai', 'anthropic'].flatMap((name) => [
  '--upstream',
  `${name}=http://127.0.0.1:9`,
]);
const run = (env: Record<string, string>, ...args: readonly string[]) =>
  runGateway([...args, '--data-dir', join(directory, 'data')], { env });
const doctor = (env: Record<string, string>, ...args: readonly string[]) =>
  run(env, 'doctor', ...closedUpstreams, ...args);

describe('without a running gateway', { timeout: 90_000 }, () => {
  it('setup prints every statement, first as a dry run that changes nothing', async () => {
    const env = snowflake.environment(directory);
    const dry = await run(env, 'setup', 'api_usage', '--dry-run');
    expect(dry.stdout).toMatch(/^would +table API_USAGE_METRICS/m);
    expect(dry.stdout).toContain('CREATE TABLE IF NOT EXISTS');
    expect(dry.stdout).toContain('GRANT');
    expect(dry.stdout).toContain('nothing was changed');
    expect(dry.code).toBe(0);
    await expect(snowflake.callsHeld()).rejects.toThrow('API_USAGE_METRICS');

    const done = await run(env, 'setup', 'api_usage');
    expect([done.code, done.stderr]).toEqual([0, '']);
    expect(done.stdout).toMatch(/^done +table API_USAGE_METRICS/m);
    expect(await snowflake.callsHeld()).toEqual([]);
    const again = await run(env, 'setup', 'api_usage');
    expect(again.stdout).toMatch(/^present +table API_USAGE_METRICS/m);
    expect(again.code).toBe(0);
  });

  it('setup says what stands in the way, with an exit code', async () => {
    const wrong = await run({ ...snowflake.environment(directory), SNOWFLAKE_USER: 'NOBODY' }, 'setup', 'api_usage');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('snowflake_denied');
    const none = await run({}, 'setup', 'api_usage');
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('SNOWFLAKE_ACCOUNT');
    const half = await run(
      { SNOWFLAKE_ACCOUNT: 'x', SNOWFLAKE_PASSWORD: 'p', SNOWFLAKE_USER: 'u' },
      'setup',
      'api_usage',
    );
    expect(half.code).toBe(2);
    expect(half.stderr).toContain('SNOWFLAKE_WAREHOUSE is missing');
  });

  it('doctor tests Snowflake step by step, compares clocks, and counts what is there', async () => {
    const env = snowflake.environment(directory);
    await run(env, 'setup', 'api_usage');
    const good = await doctor(env);
    for (const step of ['network', 'login', 'role', 'warehouse', 'database', 'schema', 'table'])
      expect(good.stdout).toMatch(new RegExp(`^ok +snowflake ${step} `, 'm'));
    expect(good.stdout).toMatch(/^ok +snowflake rows +0 rows/m);
    expect(good.stdout).toMatch(/^ok +clock +\d+ s (behind|ahead of) Snowflake/m);
    expect(good.code).toBe(0);

    snowflake.server.setClockSkewMs(10 * 60_000);
    const late = await doctor(env);
    expect(late.stdout).toMatch(/^failed +clock +\d+ s behind Snowflake/m);
    expect(late.stdout).toContain("Set this computer's clock");
    expect(late.code).toBe(1);
  });

  it('doctor names the step that fails and goes on with the rest; --json says the same to programs', async () => {
    const env = snowflake.environment(directory);
    await snowflake.server.pause();
    const { code, stdout } = await doctor(env, '--json');
    const report = JSON.parse(stdout) as { ok: boolean; findings: { state: string; part: string; fix?: string }[] };
    expect([code, report.ok]).toEqual([1, false]);
    const stateOf = (part: string) => report.findings.find((finding) => finding.part === part)?.state;
    expect(stateOf('snowflake network')).toBe('failed');
    expect(stateOf('snowflake login')).toBe('note');
    expect(stateOf('database')).toBe('ok');
    expect(stateOf('upstream gemini')).toBe('note');
    await snowflake.server.resume();
  });

  it('no command shows a secret', async () => {
    const env = { ...snowflake.environment(directory), AISM_LOG_LEVEL: 'trace' };
    const outputs = await Promise.all([
      run(env, 'setup', 'api_usage', '--dry-run'),
      doctor({ ...env, SNOWFLAKE_USER: 'NOBODY' }),
    ]);
    const said = outputs.map(({ stdout, stderr }) => stdout + stderr).join();
    expect(snowflake.secrets.filter((secret) => said.includes(secret))).toEqual([]);
  });
});

describe('through a gateway that an app configured', { timeout: 90_000 }, () => {
  it('setup, doctor and sync use its Snowflake', async () => {
    const gateway = await startTestGateway({ dataDir: join(directory, 'data') });
    try {
      expect((await run({}, 'snowflake', 'sync')).stderr).toContain('snowflake_not_configured');
      gateway.child.stdin?.write(`${JSON.stringify(snowflake.message())}\n`);
      await waitFor('the settings', async () => (await health(gateway)).checks.snowflake.account !== null);
      const setup = await run({}, 'setup', 'api_usage');
      expect([setup.code, setup.stderr]).toEqual([0, '']);
      expect(setup.stdout).toMatch(/^done +table API_USAGE_METRICS/m);
      const synced = await run({}, 'snowflake', 'sync');
      expect([synced.code, synced.stdout]).toEqual([0, expect.stringContaining('0 wait')]);
      const looked = await doctor({});
      expect(looked.stdout).toMatch(/^ok +snowflake login/m);
      expect(looked.stdout).toMatch(/^ok +gateway +process/m);
    } finally {
      await gateway.stop();
    }
  });
});
