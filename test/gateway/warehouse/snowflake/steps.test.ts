/** The connection test after the network: each step's failure with its cause and what to do. The network step: steps-network.test.ts. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { snowflakeSteps, type SnowflakeProfile, type SnowflakeStepName } from '../../../../contract/snowflake.ts';
import { openSession } from '../../../../gateway/warehouse/snowflake/open-session.ts';
import type { SnowflakeAccess } from '../../../../gateway/warehouse/snowflake/session.ts';
import { testConnection } from '../../../../gateway/warehouse/snowflake/steps.ts';
import { standardNames } from '../../../helpers/snowflake-server/standard-account.ts';
import { accessOf, replaceProcedure, schemaName, setUp, startSnowflake, type TestSnowflake } from './snowflake-kit.ts';

const { role, user, warehouse, database } = standardNames;
let snowflake: TestSnowflake;
beforeEach(async () => {
  snowflake = await startSnowflake();
});
afterEach(() => snowflake.stop());

const test = (profile: Partial<SnowflakeProfile> = {}, totalMs = 15_000) =>
  testConnection(openSession, accessOf(snowflake.standard, profile), { totalMs });

async function expectFailure(
  step: SnowflakeStepName,
  detail: RegExp,
  fix: RegExp,
  profile: Partial<SnowflakeProfile> = {},
) {
  const result = await test(profile);
  expect(result.ok).toBe(false);
  const failed = result.steps.filter(({ state }) => state === 'failed');
  expect(failed.map((one) => one.step)).toEqual([step]);
  expect(failed[0]?.detail).toMatch(detail);
  expect(failed[0]?.fix).toMatch(fix);
  const later = result.steps.slice(snowflakeSteps.indexOf(step) + 1);
  expect(later.every(({ state }) => state === 'skipped')).toBe(true);
}

describe('the connection test', () => {
  it('passes every step of an account that is set up, in order, each with its time', async () => {
    await setUp(snowflake, 'procedure');
    const seen: string[] = [];
    const result = await testConnection(openSession, snowflake.access, {
      onSteps: (steps) => seen.push(steps.map((step) => step.state).join(' ')),
    });
    expect(result.ok).toBe(true);
    expect(result.steps.map((step) => step.step)).toEqual([...snowflakeSteps]);
    expect(result.steps.map((step) => step.state)).toEqual(snowflakeSteps.map(() => 'ok'));
    expect(result.steps.every((step) => step.durationMs !== null && step.fix === null)).toBe(true);
    expect(seen.filter((line) => line.includes('running'))).toHaveLength(snowflakeSteps.length);
    expect(seen.findIndex((line) => line.startsWith('ok running'))).toBeLessThan(seen.length - 1);
    expect(Math.abs(result.clockSkewMs ?? Number.NaN)).toBeLessThan(2_000);
  });

  it('warns, and says that Setup is next, where nothing was set up yet', async () => {
    const result = await test();
    expect(result.ok).toBe(true);
    expect(result.steps.slice(-2)).toMatchObject(
      [
        { step: 'table', state: 'warning', detail: expect.stringContaining('API_USAGE_METRICS'), fix: /Run Setup/ },
        { step: 'procedure', state: 'warning', detail: expect.stringContaining('guarded insert'), fix: /Run Setup/ },
      ].map((step) => ({ ...step, fix: expect.stringMatching(step.fix) })),
    );
  });

  it('warns about a column that Setup will add', async () => {
    await setUp(snowflake, 'procedure');
    await snowflake.server.administrator.dropColumn(`${schemaName}.api_usage_metrics`, 'tags');
    const table = (await test()).steps.find(({ step }) => step === 'table');
    expect(table).toMatchObject({ state: 'warning', detail: 'Columns are missing: API_USAGE_METRICS.tags' });
  });

  it('ends its session', async () => {
    await test();
    const deadline = performance.now() + 5_000;
    while (snowflake.server.openSessions().some((session) => session.user === user) && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(snowflake.server.openSessions().filter((session) => session.user === user)).toEqual([]);
  });
});

describe('a step that fails names its cause and what to do', () => {
  it('login: a token that was revoked', async () => {
    snowflake.server.account.users.get(user)?.accessTokens.clear();
    await expectFailure('login', /token/, /new one/);
  });

  it('login: a private key that is none', async () => {
    const access: SnowflakeAccess = {
      profile: snowflake.standard.profileFor('SNOWFLAKE_JWT'),
      secrets: () => ({ ...snowflake.standard.secretsFor('SNOWFLAKE_JWT'), privateKey: 'no key' }),
    };
    const { steps } = await testConnection(openSession, access);
    expect(steps.find(({ state }) => state === 'failed')).toMatchObject({ step: 'login' });
    expect(steps[1]?.fix).toMatch(/key/i);
  });

  it('login: a clock that is off, with how far', async () => {
    snowflake.server.setClockSkewMs(300_000);
    const access: SnowflakeAccess = {
      profile: snowflake.standard.profileFor('SNOWFLAKE_JWT'),
      secrets: () => snowflake.standard.secretsFor('SNOWFLAKE_JWT'),
    };
    const result = await testConnection(openSession, access);
    expect(result.steps.find(({ state }) => state === 'failed')).toMatchObject({
      step: 'login',
      detail: expect.stringMatching(/clock/),
    });
    expect(result.clockSkewMs).toBeGreaterThan(290_000);
  });

  it('role: not granted to the user', () =>
    expectFailure('role', /not exist or is not granted/, /granted/, { role: 'SOMEBODY_ELSE' }));

  it('warehouse: does not exist', () =>
    expectFailure('warehouse', /NO_SUCH_WH does not exist/, /GRANT USAGE ON WAREHOUSE NO_SUCH_WH/, {
      warehouse: 'NO_SUCH_WH',
    }));

  it('warehouse: the role may not use it', async () => {
    snowflake.server.administrator.revoke(role, 'warehouse', warehouse);
    await expectFailure('warehouse', /does not exist, or the role may not/, /GRANT USAGE/);
  });

  it('warehouse: suspended without AUTO_RESUME', async () => {
    snowflake.server.administrator.suspendWarehouse(warehouse);
    await expectFailure('warehouse', /warehouse/i, /./);
  });

  it('warehouse: quota used up', async () => {
    snowflake.server.administrator.suspendWarehouse(warehouse, { exhaustedMonitor: 'LIMIT_2026' });
    await expectFailure('warehouse', /quota/, /quota/);
  });

  it('database: does not exist', () =>
    expectFailure('database', /Database NOWHERE does not exist/, /GRANT USAGE ON DATABASE NOWHERE/, {
      database: 'NOWHERE',
    }));

  it('database: the role may not use it', async () => {
    snowflake.server.administrator.revoke(role, 'database', database);
    await expectFailure('database', /Database AISM does not exist, or/, /GRANT USAGE ON DATABASE/);
  });

  it('schema: does not exist', () =>
    expectFailure('schema', /Schema Nowhere does not exist/, /GRANT USAGE ON SCHEMA AISM\."Nowhere"/, {
      schema: '"Nowhere"',
    }));

  it('table: a column of another type', async () => {
    await setUp(snowflake, 'procedure');
    const facts = `${schemaName}.api_usage_metrics`;
    await snowflake.server.administrator.dropColumn(facts, 'cost_usd');
    await snowflake.server.rows(`ALTER TABLE ${facts} ADD COLUMN cost_usd VARCHAR`);
    await expectFailure('table', /cost_usd is varchar.*, not NUMBER\(18,9\)/, /Correct the column/);
  });

  it('procedure: of an older version', async () => {
    await setUp(snowflake, 'procedure');
    await replaceProcedure(snowflake, 'older');
    await expectFailure('procedure', /another version/, /Run Setup again/);
  });
});

describe('the connection test keeps its time', () => {
  it.each(['login', 'query'] as const)('when the server takes the %s and never answers', async (kind) => {
    snowflake.server.setFaults((request) => (request.kind === kind ? { kind: 'blackHole' } : null));
    const startedAtMs = performance.now();
    const result = await test({}, 2_000);
    expect(performance.now() - startedAtMs).toBeLessThan(4_000);
    expect(result.ok).toBe(false);
    expect(result.steps.some(({ state }) => state === 'running' || state === 'waiting')).toBe(false);
    expect(result.steps.find(({ state }) => state === 'failed')?.fix).not.toBeNull();
  });
});
