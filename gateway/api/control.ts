/** The gateway's own surface as one part: which paths are its own, and who answers each. Everything else belongs to the proxy. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError } from '../../contract/errors.ts';
import type { Log } from '../log.ts';
import { login, loginPath } from './login.ts';
import { rawProblem, sendProblem, toProblem } from './problem.ts';
import { createRouter } from './router.ts';
import { createRoutes, type ApiParts } from './routes.ts';
import { staticFiles } from './static-files.ts';
import { startWebSocketDoor, type WebSocketDoor, type WebSocketLimits } from './websocket.ts';

export const webSocketPath = '/ws/analytics';

export interface ControlOptions extends Omit<ApiParts, 'connections'> {
  readonly version: string;
  readonly uiDir: string | null;
  readonly secure: boolean;
  readonly proxyInFlight: () => number;
  readonly log: Log;
  readonly webSocketLog: Log;
  readonly limits?: Partial<WebSocketLimits>;
}

export interface Control {
  handle(request: IncomingMessage, response: ServerResponse, target: Target): Promise<void>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, target: Target): void;
  stop(): Promise<void>;
}

/** A request target taken apart once. */
export interface Target {
  readonly path: string; // raw, as received
  readonly params: URLSearchParams;
}

export function parseTarget(url: string): Target {
  const at = url.indexOf('?');
  return { path: at === -1 ? url : url.slice(0, at), params: new URLSearchParams(at === -1 ? '' : url.slice(at + 1)) };
}

/** Compared with the raw path: an encoded or doubled slash is not ours, so nothing is served under two spellings. */
export function isOwnPath(path: string): boolean {
  return (
    ['/', '/ui', '/api', '/metrics', '/healthz', webSocketPath].includes(path) ||
    path.startsWith('/ui/') ||
    path.startsWith('/api/')
  );
}

export function startControl(options: ControlOptions): Control {
  const webSocket = startWebSocketDoor({ ...options, log: options.webSocketLog });
  const connections = () => ({ websocket: webSocket.connections(), proxy: { inFlight: options.proxyInFlight() } });
  const routes = createRoutes({ ...options, connections, recording: toldAtOnce(options.recording, webSocket) });
  const router = createRouter({ routes, door: options.door, ask: options.ask, log: options.log });
  const files = staticFiles({ directory: options.uiDir, secure: options.secure });
  return {
    async handle(request, response, { path, params }) {
      if (path === '/' || path === '/ui') redirect(response, '/ui/');
      else if (path === loginPath) login(response, params, options.door, options.secure);
      else if (path.startsWith('/ui/')) await files(request, response, path);
      else if (path === webSocketPath) sendProblem(response, upgradeNeeded, { upgrade: 'websocket' });
      else await router.handle(request, response, path, params);
    },
    upgrade: (request, socket, head, { path }) => upgrade(webSocket, request, socket, head, path),
    stop: () => webSocket.stop(),
  };
}

/** Who pauses recording sees it on every screen and in the tray without a wait. */
function toldAtOnce(recording: ApiParts['recording'], { lookAtHealth }: WebSocketDoor): ApiParts['recording'] {
  return {
    state: () => recording.state(),
    set(paused) {
      const state = recording.set(paused);
      lookAtHealth();
      return state;
    },
  };
}

const upgradeNeeded = toProblem(new AppError('bad_request', `${webSocketPath} speaks WebSocket only.`), 426);

function upgrade(door: WebSocketDoor, request: IncomingMessage, socket: Duplex, head: Buffer, path: string): void {
  if (path === webSocketPath) door.upgrade(request, socket, head);
  else socket.end(rawProblem(toProblem(new AppError('not_found', `WebSockets are served at ${webSocketPath} only.`))));
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location, 'content-length': 0, 'cache-control': 'no-store' });
  response.end();
}
