/** The app and its real gateway, where the port of the clients has a certificate that the app neither knows nor is named in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { About } from '../../contract/gateway-api.ts';
import { gatewayEnvironment } from '../../main/gateway-command.ts';
import { linkGateway } from '../../main/gateway-link.ts';
import { GatewaySupervisor } from '../../main/gateway-process.ts';
import { makeCertificate } from '../helpers/certificates.ts';
import { waitFor } from '../helpers/wait-for.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aism-app-tls-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

test('its numbers come, live and asked for, and clients are told the address with TLS', async () => {
  const { cert, key } = makeCertificate(folder, 'own', 1, ['DNS:gateway.test']);
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const entry = join(import.meta.dirname, '..', '..', 'gateway', 'index.ts');
  const supervisor = new GatewaySupervisor({
    command: { node: process.execPath, entry, cwd: folder, env: gatewayEnvironment(process.env) },
    dataDir: join(folder, 'data'),
    port: () => 0,
    extraArgs: () => ['--host', '0.0.0.0', '--tls-cert', cert, '--tls-key', key, '--upstream', 'x=http://127.0.0.1:9'],
    log,
  });
  const link = linkGateway({ supervisor, log });
  try {
    supervisor.start();
    await waitFor('the live connection', () => link.status().live === 'connected', 30_000);
    expect(link.status()).toMatchObject({ phase: 'running', url: expect.stringMatching(/^https:\/\/127\.0\.0\.1:/) });
    const about = await link.rest.ask('/api/about', About);
    expect(about.url).toBe(link.status().url);
  } finally {
    link.stop();
    await supervisor.stop();
  }
}, 60_000);
