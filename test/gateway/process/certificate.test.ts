/** A renewed certificate is taken over while a stream runs; a pair that does not fit together changes nothing. */
import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCertificate, type TestCertificate } from '../../helpers/certificates.ts';
import { startTestGateway, type TestGateway } from '../../helpers/gateway-process.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { holdStreams, wholeStream, type HeldStream } from './process-kit.ts';

let folder: string;
let upstream: HeldStream;
let gateway: TestGateway;
let used: TestCertificate;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aism-certificate-'));
  upstream = await holdStreams();
  used = makeCertificate(folder, 'used');
});
afterEach(async () => {
  upstream.release();
  await gateway.stop();
  upstream.stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = async ({ cert, key }: TestCertificate): Promise<void> => {
  gateway = await startTestGateway({
    readyMs: 30_000,
    args: ['--tls-cert', cert, '--tls-key', key],
    upstreams: [`s=${upstream.url}`],
  });
};

const printOf = (file: string): string => new X509Certificate(readFileSync(file)).fingerprint256;

/** The fingerprint that a new connection sees. */
function served(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(new URL(gateway.url).port), host: '127.0.0.1', rejectUnauthorized: false });
    socket.once('secureConnect', () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

async function openStream(): Promise<Promise<string>[]> {
  return new Promise((resolve, reject) => {
    const asked = request(`${gateway.url}/s/stream`, { rejectUnauthorized: false, agent: false }, (response) => {
      let text = '';
      const body = new Promise<string>((done, failed) => {
        response.on('data', (chunk: Buffer) => {
          text += String(chunk);
          resolve([body]);
        });
        response.on('end', () => done(text));
        response.on('error', failed);
      });
    });
    asked.on('error', reject).end();
  });
}

const ways = {
  'is written over': (next: TestCertificate) => {
    copyFileSync(next.cert, used.cert);
    copyFileSync(next.key, used.key);
  },
  'is put in its place': (next: TestCertificate) => {
    renameSync(next.cert, used.cert);
    renameSync(next.key, used.key);
  },
} as const;

describe('a renewed certificate', () => {
  it.each(Object.keys(ways) as (keyof typeof ways)[])(
    'that %s is served, and the running stream goes on',
    async (way) => {
      await start(used);
      const [body] = await openStream();
      const next = makeCertificate(folder, 'next');
      const expected = printOf(next.cert);
      ways[way](next);
      await waitFor('the new certificate', async () => (await served()) === expected);
      upstream.release();
      expect(await body).toBe(wholeStream);
      expect(gateway.log.join('\n')).toContain('CertificateRenewed');
    },
  );

  it('that a link leads to is served', async () => {
    const linked = { cert: join(folder, 'live.pem'), key: join(folder, 'live-key.pem') };
    const link = (to: TestCertificate): void => {
      for (const part of ['cert', 'key'] as const) {
        symlinkSync(to[part], `${linked[part]}.new`);
        renameSync(`${linked[part]}.new`, linked[part]);
      }
    };
    link(used);
    await start(linked);
    const next = makeCertificate(folder, 'next');
    link(next);
    await waitFor('the new certificate', async () => (await served()) === printOf(next.cert));
    expect(gateway.child.exitCode).toBeNull();
  });

  it('is served after SIGHUP, and the gateway goes on', async () => {
    await start(used);
    const next = makeCertificate(folder, 'next');
    ways['is written over'](next);
    gateway.child.kill('SIGHUP');
    await waitFor('the new certificate', async () => (await served()) === printOf(next.cert));
    expect(gateway.child.exitCode).toBeNull();
  });

  it.each([
    [
      'half of the certificate',
      (next: TestCertificate) => writeFileSync(used.cert, readFileSync(next.cert).subarray(0, 200)),
    ],
    ['the certificate without its key', (next: TestCertificate) => copyFileSync(next.cert, used.cert)],
    ['the key without its certificate', (next: TestCertificate) => copyFileSync(next.key, used.key)],
    ['no certificate', () => rmSync(used.cert)],
    ['something else', () => writeFileSync(used.cert, 'not a certificate')],
  ] as const)(
    'of which there is %s leaves the old one, says so, and is taken when it is whole',
    async (_name, write) => {
      const before = printOf(used.cert);
      await start(used);
      const next = makeCertificate(folder, 'next');
      write(next);
      await waitFor('the warning', () => gateway.log.some((line) => line.includes('CertificateNotRenewed')));
      expect(await served()).toBe(before);
      ways['is written over'](next);
      await waitFor('the new certificate', async () => (await served()) === printOf(next.cert));
    },
  );
});
