/** The command line reaches its own gateway whatever certificate, host and proxy the clients' port has, and says why when it does not. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayFile } from '../../../contract/gateway-api.ts';
import { makeCertificate } from '../../helpers/certificates.ts';
import { runGateway, startTestGateway, type TestGateway } from '../../helpers/gateway-process.ts';
import { waitFor } from '../../helpers/wait-for.ts';

let folder: string;
let gateway: TestGateway | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aism-tools-'));
});
afterEach(async () => {
  gateway?.child.kill('SIGCONT');
  await gateway?.stop();
  gateway = null;
  rmSync(folder, { recursive: true, force: true });
});

/** A proxy that refuses everything: what is sent through it is seen to fail. */
const proxied = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9' };

const ports = [
  { name: 'plain HTTP', host: '127.0.0.1', names: null, url: 'http://127.0.0.1:' },
  { name: 'a certificate for a name', host: '127.0.0.1', names: ['DNS:gateway.test'], url: 'https://127.0.0.1:' },
  { name: 'a certificate for localhost', host: '127.0.0.1', names: ['DNS:localhost'], url: 'https://localhost:' },
  { name: 'every IPv4 address', host: '0.0.0.0', names: ['DNS:gateway.test'], url: 'https://127.0.0.1:' },
  { name: 'every IPv6 address', host: '::', names: ['IP:::1'], url: 'https://[::1]:' },
  { name: '::1', host: '::1', names: ['IP:::1', 'IP:127.0.0.1'], url: 'https://[::1]:' },
] as const;

describe('the command line', () => {
  it.each(ports)(
    'reaches its gateway on a port with $name, past any proxy',
    async ({ host, names, url }) => {
      const pair = names === null ? null : makeCertificate(folder, 'own', 1, names);
      const tls = pair === null ? [] : ['--tls-cert', pair.cert, '--tls-key', pair.key];
      gateway = await startTestGateway({ readyMs: 30_000, args: ['--host', host, ...tls] });
      const { dataDir } = gateway;
      const run = (...words: string[]) => runGateway([...words, '--data-dir', dataDir], { env: proxied });
      const [dashboard, doctor, exported, repriced] = await Promise.all([
        run('dashboard'),
        run('doctor', '--json', '--upstream', 'gemini=http://127.0.0.1:9'),
        run('export', '--range', '1h', '--out', '-'),
        run('reprice', '--from', '2026-11-01', '--dry-run', '--json'),
      ]);
      expect(dashboard.stderr + exported.stderr).toBe('');
      expect(dashboard.stdout.startsWith(url)).toBe(true);
      expect(gateway.url.startsWith(url)).toBe(true);
      expect(doctor.stdout).toContain(`"part":"gateway","detail":"process ${gateway.pid} at ${url}`);
      expect([dashboard.code, exported.code, repriced.code]).toEqual([0, 0, 0]);
    },
    60_000,
  );

  it('says why it does not reach a gateway that runs, and does not take it for none', async () => {
    gateway = await startTestGateway({ readyMs: 30_000 });
    const { dataDir, pid, url, child } = gateway;
    child.kill('SIGSTOP');
    const [dashboard, doctor] = await Promise.all([
      runGateway(['dashboard', '--data-dir', dataDir]),
      runGateway(['doctor', '--json', '--data-dir', dataDir]),
    ]);
    const words = `The gateway of process ${pid} runs on ${dataDir}, but cannot be reached at ${url}: no answer within 3 s.`;
    expect(dashboard.stderr).toContain(words);
    expect(doctor.stdout).toContain(words);
    expect(doctor.stdout).not.toContain('Stop it');
    child.kill('SIGCONT');
    await waitFor('the gateway', async () => (await fetch(`${url}/healthz`)).ok);
    await gateway.kill9();
    expect((await runGateway(['dashboard', '--data-dir', dataDir])).stderr).toContain(`No gateway runs on ${dataDir}`);
    gateway = null;
    rmSync(dataDir, { recursive: true, force: true });
  }, 60_000);
});

describe('the port of the tools', () => {
  it('admits the token alone, and neither browsers nor calls', async () => {
    const { cert, key } = makeCertificate(folder, 'own');
    gateway = await startTestGateway({ readyMs: 30_000, args: ['--tls-cert', cert, '--tls-key', key] });
    const path = join(gateway.dataDir, 'gateway.json');
    const { toolsUrl = '', token } = GatewayFile.parse(JSON.parse(readFileSync(path, 'utf8')));
    const authorization = `Bearer ${token}`;
    const status = (target: string, headers: Record<string, string> = {}): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const asked = request(new URL(target, toolsUrl), { headers, agent: false }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        asked.on('error', reject).end();
      });
    expect(toolsUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await status('/healthz')).toBe(200);
    expect(await status('/api/about')).toBe(401);
    expect(await status('/api/about', { authorization })).toBe(200);
    expect(await status('/api/about', { authorization, host: 'evil.test' })).toBe(403);
    expect(await status('/api/about', { authorization, origin: 'https://evil.test' })).toBe(403);
    const elsewhere = ['/', '/ui', '/ui/', '/ui/login?code=x', '/gemini/v1beta/models', '/unknown/x'];
    const answers = await Promise.all(elsewhere.map((target) => status(target, { authorization })));
    expect(answers).toEqual(elsewhere.map(() => 404));
  });

  it('carries sample traffic, which the certificate of the clients would refuse', async () => {
    const { cert, key } = makeCertificate(folder, 'own', 1, ['DNS:gateway.test']);
    gateway = await startTestGateway({
      readyMs: 30_000,
      args: ['--tls-cert', cert, '--tls-key', key, '--demo'],
      env: proxied,
    });
    const path = join(gateway.dataDir, 'gateway.json');
    const { toolsUrl = '', token } = GatewayFile.parse(JSON.parse(readFileSync(path, 'utf8')));
    const headers = { authorization: `Bearer ${token}` };
    const text = await waitFor('sample calls that went through', async () => {
      const answer = await (await fetch(`${toolsUrl}/api/analytics/metrics?range=1h`, { headers })).text();
      return /"calls":[1-9]/.test(answer) && answer;
    });
    expect(text).toContain('"totals"');
  });
});
