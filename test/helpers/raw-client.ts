/** A client at the level of TCP. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { SocketReader, readMessage } from './raw-socket-reader.ts';
import type { RawMessage } from './raw-socket-reader.ts';

export interface RawClient {
  readonly socket: Socket;
  readonly reader: SocketReader;
  send(bytes: string | Buffer): void;
  response(options?: { bodyless?: boolean }): Promise<RawMessage>;
}

export async function connectRaw(port: number): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  const reader = new SocketReader(socket);
  await once(socket, 'connect');
  return {
    socket,
    reader,
    send: (bytes) => void socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    response: (options = {}) => readMessage(reader, { kind: 'response', ...options }),
  };
}

/** Sends bytes, waits until the server closes the connection, and returns everything it said. */
export async function sendAndReadToEnd(port: number, bytes: string | Buffer): Promise<string> {
  const client = await connectRaw(port);
  client.send(bytes);
  const said = await client.reader.toEnd();
  client.socket.destroy();
  return said.toString('latin1');
}
