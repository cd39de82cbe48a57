import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { GatewayFile } from '../../contract/gateway-api.ts';
import { listen, type Listeners } from '../../gateway/server.ts';
import { startTestGateway } from '../helpers/gateway-process.ts';

/** Key and certificate of gateway.test, made for tests alone. */
const pem = fileURLToPath(new URL('fixtures/gateway-test.pem', import.meta.url));
const listeners: Listeners = {
  request: (_request, response) => response.end('ours'),
  upgrade: (_request, socket) => socket.destroy(),
};

describe('the port', () => {
  it('is refused when a stranger holds it on the other loopback address: localhost could lead there', async () => {
    const stranger = createServer().listen({ port: 0, host: '::1' });
    await once(stranger, 'listening');
    const address = stranger.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(listen({ host: '127.0.0.1', port, tls: null }, listeners)).rejects.toMatchObject({
      code: 'port_in_use',
      field: '--port',
    });
    stranger.close();
  });

  it('is the same on both addresses when any free one was asked for', async () => {
    const server = await listen({ host: 'localhost', port: 0, tls: null }, listeners);
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    for (const host of ['127.0.0.1', '[::1]'])
      expect(await (await fetch(`http://${host}:${server.port}/`)).text()).toBe('ours');
    await server.close();
  });

  it('names an address that is not of this machine', async () => {
    await expect(listen({ host: '192.0.2.1', port: 0, tls: null }, listeners)).rejects.toMatchObject({
      code: 'bad_config',
      field: '--host',
    });
  });
});

describe('a gateway that others reach', () => {
  it('speaks TLS, takes the names it was told, and no other', async () => {
    const gateway = await startTestGateway({
      args: ['--host', '0.0.0.0', '--tls-cert', pem, '--tls-key', pem, '--allow-host', 'gateway.test'],
    });
    expect(gateway.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const { token } = GatewayFile.parse(JSON.parse(readFileSync(join(gateway.dataDir, 'gateway.json'), 'utf8')));
    const port = Number(new URL(gateway.url).port);
    const status = (host: string, path = '/healthz', headers = {}): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const asked = request(
          {
            host: '127.0.0.1',
            port,
            path,
            ca: readFileSync(pem),
            servername: 'gateway.test',
            headers: { host, ...headers },
          },
          (response) => {
            response.resume();
            resolve(response.statusCode);
          },
        );
        asked.on('error', reject).end();
      });
    expect(await status(`gateway.test:${port}`)).toBe(200);
    expect(await status(`evil.test:${port}`)).toBe(403);
    expect(await status(`gateway.test:${port}`, '/api/about')).toBe(401);
    expect(await status(`gateway.test:${port}`, '/api/about', { authorization: `Bearer ${token}` })).toBe(200);
    expect(await gateway.stop()).toBe(0);
  });
});
