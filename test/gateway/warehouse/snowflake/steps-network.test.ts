/** The first step on its own: what can be wrong before Snowflake is even asked. Nothing here gets as far as a login. */
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { createServer as createHttpServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { SnowflakeStep } from '../../../../contract/snowflake.ts';
import type { OpenSession } from '../../../../gateway/warehouse/snowflake/session.ts';
import { testConnection } from '../../../../gateway/warehouse/snowflake/steps.ts';
import { accessTo } from './access-kit.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const noLogin: OpenSession = () => Promise.reject(new Error('The network step let a login through'));

async function networkStep(url: string, totalMs = 3_000) {
  const result = await testConnection(noLogin, accessTo(url), { totalMs });
  const [network, ...rest] = result.steps;
  expect(result.ok).toBe(false);
  expect(rest.map((step) => step.state)).toEqual(Array.from({ length: 7 }, () => 'skipped'));
  return network;
}

describe('the network step', () => {
  it('names a refused connection', async () => {
    const port = await portOf(createTcpServer());
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await networkStep(`http://127.0.0.1:${port}`)).toMatchObject({
      step: 'network',
      state: 'failed',
      detail: `127.0.0.1:${port} refuses the connection`,
      fix: expect.stringMatching(/port|proxy/),
    });
  });

  it('names an unknown host', async () => {
    const step = await networkStep('https://no-such-account.invalid');
    expect(step?.detail).toMatch(/host name no-such-account\.invalid is not known/);
    expect(step?.fix).toMatch(/account identifier/);
  });

  it('names a host that speaks no TLS', async () => {
    const port = await portOf(createHttpServer());
    const step = await networkStep(`https://127.0.0.1:${port}`);
    expect(step?.detail).toMatch(/No secure connection/);
    expect(step?.fix).toMatch(/NODE_EXTRA_CA_CERTS/);
  });

  it('names a connection that is cut', async () => {
    const port = await portOf(createTcpServer((socket) => socket.resetAndDestroy()));
    expect((await networkStep(`http://127.0.0.1:${port}`))?.detail).toMatch(/failed: .*(reset|hang up)/i);
  });

  it('gives a host that accepts and says nothing a third of the time', async () => {
    const open = new Set<{ destroy(): void }>();
    const port = await portOf(createTcpServer((socket) => void open.add(socket)));
    const startedAtMs = performance.now();
    const step = await networkStep(`http://127.0.0.1:${port}`, 1_500);
    expect(performance.now() - startedAtMs).toBeLessThan(1_500);
    for (const socket of open) socket.destroy();
    expect(step?.detail).toMatch(/did not answer in time/);
    expect(step?.durationMs).toBeGreaterThanOrEqual(400);
  });

  it('passes with any HTTP answer, and reads the clock from it', async () => {
    const hourAhead = createHttpServer((_, response) => {
      response.setHeader('date', new Date(Date.now() + 3_600_000).toUTCString());
      response.writeHead(403).end();
    });
    const told: (readonly SnowflakeStep[])[] = [];
    const refused: OpenSession = () => new Promise(() => undefined);
    const result = await testConnection(refused, accessTo(`http://127.0.0.1:${await portOf(hourAhead)}`), {
      totalMs: 1_000,
      onSteps: (steps) => told.push(steps),
    });
    expect(result.steps[0]?.state).toBe('ok');
    expect(result.clockSkewMs).toBeGreaterThan(3_590_000);
    expect(result.clockSkewMs).toBeLessThan(3_610_000);
    expect(result.steps.slice(0, 3).map((step) => step.state)).toEqual(['ok', 'failed', 'skipped']);
    expect(result.steps[1]?.detail).toMatch(/No answer within the 1 s/);
    expect(told[0]?.map((step) => step.state).slice(0, 2)).toEqual(['running', 'waiting']);
    expect(told.at(-1)).toEqual(result.steps);
  });

  it('stops when the caller cancels', async () => {
    const port = await portOf(createTcpServer((socket) => void socket.on('error', () => undefined)));
    const controller = new AbortController();
    const test = testConnection(noLogin, accessTo(`http://127.0.0.1:${port}`), { signal: controller.signal });
    controller.abort();
    expect((await test).steps[0]).toMatchObject({ state: 'failed', detail: 'Cancelled' });
  });
});
