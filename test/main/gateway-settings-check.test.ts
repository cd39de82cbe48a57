import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GatewaySettings } from '../../contract/app-settings.ts';
import { checkGatewaySettings } from '../../main/gateway-settings-check.ts';
import { makeCertificate, type TestCertificate } from '../helpers/certificates.ts';

let folder = '';
let taken: Server;
let takenPort = 0;
let good: TestCertificate;
let other: TestCertificate;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aism check '));
  [good, other] = [makeCertificate(folder, 'good'), makeCertificate(folder, 'other')];
  taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  takenPort = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(async () => {
  taken.close();
  await rm(folder, { recursive: true, force: true });
});

const plain: GatewaySettings = {
  port: 1,
  host: '127.0.0.1',
  tlsCert: null,
  tlsKey: null,
  upstreams: [],
  streamUsage: true,
  drainMs: 0,
  userIds: 'plain',
};
const check = (change: Partial<GatewaySettings>, ownPort: number | null = 1): Promise<void> =>
  checkGatewaySettings({ ...plain, ...change }, ownPort);
const upstream = (name: string, url = 'https://llm.example.com') => ({ name, url, provider: null });

describe('settings of the gateway are refused with the field named', () => {
  it.each<[string, string, Partial<GatewaySettings>]>([
    ['a host that is none', 'host', { host: 'not a host' }],
    ['a host that others reach, without a certificate', 'tlsCert', { host: '0.0.0.0' }],
    ['an upstream called like a path of the gateway', 'upstreams.0.name', { upstreams: [upstream('metrics')] }],
    ['an upstream called like sample traffic', 'upstreams.0.name', { upstreams: [upstream('sample-gemini')] }],
    ['two upstreams of one name', 'upstreams.1.name', { upstreams: [upstream('a'), upstream('a')] }],
    ['an address of another kind', 'upstreams.0.url', { upstreams: [upstream('a', 'ftp://example.com')] }],
    ['an address with a key in it', 'upstreams.0.url', { upstreams: [upstream('a', 'https://example.com/?key=1')] }],
    ['an address with a password', 'upstreams.0.url', { upstreams: [upstream('a', 'https://u:p@example.com')] }],
    ['an address with a fragment', 'upstreams.0.url', { upstreams: [upstream('a', 'https://example.com/#x')] }],
    ['no address', 'upstreams.0.url', { upstreams: [upstream('a', 'example')] }],
  ])('%s', async (_what, field, change) => {
    await expect(check(change)).rejects.toMatchObject({ code: 'bad_request', field });
  });

  it('a certificate without its key, of another key, unreadable, or half a path', async () => {
    const refusal = (cert: string | null, key: string | null): Promise<unknown> =>
      check({ tlsCert: cert, tlsKey: key }).catch((error: unknown) => error);
    const saying = (message: string) => ({ message: expect.stringContaining(message) });
    const encrypted = join(folder, 'encrypted.pem');
    await writeFile(encrypted, '-----BEGIN ENCRYPTED PRIVATE KEY-----\n');
    expect(await refusal(good.cert, null)).toMatchObject({ field: 'tlsKey' });
    expect(await refusal(null, good.key)).toMatchObject({ field: 'tlsCert' });
    expect(await refusal(good.cert, other.key)).toMatchObject({ field: 'tlsKey', ...saying('the key of') });
    expect(await refusal(join(folder, 'none.pem'), good.key)).toMatchObject({ field: 'tlsCert' });
    expect(await refusal('good.pem', good.key)).toMatchObject(saying('whole path'));
    expect(await refusal(good.key, good.key)).toMatchObject(saying('not a certificate'));
    expect(await refusal(good.cert, encrypted)).toMatchObject(saying('passphrase'));
  });

  it('a port that another program has, with a free one offered', async () => {
    await expect(check({ port: takenPort })).rejects.toMatchObject({
      code: 'port_in_use',
      field: 'port',
      message: expect.stringMatching(/taken by another program\. Port \d+ is free/),
    });
  });
});

describe('settings of the gateway are accepted', () => {
  it('with the port that it has itself', async () => {
    await expect(check({ port: takenPort }, takenPort)).resolves.toBeUndefined();
  });

  it('for other computers with a certificate and its key', async () => {
    await expect(check({ host: '0.0.0.0', tlsCert: good.cert, tlsKey: good.key })).resolves.toBeUndefined();
  });

  it('with upstreams of any name that is free, a default redirected among them', async () => {
    const upstreams = [upstream('gemini', 'http://127.0.0.1:1'), upstream('mine', 'https://x.example.com/base/')];
    await expect(check({ upstreams })).resolves.toBeUndefined();
  });
});
