/** A reader of the live stream, for tests of the live door. */
import { once } from 'node:events';
import WebSocket from 'ws';
import { ServerFrame, wsProtocol, wsTokenProtocolPrefix } from '../../contract/gateway-api.ts';
import type { ControlServer } from './control-server.ts';
import { waitFor } from './wait-for.ts';

export interface LiveReader {
  readonly socket: WebSocket;
  readonly frames: ServerFrame[];
  /** The close code. */
  readonly closed: Promise<number>;
}

export async function connectReader(
  { port, door }: Pick<ControlServer, 'port' | 'door'>,
  options: WebSocket.ClientOptions = {},
): Promise<LiveReader> {
  const protocols = [wsProtocol, `${wsTokenProtocolPrefix}${door.token}`];
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/analytics`, protocols, options);
  const frames: ServerFrame[] = [];
  socket.on('message', (data) => frames.push(ServerFrame.parse(JSON.parse(String(data)))));
  const closed = once(socket, 'close').then(([code]) => Number(code));
  await once(socket, 'open');
  return { socket, frames, closed };
}

export const framesOf = <T extends ServerFrame['type']>(reader: LiveReader, type: T) =>
  reader.frames.filter((frame): frame is Extract<ServerFrame, { type: T }> => frame.type === type);

export const sendFrame = (reader: LiveReader, frame: unknown): void =>
  reader.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));

/** A pong proves that everything sent before was handled. */
export async function settled(reader: LiveReader): Promise<void> {
  const id = String(Math.random());
  sendFrame(reader, { type: 'ping', id });
  await waitFor('pong', () => framesOf(reader, 'pong').some((frame) => frame.id === id));
}
