import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createSocketServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testUpstream } from '../../main/upstream-test.ts';
import { makeCertificate } from '../helpers/certificates.ts';

let folder = '';
let servers: Server[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aism upstream '));
});
afterEach(async () => {
  for (const server of servers) server.close();
  servers = [];
  await rm(folder, { recursive: true, force: true });
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const stays = new AbortController().signal;
const tried = (url: string, waitMs?: number) => testUpstream(url, stays, waitMs);

it('takes any HTTP status for an answer, and sends one HEAD without a key', async () => {
  const seen: string[] = [];
  const port = await listening(
    createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.authorization ?? 'no key'}`);
      response.writeHead(404).end();
    }),
  );
  const result = await tried(`http://127.0.0.1:${port}/base`);
  expect(result).toMatchObject({ ok: true, statusCode: 404, message: expect.stringContaining('The address is right') });
  expect(result.durationMs).toBeGreaterThanOrEqual(0);
  expect(seen).toEqual(['HEAD /base no key']);
});

it('names a name without address, a closed port and an address of another kind', async () => {
  expect(await tried('https://no-such-host.invalid')).toMatchObject({
    ok: false,
    message: expect.stringContaining('No computer is called no-such-host.invalid'),
  });
  expect((await tried('http://127.0.0.1:9')).message).toContain('refuses the connection');
  expect((await tried('ftp://127.0.0.1')).message).toContain('Accepted: an http(s) address');
});

it('names a certificate that nobody here trusts', async () => {
  const { cert, key } = makeCertificate(folder, 'own');
  const tls = createTlsServer({ cert: await readFile(cert), key: await readFile(key) });
  const port = await listening(tls);
  expect((await tried(`https://127.0.0.1:${port}`)).message).toContain('not from an authority that is trusted here');
});

it('tells http from https, both ways', async () => {
  const plain = await listening(createServer((_request, response) => response.end()));
  expect((await tried(`https://127.0.0.1:${plain}`)).message).toContain('wants http:// instead');
  const { cert, key } = makeCertificate(folder, 'own');
  const tls = await listening(createTlsServer({ cert: await readFile(cert), key: await readFile(key) }));
  expect((await tried(`http://127.0.0.1:${tls}`)).message).toContain('wants https:// instead');
});

it('gives up on a server that says nothing', async () => {
  const port = await listening(createSocketServer(() => undefined));
  expect(await tried(`http://127.0.0.1:${port}`, 300)).toMatchObject({
    ok: false,
    message: expect.stringContaining('did not answer within'),
  });
});
