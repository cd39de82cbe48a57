import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { questions, type QuestionName } from '../../../contract/analytics.ts';
import { AppError, Problem } from '../../../contract/errors.ts';
import { startControlServer, type ControlServer } from '../../helpers/control-server.ts';
import { rawRequest, sendRaw } from '../../helpers/raw-http.ts';

let server: ControlServer;
let uiDir: string;
let asked: { name: QuestionName; query: unknown }[] = [];
let answer: () => Promise<unknown> = async () => ({ ok: true });
beforeAll(async () => {
  uiDir = mkdtempSync(join(tmpdir(), 'aism-ui-'));
  mkdirSync(join(uiDir, 'assets'));
  writeFileSync(join(uiDir, 'index.html'), '<!doctype html><title>ui</title>');
  writeFileSync(join(uiDir, 'assets', 'index-D4f8a1b2.js'), 'export {};');
  writeFileSync(join(uiDir, 'assets', 'plain.css'), 'a{}');
  writeFileSync(join(uiDir, '..', 'aism-outside.txt'), 'secret');
  server = await startControlServer({
    uiDir,
    ask: (name, query) => {
      asked.push({ name, query });
      return answer();
    },
  });
});
afterAll(async () => {
  await server.stop();
  rmSync(uiDir, { recursive: true, force: true });
  rmSync(join(uiDir, '..', 'aism-outside.txt'), { force: true });
});
beforeEach(() => {
  asked = [];
  answer = async () => ({ ok: true });
});

const problemOf = async (response: Response): Promise<Problem> => {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return Problem.parse(await response.json());
};

describe('questions', () => {
  it('reach the warehouse with range, zone and filters as asked', async () => {
    await server.get(
      '/api/analytics/usage?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00%2B01:00&tz=Europe/Berlin&bucket=1h&groupBy=tag.team&groupLimit=3&model=a,b&model=c&user=Doe,%20John&user=ann&tag.team=x&tag.team=y&provider=google,openai',
    );
    expect(asked).toEqual([
      {
        name: 'usage',
        query: {
          from: '2026-01-01T00:00:00Z',
          to: '2026-01-02T00:00:00+01:00',
          tz: 'Europe/Berlin',
          bucket: '1h',
          groupBy: 'tag.team',
          groupLimit: 3,
          source: 'duckdb',
          filter: {
            model: ['a', 'b', 'c'],
            user: ['Doe, John', 'ann'],
            provider: ['google', 'openai'],
            tags: { team: ['x', 'y'] },
          },
        },
      },
    ]);
  });

  it('have one route each, with the defaults of the contract', async () => {
    for (const name of Object.keys(questions))
      expect([name, (await server.get(`/api/analytics/${name}`)).status]).toEqual([name, 200]);
    expect(asked.map(({ name }) => name)).toEqual(Object.keys(questions));
    expect(asked[0]?.query).toEqual({ tz: 'UTC', filter: {}, source: 'duckdb' });
  });

  it.each([
    ['metrics?range=2h', 'range'],
    ['metrics?from=yesterday', 'from'],
    ['metrics?range=1h&range=6h', 'range'],
    ['metrics?bucket=1h', 'bucket'],
    ['metrics?modle=a', 'modle'],
    ['metrics?provider=acme', 'provider'],
    ['metrics?outcome=fine', 'outcome'],
    ['metrics?tag.=x', 'tag.'],
    ['metrics?format=csv', 'format'],
    ['usage?bucket=2h', 'bucket'],
    ['usage?groupBy=colour', 'groupBy'],
    ['usage?groupLimit=0', 'groupLimit'],
    ['models?limit=ten', 'limit'],
    ['models?limit=100001', 'limit'],
    ['models?format=xml', 'format'],
    ['models?format=csv&bom=perhaps', 'bom'],
    ['calls?limit=-1', 'limit'],
    ['calls?limit=1.5', 'limit'],
    [`calls?search=${'x'.repeat(201)}`, 'search'],
  ])('%s is refused before the warehouse is asked, and the field is named', async (query, field) => {
    const response = await server.get(`/api/analytics/${query}`);
    expect(response.status).toBe(400);
    const problem = await problemOf(response);
    expect(problem).toMatchObject({ code: 'bad_request', field, type: '/problems/bad_request' });
    expect(problem.detail).toContain(field);
    expect(asked).toEqual([]);
  });

  it.each([
    [new AppError('warehouse_unavailable', 'The warehouse restarts.'), 503],
    [new AppError('bad_request', 'cursor: not one of ours', { field: 'cursor' }), 400],
    [new AppError('timeout', 'Took too long.'), 504],
    [new Error('SELECT secret FROM users'), 500],
  ])('that fail with %s are answered as a problem', async (error, status) => {
    answer = async () => {
      throw error;
    };
    const problem = await problemOf(await server.get('/api/analytics/calls'));
    expect(problem.status).toBe(status);
    expect(JSON.stringify(problem)).not.toContain('SELECT');
  });

  it('are cancelled when the client leaves', async () => {
    const left = new AbortController();
    const own = await startControlServer({
      ask: (_name, _query, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new AppError('cancelled', 'left')))),
    });
    const request = own.get('/api/analytics/metrics', { signal: left.signal });
    setTimeout(() => left.abort(), 50);
    await expect(request).rejects.toThrow('abort');
    await own.stop();
  });
});

describe('access', () => {
  it.each(['/api/about', '/api/analytics/metrics', '/api/openapi.json', '/metrics'])(
    '%s needs the token',
    async (path) => {
      const response = await fetch(new URL(path, server.url));
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('Bearer');
      expect((await fetch(new URL(`${path}?token=${server.door.token}`, server.url))).status).toBe(401);
      expect(asked).toEqual([]);
    },
  );

  it('is free for the liveness probe alone', async () => {
    expect(await (await fetch(new URL('/healthz', server.url))).json()).toEqual({ status: 'ok' });
  });

  it('is given to a browser by a link that another program asked for', async () => {
    const made = await server.get('/api/login-link', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    const { url } = (await made.json()) as { url: string };
    const response = await fetch(url, { redirect: 'manual' });
    expect(response.status).toBe(303);
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    expect((await fetch(new URL('/api/about', server.url), { headers: { cookie } })).status).toBe(200);
    const again = await fetch(url, { redirect: 'manual' });
    expect(again.status).toBe(403);
    expect(await again.text()).toContain('A link works once');
  });

  it('is not used up by a preview that only looks at the head', async () => {
    const path = `/ui/login?code=${server.door.mintCode()}`;
    expect((await fetch(new URL(path, server.url), { method: 'HEAD', redirect: 'manual' })).status).toBe(403);
    expect((await fetch(new URL(path, server.url), { redirect: 'manual' })).status).toBe(303);
  });
});

describe('methods and bodies', () => {
  it('other paths are 404, other methods 405 with what is accepted', async () => {
    expect((await problemOf(await server.get('/api/nothing'))).status).toBe(404);
    expect((await server.get('/api')).status).toBe(404);
    const response = await server.get('/api/about', { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await server.get('/api/sample', { method: 'PUT' })).headers.get('allow')).toBe('GET, HEAD, POST');
    expect((await server.get('/ui/index.html', { method: 'POST' })).status).toBe(405);
    const head = await server.get('/api/about', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await server.get('/ws/analytics')).status).toBe(426);
  });

  it('a POST must be JSON, small and of the right shape', async () => {
    const post = (body: string, type?: string): Promise<Response> =>
      server.get('/api/sample', { method: 'POST', body, headers: type === undefined ? {} : { 'content-type': type } });
    expect((await problemOf(await post('{"action":"start"}', 'text/plain'))).field).toBe('content-type');
    expect((await problemOf(await post('{"action":"start"}'))).field).toBe('content-type');
    expect((await problemOf(await post('{', 'application/json'))).field).toBe('body');
    expect((await problemOf(await post('{"action":"explode"}', 'application/json'))).field).toBe('action');
    expect((await post(`{"action":"${'x'.repeat(20_000)}"}`, 'application/json')).status).toBe(400);
    expect(await (await server.get('/api/sample')).json()).toMatchObject({ running: false });
    expect(await (await post('{"action":"start"}', 'application/json; charset=utf-8')).json()).toMatchObject({
      running: true,
    });
  });

  it('answers carry the security headers and are not stored', async () => {
    const { headers } = await server.get('/api/about');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('the dashboard files', () => {
  it('are served with type, policy and the right life', async () => {
    const page = await fetch(new URL('/ui/', server.url));
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('content-security-policy')).toContain(`connect-src 'self' ws://127.0.0.1:${server.port}`);
    const script = await fetch(new URL('/ui/assets/index-D4f8a1b2.js', server.url));
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect((await fetch(new URL('/ui/assets/plain.css', server.url))).headers.get('cache-control')).toBe('no-cache');
  });

  it('are found from / and /ui', async () => {
    for (const path of ['/', '/ui'])
      expect((await fetch(new URL(path, server.url), { redirect: 'manual' })).headers.get('location')).toBe('/ui/');
  });

  it.each([
    '/ui/../aism-outside.txt',
    '/ui/..%2faism-outside.txt',
    '/ui/%2e%2e/aism-outside.txt',
    '/ui//etc/passwd',
    '/ui/%00',
    '/ui/%',
    '/ui/assets',
    '/ui/nothing.js',
    '/ui/..\\aism-outside.txt',
  ])('never leave their directory: %s', async (path) => {
    const { status, body } = await sendRaw(server.port, rawRequest('GET', path, [`Host: 127.0.0.1:${server.port}`]));
    expect([path, status]).toEqual([path, 404]);
    expect(body).not.toContain('secret');
  });

  it('say how to build them when they are not there', async () => {
    const own = await startControlServer();
    const page = await fetch(new URL('/ui/', own.url));
    expect(page.status).toBe(404);
    expect(await page.text()).toContain('npm run build');
    await own.stop();
  });
});
