/** Requests that are not forwarded, and the connections that broke the framing rules. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { sendProblem } from './problem-response.ts';

export interface Refusals {
  /** Whether an earlier request on the connection broke the framing rules: nothing that follows on it is to be trusted. */
  isDistrusted(socket: Socket): boolean;
  framing(req: IncomingMessage, res: ServerResponse, detail: string): void;
  unknownUpstream(res: ServerResponse): void;
  stopping(res: ServerResponse): void;
}

/** @param names of the configured upstreams, told to whoever asks for another */
export function createRefusals(names: readonly string[]): Refusals {
  const distrusted = new WeakSet<Socket>();
  const configured = names.length === 0 ? 'none' : names.map((name) => `/${name}/`).join(', ');
  return {
    isDistrusted: (socket) => distrusted.has(socket),
    framing(req, res, detail) {
      distrusted.add(req.socket);
      sendProblem(res, { status: 400, code: 'bad_framing', title: 'Bad request', detail, callId: null, close: true });
    },
    unknownUpstream(res) {
      const detail = `No upstream has this path prefix. Configured: ${configured}.`;
      sendProblem(res, {
        status: 404,
        code: 'unknown_upstream',
        title: 'Unknown upstream',
        detail,
        callId: null,
        close: false,
      });
    },
    stopping(res) {
      const detail = 'The gateway is stopping and takes no new calls.';
      sendProblem(res, {
        status: 503,
        code: 'gateway_stopping',
        title: 'Gateway stopping',
        detail,
        callId: null,
        close: true,
      });
    },
  };
}
