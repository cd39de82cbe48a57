/** The Snowflake asks of a browser against a real HTTP server. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SnowflakeForm } from '../../../contract/ipc.ts';
import { snowflakeHandlers } from '../../../renderer/bridge/browser-snowflake.ts';
import * as answers from '../fixture/snowflake-answers.ts';

const before = '2026-08-03T00:00:00.000Z';
const preview = { target: 'local', days: 90, before, rows: 3, totalRows: 5, oldestAt: before } as const;
const result = { target: 'local', days: 90, before, deletedRows: 3 } as const;
const retention = {
  retention: { localDays: null, snowflakeDays: null },
  editable: false,
  lastRunAt: null,
  held: null,
  lastDeletedRows: null,
};

const served: Readonly<Record<string, unknown>> = {
  'GET /api/snowflake': answers.snowflakeState('idle', 'browser'),
  'POST /api/snowflake/test': { ok: true, steps: answers.testedSteps('idle'), clockSkewMs: 0 },
  'POST /api/snowflake/setup': answers.setupAnswer(true),
  'POST /api/snowflake/sync': answers.snowflakeHealth('sending'),
  'GET /api/snowflake/fleet': answers.fleetAnswer(),
  'GET /api/retention': retention,
  'POST /api/retention/preview': preview,
  'POST /api/retention/apply': result,
};

describe('a browser', () => {
  let server: Server;
  let handlers: ReturnType<typeof snowflakeHandlers>;
  const requests: { what: string; body: string }[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        const what = `${request.method} ${request.url}`;
        requests.push({ what, body });
        const found = served[what];
        response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(found ?? {}));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    handlers = snowflakeHandlers((input, init) => fetch(new URL(String(input), `http://127.0.0.1:${port}`), init));
  });
  beforeEach(() => void requests.splice(0));
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('asks each thing at its own address and hands on the checked answer', async () => {
    expect(await handlers.snowflakeState()).toEqual({ ok: true, value: served['GET /api/snowflake'] });
    expect(await handlers.testSnowflake(null)).toMatchObject({ ok: true, value: { ok: true } });
    expect(await handlers.setupSnowflake({ dryRun: true })).toMatchObject({ ok: true, value: { dryRun: true } });
    expect(await handlers.syncSnowflake()).toMatchObject({ ok: true, value: { phase: 'sending' } });
    expect(await handlers.snowflakeFleet()).toMatchObject({ ok: true, value: { gateways: { length: 3 } } });
    expect(await handlers.retentionState()).toEqual({ ok: true, value: retention });
    expect(await handlers.previewRetention({ target: 'local', days: 90 })).toEqual({ ok: true, value: preview });
    expect(await handlers.applyRetention({ target: 'local', days: 90 })).toEqual({ ok: true, value: result });
    expect(requests.map(({ what }) => what)).toEqual(Object.keys(served));
    expect(requests.find(({ what }) => what === 'POST /api/snowflake/setup')?.body).toBe('{"dryRun":true}');
    expect(requests.at(-1)?.body).toBe('{"target":"local","days":90}');
  });

  it('refuses what belongs to the machine of the gateway, says where to do it, and sends no secret', async () => {
    const settings = answers.exampleSettings;
    const form = SnowflakeForm.parse({ settings, secrets: { password: 'hunter2' } });
    for (const answer of [
      await handlers.testSnowflake(form),
      await handlers.saveSnowflake(form),
      await handlers.forgetSnowflake(),
    ])
      expect(answer).toMatchObject({
        ok: false,
        code: 'not_supported_here',
        message: expect.stringContaining('SNOWFLAKE_* variables'),
      });
    expect(await handlers.saveRetention({ localDays: 90 })).toMatchObject({ ok: false, code: 'not_supported_here' });
    expect(requests).toEqual([]);
  });
});
