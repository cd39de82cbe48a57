/**
 * The live door, `WS /ws/analytics`. Access is decided before the handshake; a frame is serialised once for all readers; a reader that sends
 * nonsense is told so and stays; one whose messages are too large or too many, or that is dead or hopelessly slow, goes.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData } from 'ws';
import { AppError } from '../../contract/errors.ts';
import {
  apiVersion,
  ClientFrame,
  wsMaxFrameBytes,
  topics,
  wsProtocol,
  type Connections,
  type Health,
  type ServerFrame,
} from '../../contract/gateway-api.ts';
import { keepingPart } from '../fault-guard.ts';
import type { LiveHub } from '../live/hub.ts';
import type { Log } from '../log.ts';
import type { AlertsApi } from './alert-routes.ts';
import { LiveClient, type LiveClientLimits, type TopicFrame } from './live-client.ts';
import { rawProblem, toProblem } from './problem.ts';
import type { Door } from './token.ts';

export interface WebSocketDoorOptions {
  readonly hub: LiveHub;
  readonly health: () => Health;
  readonly alerts: Pick<AlertsApi, 'state' | 'onChange'>;
  readonly version: string;
  readonly door: Door;
  readonly log: Log;
  readonly limits?: Partial<WebSocketLimits>;
}

export interface WebSocketLimits extends LiveClientLimits {
  readonly heartbeatMs: number;
  readonly maxClients: number;
  /** Between two looks at health; a change goes out at once, the rest every tenth look. */
  readonly healthMs: number;
}

const defaultLimits: WebSocketLimits = {
  behindBytes: 1024 * 1024,
  behindMs: 30_000,
  burst: 200,
  perSecond: 50,
  floodGraceMs: 1000,
  heartbeatMs: 30_000,
  maxClients: 1000,
  healthMs: 1000,
};

/** Close codes: https://www.iana.org/assignments/websocket/ */
const goingAway = 1001;

export interface WebSocketDoor {
  /** Answers an upgrade of `/ws/analytics` that the guard let pass. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  connections(): Connections['websocket'];
  /** Looks at health now: what was just switched is told without waiting for the next look. */
  lookAtHealth(): void;
  stop(): Promise<void>;
}

const serverOptions = {
  noServer: true,
  maxPayload: wsMaxFrameBytes,
  perMessageDeflate: false, // frames are small and the peer is near
  autoPong: false, // pongs go out like everything else: ws's own would break off a reader that is a little slow
  closeTimeout: 10_000, // until a peer that does not answer our close is dropped
  handleProtocols: (offered: ReadonlySet<string>) => (offered.has(wsProtocol) ? wsProtocol : false),
} as const;

interface Readers {
  readonly clients: Set<LiveClient>;
  peak: number;
  total: number;
}

export function startWebSocketDoor(options: WebSocketDoorOptions): WebSocketDoor {
  const limits = { ...defaultLimits, ...options.limits };
  const server = new WebSocketServer(serverOptions);
  const readers: Readers = { clients: new Set(), peak: 0, total: 0 };
  const broadcast = (frame: ServerFrame): void => {
    if (isTopicFrame(frame)) broadcastTo(readers.clients, frame);
    else readers.clients.forEach((client) => client.send(frame));
  };
  const healthWatch = watchHealth(options.health, limits.healthMs, broadcast);
  const stops = [
    options.hub.onFrame(broadcast),
    options.alerts.onChange((state) => broadcast({ type: 'alerts', state })),
    healthWatch.stop,
    heartbeat(readers.clients, limits.heartbeatMs),
  ];
  return {
    upgrade(request, socket, head) {
      const refusal = refuse(options.door, request, readers.clients.size >= limits.maxClients);
      if (refusal !== null) {
        socket.end(rawProblem(toProblem(refusal)));
        return;
      }
      server.handleUpgrade(request, socket, head, (webSocket) =>
        welcome(new LiveClient(webSocket, socket, limits), readers, options, limits),
      );
    },
    lookAtHealth: healthWatch.look,
    connections: () => ({ current: readers.clients.size, peak: readers.peak, total: readers.total }),
    stop: async () => {
      stops.forEach((stop) => stop());
      readers.clients.forEach(({ socket }) => socket.close(goingAway, 'The gateway stops'));
      await allClosed(readers.clients, 1000);
      readers.clients.forEach(({ socket }) => socket.terminate());
      server.close();
    },
  };
}

function refuse(door: Door, request: IncomingMessage, full: boolean): AppError | null {
  if (!door.admits(request.headers))
    return new AppError('unauthorized', 'Send the token as Authorization header or as WebSocket subprotocol.');
  return full ? new AppError('gateway_unreachable', 'Too many live connections are open.') : null;
}

const isTopicFrame = (frame: ServerFrame): frame is TopicFrame => topics.some((topic) => topic === frame.type);

function broadcastTo(clients: ReadonlySet<LiveClient>, frame: TopicFrame): void {
  let serialised: string | null = null;
  const text = (): string => (serialised ??= JSON.stringify(frame));
  for (const client of clients) {
    client.closeIfLost();
    client.offer(frame, text);
  }
}

function welcome(client: LiveClient, readers: Readers, options: WebSocketDoorOptions, limits: WebSocketLimits): void {
  const { socket } = client;
  socket.on('error', (error) => options.log.debug({ err: error }, 'LiveClientFailed')); // `close` follows with the right code
  socket.on('close', () => readers.clients.delete(client));
  const onMessage = (data: RawData, isBinary: boolean): unknown => client.admits() && receive(client, data, isBinary);
  const onPing = (data: Buffer): unknown => client.admits() && client.pong(data);
  socket.on('message', keepingPart(onMessage));
  socket.on('ping', keepingPart(onPing));
  socket.on('pong', () => client.admits());
  const at = new Date().toISOString();
  client.send({ type: 'hello', apiVersion, version: options.version, at, heartbeatSeconds: limits.heartbeatMs / 1000 });
  client.send(options.hub.snapshot());
  client.send({ type: 'health', health: options.health() });
  client.send({ type: 'alerts', state: options.alerts.state() });
  readers.clients.add(client);
  readers.total += 1;
  readers.peak = Math.max(readers.peak, readers.clients.size);
}

function receive(client: LiveClient, data: RawData, isBinary: boolean): void {
  const frame = isBinary ? null : parseFrame(String(data));
  if (frame === null) {
    const message = isBinary
      ? 'Frames are JSON text, not binary.'
      : 'Not a known frame. Accepted: subscribe {topics, filter}, unsubscribe {topics}, ping.';
    client.send({ type: 'error', code: 'bad_request', message });
  } else if (frame.type === 'subscribe') client.subscribe(frame);
  else if (frame.type === 'unsubscribe') client.unsubscribe(frame);
  else client.send({ type: 'pong', ...(frame.id === undefined ? {} : { id: frame.id }), at: new Date().toISOString() });
}

function parseFrame(text: string): ClientFrame | null {
  try {
    return ClientFrame.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // not JSON: answered with an error frame
  }
}

/** Pings every reader; one that did not answer the ping before is gone. */
function heartbeat(clients: ReadonlySet<LiveClient>, intervalMs: number): () => void {
  const timer = setInterval(() => clients.forEach((client) => client.beat()), intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Health goes out when its states change, and now and then for the numbers. */
function watchHealth(
  health: () => Health,
  intervalMs: number,
  send: (frame: ServerFrame) => void,
): { look(): void; stop(): void } {
  let known = statesOf(health());
  let looks = 0;
  const look = (): void => {
    const current = health();
    const states = statesOf(current);
    looks += 1;
    if (states === known && looks % 10 !== 0) return;
    known = states;
    send({ type: 'health', health: current });
  };
  const timer = setInterval(look, intervalMs);
  timer.unref();
  return { look, stop: () => clearInterval(timer) };
}

const statesOf = ({ status, recording, checks }: Health): string =>
  [
    status,
    recording.paused,
    recording.passedCalls, // grows only while paused: the count on screen follows it
    checks.journal.state,
    checks.warehouse.state,
    checks.warehouse.backlogRows === 0, // what was waited for has arrived: dashboards ask again
    checks.snowflake.state,
    checks.background?.state,
    ...checks.upstreams.map(({ state }) => state),
  ].join();

async function allClosed(clients: ReadonlySet<LiveClient>, deadlineMs: number): Promise<void> {
  const closed = [...clients].map(
    ({ socket }) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
  );
  const deadline = new Promise<void>((resolve) => setTimeout(resolve, deadlineMs).unref());
  await Promise.race([Promise.all(closed), deadline]);
}
