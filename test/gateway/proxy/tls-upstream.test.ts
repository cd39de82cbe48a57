import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { connectRaw } from '../../helpers/raw-client.ts';
import { startTestProxy, upstreamAt } from '../../helpers/proxy-server.ts';

test('an upstream over TLS is checked, named by SNI, and its session resumed on the next connection', async () => {
  const pem = readFileSync(new URL('fixtures/self-signed.pem', import.meta.url), 'utf8');
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'))]);
  const seen: { name: unknown; resumed: boolean; body: string; host: string | undefined }[] = [];
  const server = createServer({ key: pem, cert: pem }, (req, res) => {
    const socket = req.socket as TLSSocket;
    let body = '';
    req.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    req.on('end', () => {
      seen.push({ name: socket.servername, resumed: socket.isSessionReused(), body, host: req.headers.host });
      res.setHeader('Connection', 'close');
      res.end('secure');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const proxy = await startTestProxy([upstreamAt(new URL(`https://localhost:${port}`))]);
  const client = await connectRaw(proxy.port);
  try {
    for (let round = 0; round < 2; round += 1) {
      client.send('POST /gemini/v1beta/x HTTP/1.1\r\nHost: l\r\nContent-Length: 3\r\n\r\nabc');
      expect((await client.response()).body.toString()).toBe('secure');
    }
    const host = `localhost:${port}`;
    expect(seen).toEqual([
      { name: 'localhost', resumed: false, body: 'abc', host },
      { name: 'localhost', resumed: true, body: 'abc', host },
    ]);
  } finally {
    client.socket.destroy();
    await proxy.stop();
    await new Promise((resolve) => server.close(resolve));
    setDefaultCACertificates(trusted);
  }
});
