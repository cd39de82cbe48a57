import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { gatewaySource } from '../../main/analytics.ts';
import { createGatewayRest, type GatewayRest } from '../../main/gateway-rest.ts';

let server: Server | null = null;
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

async function restTo(listener: RequestListener): Promise<GatewayRest> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return createGatewayRest(() => ({ url, token: 'tok' }));
}

const Echo = z.object({ method: z.string(), url: z.string(), authorization: z.string(), body: z.string() });
const echo: RequestListener = async (request: IncomingMessage, response) => {
  const { method, url, headers } = request;
  response.end(JSON.stringify({ method, url, authorization: headers.authorization, body: await text(request) }));
};

describe('a question to the gateway', () => {
  test('carries the token in a header and its parameters in the address', async () => {
    const rest = await restTo(echo);
    expect(await rest.ask('/api/x', Echo, { params: new URLSearchParams({ q: 'a b' }) })).toEqual({
      method: 'GET',
      url: '/api/x?q=a+b',
      authorization: 'Bearer tok',
      body: '',
    });
    expect(await rest.ask('/api/x', Echo, { body: { action: 'start' } })).toMatchObject({
      method: 'POST',
      body: '{"action":"start"}',
    });
    expect(await rest.ask('/api/x', Echo, { method: 'PUT', body: [] })).toMatchObject({ method: 'PUT', body: '[]' });
    expect(await rest.ask('/api/x', Echo, { method: 'DELETE' })).toMatchObject({ method: 'DELETE', body: '' });
  });

  test('spells filters the way the gateway reads them', async () => {
    let asked = '';
    const rest = await restTo((request, response) => {
      asked = request.url ?? '';
      response.end('{}');
    });
    const filter = { model: ['a,b', 'c'], tags: { team: ['x', 'y'] } };
    await expect(
      gatewaySource(rest).answer(
        'models',
        { range: '1h', tz: 'Europe/Berlin', limit: 5, filter, source: 'duckdb' },
        new AbortController().signal,
      ),
    ).rejects.toMatchObject({ code: 'internal' });
    expect(asked).toBe(
      '/api/analytics/models?range=1h&tz=Europe%2FBerlin&limit=5&source=duckdb&model=a%2Cb&model=c&tag.team=x&tag.team=y',
    );
  });

  test('that it refuses fails with its own code, words and field', async () => {
    const problem = {
      type: '/problems/bad_request',
      title: 'Bad request',
      status: 400,
      detail: 'tz: unknown zone',
      code: 'bad_request',
      field: 'tz',
    };
    const rest = await restTo((_request, response) => response.writeHead(400).end(JSON.stringify(problem)));
    await expect(rest.ask('/api/x', Echo)).rejects.toMatchObject({
      code: 'bad_request',
      message: 'tz: unknown zone',
      field: 'tz',
    });
  });

  test('fails plainly when the answer is no problem document, or of another shape', async () => {
    const broken = await restTo((_request, response) => response.writeHead(502).end('<html>'));
    await expect(broken.ask('/api/x', Echo)).rejects.toMatchObject({
      code: 'internal',
      message: 'The gateway answered with HTTP 502.',
    });
    server?.close();
    const other = await restTo((_request, response) => response.end('{"method":1}'));
    await expect(other.ask('/api/x', Echo)).rejects.toMatchObject({ code: 'internal' });
  });

  test('says so when nobody listens, or no gateway runs', async () => {
    const closed = createGatewayRest(() => ({ url: 'http://127.0.0.1:9', token: 'tok' }));
    await expect(closed.ask('/api/x', Echo)).rejects.toMatchObject({ code: 'gateway_unreachable' });
    await expect(createGatewayRest(() => null).ask('/api/x', Echo)).rejects.toMatchObject({
      code: 'gateway_unreachable',
    });
  });

  test('can be cancelled', async () => {
    const rest = await restTo(() => undefined);
    const stop = new AbortController();
    const asked = rest.ask('/api/x', Echo, { signal: stop.signal });
    stop.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  });
});
