/** An error that nobody caught costs no running call: that of a part beside the proxy never, that of the proxy itself after a drain. */
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { health, waitForCalls } from '../../helpers/analytics-client.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { rawRows } from '../journal/journal-kit.ts';
import type { MadeFault } from './fixtures/faulty-gateway.ts';
import {
  holdStreams,
  openStream,
  processScene,
  wholeStream,
  type HeldStream,
  type ProcessScene,
  type StartedProcess,
} from './process-kit.ts';

const entry = fileURLToPath(new URL('fixtures/faulty-gateway.ts', import.meta.url));

let scene: ProcessScene;
let upstream: HeldStream;
beforeEach(async () => {
  scene = processScene();
  upstream = await holdStreams();
});
afterEach(async () => {
  upstream.release();
  await scene.end();
  upstream.stop();
});

async function startFaulty(): Promise<StartedProcess> {
  const gateway = await scene.start({
    entry,
    spawn: { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
    upstream: upstream.url,
  });
  gateway.child.stderr?.resume();
  return gateway;
}

const make = (gateway: StartedProcess, fault: MadeFault): unknown => gateway.child.send(fault);

const ways = [
  'throws in a timer',
  'throws in a microtask',
  'rejects unheard',
  'rejects unheard, later',
  'emits an error nobody listens to',
] as const;

describe('a part beside the proxy that', () => {
  it.each(ways)('%s costs nothing but a degraded health', async (how) => {
    const gateway = await startFaulty();
    const stream = await openStream(gateway.url);
    make(gateway, { part: 'alerts', how, times: 3 });
    await waitFor('health', async () => (await health(gateway)).checks.background?.faults === 3);
    expect((await health(gateway)).status).toBe('degraded');
    expect((await health(gateway)).checks.background).toMatchObject({
      state: 'degraded',
      detail: expect.stringContaining('alerts'),
    });
    upstream.release();
    expect(await stream.body).toBe(wholeStream);
    expect(await waitForCalls(gateway, 1)).toMatchObject([{ outcome: 'ok' }]);
    expect(gateway.logFile()).toContain('PartFault');
    expect(gateway.logFile()).not.toContain('AIzaCanary');
    gateway.child.kill('SIGTERM');
    await waitFor('the end', () => gateway.child.exitCode === 0);
  });

  it('fails again and again fills no log', async () => {
    const gateway = await startFaulty();
    make(gateway, { part: 'alerts', how: 'rejects unheard', times: 2500 });
    await waitFor('health', async () => (await health(gateway)).checks.background?.faults === 2500);
    await waitFor('the log', () => gateway.logFile().includes('"faults":2000'));
    expect(gateway.logFile().split('PartFault')).toHaveLength(1 + 12);
  });
});

describe('the proxy itself that', () => {
  it.each(ways)(
    '%s takes no new calls, finishes the running one, and ends with the reason in the file',
    async (how) => {
      const gateway = await startFaulty();
      const stream = await openStream(gateway.url);
      make(gateway, { part: null, how, times: 1 });
      await waitFor('the request', () => gateway.logFile().includes('GatewayStopRequested'));
      await expect(openStream(gateway.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      upstream.release();
      expect(await stream.body).toBe(wholeStream);
      await waitFor('the end', () => gateway.child.exitCode === 1);
      expect(rawRows(scene.dataDir)).toHaveLength(1);
      expect(gateway.logFile()).toMatch(/"level":"fatal".*"code":"internal","msg":"GatewayCrashed"\}\n$/);
      expect(gateway.logFile()).not.toContain('AIzaCanary');
    },
  );
});
