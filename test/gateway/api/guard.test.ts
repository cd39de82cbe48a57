import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../../contract/errors.ts';
import { guardPolicy, judge } from '../../../gateway/api/guard.ts';
import { startControlServer, type ControlServer } from '../../helpers/control-server.ts';
import { rawRequest, sendRaw } from '../../helpers/raw-http.ts';

let server: ControlServer;
beforeAll(async () => {
  server = await startControlServer();
});
afterAll(() => server.stop());

const own = ['/api/analytics/health', '/api/sample', '/metrics', '/healthz', '/ui/', '/ui/login?code=x', '/'];
const proxied = [
  '/gemini/v1beta/models/m:generateContent',
  '/v1beta/models/m:generateContent',
  '/nobody/x',
  '/ws/google.ai.Live',
];
const paths = [...own, ...proxied];

const hosts = (port: number): readonly string[] => [
  'evil.com',
  `evil.com:${port}`,
  `localhost.evil.com:${port}`,
  `127.0.0.1.nip.io:${port}`,
  `127.0.0.1:${port}.evil.com`,
  `localhost:${port}@evil.com`,
  `127.0.0.1:${port + 1}`,
  '127.0.0.1',
  'localhost',
  `0.0.0.0:${port}`,
  `127.1:${port}`,
  `[::ffff:127.0.0.1]:${port}`,
  `xn--localhost:${port}`,
  `localhost.:${port}`,
  '',
];

const origins = (port: number): readonly string[] => [
  'null',
  'https://evil.com',
  `http://evil.com:${port}`,
  `http://localhost:${port}.evil.com`,
  `http://127.0.0.1.nip.io:${port}`,
  `http://127.0.0.1:${port + 1}`,
  'http://127.0.0.1',
  `https://127.0.0.1:${port}`,
  `http://127.0.0.1:${port}/`,
  `http://127.0.0.1:${port} http://evil.com`,
  `http://user@127.0.0.1:${port}`,
  'file://',
  'chrome-extension://abcdef',
  '',
];

/** Every refusal happens before the request is read or forwarded. */
async function expectRefused(headers: readonly string[], code: string): Promise<void> {
  for (const path of paths) {
    const answer = await sendRaw(
      server.port,
      rawRequest('POST', path, [...headers, `Authorization: Bearer ${server.door.token}`, 'Content-Length: 2'], '{}'),
    );
    expect([path, answer.status]).toEqual([path, 403]);
    expect(Problem.parse(JSON.parse(answer.body)).code).toBe(code);
    expect(answer.head.toLowerCase()).not.toContain('access-control');
  }
}

describe('a Host header that is not ours', () => {
  it('is refused on every path, token or not, and nothing reaches the upstream', async () => {
    for (const host of hosts(server.port)) await expectRefused([`Host: ${host}`], 'forbidden_host');
    expect(server.upstreamRequests()).toBe(0);
  });

  it('given twice is refused even when one of them is ours', async () => {
    const answer = await sendRaw(
      server.port,
      rawRequest('GET', '/healthz', [`Host: 127.0.0.1:${server.port}`, 'Host: evil.com']),
    );
    expect([400, 403]).toContain(answer.status);
  });

  it('missing is refused', async () => {
    for (const path of paths)
      expect([400, 403]).toContain((await sendRaw(server.port, rawRequest('GET', path, []))).status);
    const old = await sendRaw(server.port, 'GET /gemini/x HTTP/1.0\r\n\r\n');
    expect([400, 403]).toContain(old.status);
    expect(server.upstreamRequests()).toBe(0);
  });
});

describe('an Origin that is not ours', () => {
  it('is refused on every path: null, other ports, prefixes and look-alikes', async () => {
    for (const origin of origins(server.port))
      await expectRefused([`Host: 127.0.0.1:${server.port}`, `Origin: ${origin}`], 'forbidden_origin');
    expect(server.upstreamRequests()).toBe(0);
  });

  it('is refused for a simple form post of another page', async () => {
    const headers = [
      `Host: localhost:${server.port}`,
      'Origin: https://evil.com',
      'Content-Type: text/plain',
      'Content-Length: 2',
    ];
    const answer = await sendRaw(
      server.port,
      rawRequest('POST', '/gemini/v1beta/models/m:generateContent', headers, '{}'),
    );
    expect(answer.status).toBe(403);
    expect(answer.head).toContain('x-aism-error: forbidden_origin');
    expect(server.upstreamRequests()).toBe(0);
  });
});

describe('a request that the browser says comes from elsewhere', () => {
  it.each(['cross-site', 'same-site', 'Cross-Site', 'unknown'])('is refused: Sec-Fetch-Site %s', async (site) => {
    await expectRefused([`Host: 127.0.0.1:${server.port}`, `Sec-Fetch-Site: ${site}`], 'forbidden_origin');
  });

  it.each(['document', 'iframe', 'script', 'image', 'worker'])(
    'is refused on proxied paths as a load of a %s, even from our own page',
    async (dest) => {
      const headers = [`Host: 127.0.0.1:${server.port}`, 'Sec-Fetch-Site: same-origin', `Sec-Fetch-Dest: ${dest}`];
      expect((await sendRaw(server.port, rawRequest('GET', '/gemini/x', headers))).status).toBe(403);
      expect((await sendRaw(server.port, rawRequest('GET', '/healthz', headers))).status).toBe(200);
    },
  );

  it('opens the dashboard when a person typed or pasted the address', async () => {
    const headers = [
      `Host: localhost:${server.port}`,
      'Sec-Fetch-Site: none',
      'Sec-Fetch-Mode: navigate',
      'Sec-Fetch-Dest: document',
    ];
    expect((await sendRaw(server.port, rawRequest('GET', '/', headers))).status).toBe(302);
  });
});

describe('a WebSocket handshake', () => {
  const upgrade = (extra: readonly string[], path = '/ws/analytics'): string =>
    rawRequest('GET', path, [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ...extra,
    ]);

  it('from another site is refused before the handshake, token or not', async () => {
    const token = `Sec-WebSocket-Protocol: aism.v1, aism.token.${server.door.token}`;
    for (const path of ['/ws/analytics', '/ws/google.ai.Live', '/gemini/ws/x']) {
      const host = `Host: 127.0.0.1:${server.port}`;
      expect((await sendRaw(server.port, upgrade([host, 'Origin: https://evil.com', token], path))).status).toBe(403);
      expect((await sendRaw(server.port, upgrade([host, 'Sec-Fetch-Site: cross-site', token], path))).status).toBe(403);
      expect((await sendRaw(server.port, upgrade([`Host: evil.com:${server.port}`, token], path))).status).toBe(403);
    }
    expect(server.upstreamRequests()).toBe(0);
  });

  it('without the token, or with another one, is refused before the handshake', async () => {
    const host = `Host: 127.0.0.1:${server.port}`;
    expect((await sendRaw(server.port, upgrade([host]))).status).toBe(401);
    expect(
      (await sendRaw(server.port, upgrade([host, `Sec-WebSocket-Protocol: aism.v1, aism.token.${'0'.repeat(64)}`])))
        .status,
    ).toBe(401);
    expect((await sendRaw(server.port, upgrade([host], `/ws/analytics?token=${server.door.token}`))).status).toBe(401);
  });
});

describe('a client that is allowed', () => {
  it.each(['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST'])('may call us %s', async (name) => {
    expect((await sendRaw(server.port, rawRequest('GET', '/healthz', [`Host: ${name}:${server.port}`]))).status).toBe(
      200,
    );
  });

  it('reaches the upstream as an SDK does, without Origin, and as our own page does', async () => {
    const before = server.upstreamRequests();
    const host = `Host: 127.0.0.1:${server.port}`;
    expect((await sendRaw(server.port, rawRequest('GET', '/gemini/v1beta/models', [host]))).body).toContain(
      'from upstream',
    );
    const page = [
      host,
      `Origin: http://127.0.0.1:${server.port}`,
      'Sec-Fetch-Site: same-origin',
      'Sec-Fetch-Dest: empty',
    ];
    expect((await sendRaw(server.port, rawRequest('GET', '/gemini/v1beta/models', page))).status).toBe(200);
    expect(server.upstreamRequests()).toBe(before + 2);
  });
});

describe('the policy', () => {
  it('allows the bare name only where the port is the default of the scheme', () => {
    const policy = guardPolicy('https', 443, ['Gateway.Example']);
    const ask = (host: string, origin?: string) =>
      judge({ rawHeaders: ['Host', host, ...(origin === undefined ? [] : ['Origin', origin])], proxied: false }, policy)
        .allowed;
    expect(ask('gateway.example')).toBe(true);
    expect(ask('gateway.example:443', 'https://gateway.example')).toBe(true);
    expect(ask('gateway.example', 'http://gateway.example')).toBe(false);
    expect(ask('gateway.example:8443')).toBe(false);
  });

  it.each([
    ['aism.example:443', 'aism.example', 'https://aism.example', true],
    ['aism.example:443', 'aism.example:443', 'https://aism.example', true],
    ['aism.example:443', 'aism.example', 'http://aism.example', false],
    ['aism.example:443', 'aism.example:8787', 'https://aism.example', false],
    ['aism.example:80', 'aism.example', 'http://aism.example', true],
    ['aism.example:80', 'aism.example', 'https://aism.example', false],
    ['aism.example:8443', 'aism.example:8443', 'https://aism.example:8443', true],
    ['aism.example:8443', 'aism.example', 'https://aism.example', false],
    ['127.0.0.1:9000', '127.0.0.1:9000', 'http://127.0.0.1:9000', true],
    ['127.0.0.1:9000', '127.0.0.1:9001', 'http://127.0.0.1:9001', false],
    ['[::1]:9000', '[::1]:9000', 'http://[::1]:9000', true],
    ['[fd00::2]', '[fd00::2]:8787', 'http://[fd00::2]:8787', true],
    ['aism.example:443', '127.0.0.1:8787', 'https://aism.example', true],
  ])('with %s, Host %s and Origin %s are allowed: %s', (name, host, origin, allowed) => {
    const policy = guardPolicy('http', 8787, [name]);
    expect(judge({ rawHeaders: ['Host', host, 'Origin', origin], proxied: false }, policy).allowed).toBe(allowed);
  });
});
