import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface Address {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
}

const tcpKeepAliveMs = 60_000;

/** Half-open is allowed so that a FIN does not cut off what we still send (uploads, tunnels). */
export function openSocket(address: Address, session: Buffer | undefined): Socket {
  const { host, port } = address;
  const tcp = {
    host,
    port,
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: tcpKeepAliveMs,
  };
  if (!address.secure) return connectTcp(tcp);
  const servername = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({
    ...tcp,
    ...servername,
    ALPNProtocols: ['http/1.1'],
    ...(session === undefined ? {} : { session }),
  });
}
