import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ServerFrame } from '../../contract/gateway-api.ts';

/** A live door that says exactly what a test makes it say. */
export interface LiveFeed {
  readonly url: string;
  readonly requests: readonly IncomingMessage[];
  readonly heard: readonly unknown[]; // messages of clients, parsed
  /** Frames sent to each client as it connects. */
  greet(frames: readonly unknown[]): void;
  send(frame: unknown): void;
  /** Ends every connection without a closing handshake, as a killed process does. */
  cut(): void;
  stop(): Promise<void>;
}

export async function startLiveFeed(port = 0): Promise<LiveFeed> {
  const requests: IncomingMessage[] = [];
  const heard: unknown[] = [];
  let greeting: readonly unknown[] = [];
  const server = new WebSocketServer({ port, host: '127.0.0.1', handleProtocols: () => 'aism.v1' });
  server.on('connection', (socket: WebSocket, request) => {
    requests.push(request);
    socket.on('message', (data) => heard.push(JSON.parse(String(data))));
    for (const frame of greeting) socket.send(JSON.stringify(frame));
  });
  await once(server, 'listening');
  const address = server.address();
  const cut = (): void => server.clients.forEach((client) => client.terminate());
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    requests,
    heard,
    greet: (frames) => void (greeting = frames),
    send: (frame) =>
      server.clients.forEach((client) => client.send(typeof frame === 'string' ? frame : JSON.stringify(frame))),
    cut,
    async stop() {
      cut();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

type FrameOf<K extends ServerFrame['type']> = Extract<ServerFrame, { type: K }>;

const at = '2026-11-23T10:00:00.000Z';
export const today = { calls: 3, costUsd: 0.5, unpricedCalls: 0, notRecorded: 0, since: null };

export const hello: FrameOf<'hello'> = { type: 'hello', apiVersion: 1, version: '0.1.0', at, heartbeatSeconds: 30 };

export const snapshot: FrameOf<'snapshot'> = {
  type: 'snapshot',
  at,
  seconds: [],
  recent: [],
  inFlight: [],
  realtime: { at, inFlight: 0, callsPerSecond: 0, errorRate: null, today },
};

export function tick(second: string, calls: number): FrameOf<'tick'> {
  const figures = { at: second, calls, failed: 0, inputTokens: 0, outputTokens: 0, costUsd: null };
  return {
    type: 'tick',
    at: second,
    second: figures,
    inFlight: 1,
    callsPerSecond: calls,
    errorRate: null,
    today: { ...today, calls: 3 + calls },
  };
}
