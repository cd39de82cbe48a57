/**
 * Closing a connection whose client still sends (RFC 9112 §9.6). Closed at once, the system answers what the client sends next with a reset,
 * and that reset can make the client lose an answer which it has not read. So the sending side is ended first, what comes is read and dropped,
 * and the connection is closed when the upload ends, the client closes, falls silent, or sends too much.
 */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

export interface LingerLimits {
  readonly silentMs: number;
  readonly longestMs: number;
  readonly mostBytes: number;
}

const usualLimits: LingerLimits = { silentMs: 5_000, longestMs: 30_000, mostBytes: 256 * 1024 * 1024 };
const looksPerSilence = 5;

/** Whenever Node closes the connection of this request, it lingers while the request's body is still on its way. */
export function lingerBeforeClosing(req: IncomingMessage, limits = usualLimits): void {
  if (req.complete) return;
  const { socket } = req;
  const closeNow = socket.destroySoon.bind(socket);
  socket.destroySoon = () => {
    if (req.complete || socket.destroyed) closeNow();
    else linger(req, socket, closeNow, limits);
  };
}

function linger(req: IncomingMessage, socket: Socket, closeNow: () => void, limits: LingerLimits): void {
  const { silentMs, longestMs, mostBytes } = limits;
  const beganMs = performance.now();
  const before = socket.bytesRead;
  let seen = before;
  let seenMs = beganMs;
  const look = (): void => {
    const nowMs = performance.now();
    if (socket.bytesRead !== seen) seenMs = nowMs;
    seen = socket.bytesRead;
    if (nowMs - seenMs >= silentMs || nowMs - beganMs >= longestMs || seen - before > mostBytes) socket.destroy();
  };
  const timer = setInterval(look, silentMs / looksPerSilence).unref();
  socket.once('close', () => clearInterval(timer));
  req.once('end', closeNow);
  socket.end();
  req.resume();
}
