/** What of the gateway's settings the schema cannot know: names that clash, files that are not there, a port somebody else has. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { GatewaySettings, UpstreamSetting } from '../contract/app-settings.ts';
import { AppError } from '../contract/errors.ts';
import { isLoopback, isReservedUpstream, upstreamOrigin } from '../contract/upstreams.ts';
import { findFreePort, isPortFree } from './gateway-exit.ts';

/**
 * @param ownPort the one our gateway listens on, which is taken by itself; null when it does not run
 * @throws AppError `bad_request` or `port_in_use` whose `field` is the setting at fault
 */
export async function checkGatewaySettings(settings: GatewaySettings, ownPort: number | null): Promise<void> {
  checkHost(settings);
  checkUpstreams(settings.upstreams);
  await checkTls(settings);
  await checkPort(settings, ownPort);
}

const refuse = (field: string, message: string, cause?: unknown): AppError =>
  new AppError('bad_request', message, { field, cause });

const hostName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i;

function checkHost({ host, tlsCert, tlsKey }: GatewaySettings): void {
  if (isIP(host) === 0 && !hostName.test(host)) {
    throw refuse('host', `"${host}" is not an address. Accepted: an IP address or a host name of this computer.`);
  }
  if (tlsCert !== null && tlsKey === null) throw refuse('tlsKey', 'The key of the certificate is missing.');
  if (tlsCert === null && tlsKey !== null) throw refuse('tlsCert', 'The certificate of the key is missing.');
  if (isLoopback(host) || tlsCert !== null) return;
  throw refuse('tlsCert', `Other computers can reach ${host}: that needs a certificate and its key.`);
}

function checkUpstreams(upstreams: readonly UpstreamSetting[]): void {
  upstreams.forEach(({ name, url }, index) => {
    const at = `upstreams.${index}`;
    if (isReservedUpstream(name))
      throw refuse(`${at}.name`, `"${name}" is a path of the gateway itself. Choose another.`);
    if (upstreams.findIndex((other) => other.name === name) !== index) {
      throw refuse(`${at}.name`, `"${name}" is there twice.`);
    }
    if (upstreamOrigin(url) === null) {
      throw refuse(`${at}.url`, 'Accepted: an http(s) address without user name, query or fragment.');
    }
  });
}

async function checkTls({ tlsCert, tlsKey }: GatewaySettings): Promise<void> {
  if (tlsCert === null || tlsKey === null) return;
  const [cert, key] = [await readPem('tlsCert', tlsCert), await readPem('tlsKey', tlsKey)];
  if (key.includes('ENCRYPTED'))
    throw refuse('tlsKey', 'This key is encrypted. The gateway needs it without a passphrase.');
  const end = new Date(parsed('tlsCert', 'a certificate', () => new X509Certificate(cert)).validTo);
  if (end.getTime() < Date.now())
    throw refuse('tlsCert', `This certificate ended on ${end.toISOString().slice(0, 10)}.`);
  parsed('tlsKey', 'the key of this certificate', () => createSecureContext({ cert, key }));
}

async function readPem(field: string, path: string): Promise<string> {
  if (!isAbsolute(path)) throw refuse(field, 'Accepted: the whole path of a PEM file, from the root.');
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw refuse(field, `${path} cannot be read. Accepted: a PEM file that you may read.`, error);
  }
}

function parsed<T>(field: string, what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw refuse(field, `This file is not ${what} in PEM form.`, error);
  }
}

async function checkPort({ port, host }: GatewaySettings, ownPort: number | null): Promise<void> {
  if (port === ownPort || (await isPortFree(port, isLoopback(host) ? '127.0.0.1' : host))) return;
  const free = await findFreePort(port);
  const offer = free === null ? 'Choose another one.' : `Port ${free} is free.`;
  throw new AppError('port_in_use', `Port ${port} is taken by another program. ${offer}`, { field: 'port' });
}
