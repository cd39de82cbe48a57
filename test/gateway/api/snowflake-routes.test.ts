import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../contract/errors.ts';
import { snowflakeOff, SnowflakeState, type SnowflakeSetup } from '../../../contract/snowflake.ts';
import { startControlServer, type ControlServer } from '../../helpers/control-server.ts';

const setupOf = (dryRun: boolean): SnowflakeSetup => ({ dryRun, statements: [], grants: '', optional: '', ok: true });

let asked: unknown[] = [];
let server: ControlServer;
beforeAll(async () => {
  server = await startControlServer({
    snowflake: {
      setup: async (dryRun) => {
        asked.push({ dryRun });
        return setupOf(dryRun);
      },
      sync: async () => snowflakeOff('nothing to do', 'acc'),
      test: () => Promise.reject(new AppError('snowflake_denied', 'Incorrect username or password was specified.')),
      fleet: () => Promise.reject(new AppError('snowflake_unavailable', 'acc did not answer')),
    },
    retention: {
      preview: async (input) => {
        asked.push(input);
        return { ...input, before: '2026-01-01T00:00:00.000Z', rows: 3, totalRows: 9, oldestAt: null };
      },
    },
  });
});
afterAll(() => server.stop());
beforeEach(() => {
  asked = [];
});

const post = (path: string, body: unknown): Promise<Response> =>
  server.get(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

describe('the Snowflake routes', () => {
  it('say how it is configured, and that this is not the place to change it', async () => {
    const state = SnowflakeState.parse(await (await server.get('/api/snowflake')).json());
    expect(state).toMatchObject({ settings: null, configuredBy: null, editable: false, secretsKnown: [] });
  });

  it('set up for real unless a dry run is asked for', async () => {
    expect(await (await post('/api/snowflake/setup', {})).json()).toMatchObject({ dryRun: false });
    expect(await (await post('/api/snowflake/setup', { dryRun: true })).json()).toMatchObject({ dryRun: true });
    expect(asked).toEqual([{ dryRun: false }, { dryRun: true }]);
    expect(await (await post('/api/snowflake/setup', { dryRun: 'yes' })).json()).toMatchObject({ field: 'dryRun' });
  });

  it('answer health after a sync', async () => {
    expect(await (await post('/api/snowflake/sync', {})).json()).toMatchObject({
      state: 'off',
      detail: 'nothing to do',
    });
  });

  it.each([
    ['POST', '/api/snowflake/test', 502, 'snowflake_denied'],
    ['GET', '/api/snowflake/fleet', 503, 'snowflake_unavailable'],
    ['GET', '/api/snowflake/audit', 409, 'snowflake_not_configured'],
  ])('%s %s tells a failure by status %i and code', async (method, path, status, code) => {
    const response = method === 'POST' ? await post(path, {}) : await server.get(path);
    expect([response.status, (await response.json()) as unknown]).toEqual([status, expect.objectContaining({ code })]);
  });

  it('want the token, like every other', async () => {
    for (const path of ['/api/snowflake', '/api/snowflake/fleet', '/api/retention'])
      expect([path, (await fetch(new URL(path, server.url))).status]).toEqual([path, 401]);
  });
});

describe('the retention routes', () => {
  it('count what would go, and name a wrong field', async () => {
    expect(await (await post('/api/retention/preview', { target: 'local', days: 30 })).json()).toMatchObject({
      rows: 3,
    });
    expect(asked).toEqual([{ target: 'local', days: 30 }]);
    for (const [body, field] of [
      [{ target: 'duckdb', days: 30 }, 'target'],
      [{ target: 'local', days: 0 }, 'days'],
      [{ target: 'local' }, 'days'],
    ] as const) {
      const response = await post('/api/retention/apply', body);
      expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ field })]);
    }
    expect(asked).toHaveLength(1);
  });

  it('say how long calls are kept', async () => {
    expect(await (await server.get('/api/retention')).json()).toMatchObject({
      retention: { localDays: null, snowflakeDays: null },
      lastRunAt: null,
    });
  });
});
