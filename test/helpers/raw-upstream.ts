/** An upstream at the level of TCP: each connection is handed to the test's own script, which reads and writes bytes. */
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { SocketReader } from './raw-socket-reader.ts';

export interface RawUpstream {
  readonly origin: URL;
  readonly port: number;
  /** Connections accepted so far. */
  connections(): number;
  stop(): Promise<void>;
}

export type RawScript = (reader: SocketReader, socket: Socket) => Promise<void> | void;

/** A script that fails because its connection ended is done; any other failure is shown by `stop`. */
export async function startRawUpstream(script: RawScript): Promise<RawUpstream> {
  const sockets = new Set<Socket>();
  const failures: unknown[] = [];
  let accepted = 0;
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const reader = new SocketReader(socket);
    Promise.resolve(script(reader, socket)).catch((error: unknown) => {
      if (!reader.ended) failures.push(error);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: new URL(`http://127.0.0.1:${port}`),
    port,
    connections: () => accepted,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      if (failures.length > 0) throw failures[0];
    },
  };
}
