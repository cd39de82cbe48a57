/** After a 101: bytes both ways until both sides have ended, with backpressure. Not HTTP any more, nothing is parsed. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Brake, type BrakeOptions } from './brake.ts';
import type { ExchangeEnd } from './exchange.ts';
import { upgradeHeaders } from './headers.ts';
import type { ParsedHead } from './upstream/response-head.ts';

export interface TunnelEnds {
  readonly res: ServerResponse; // attached to the client's socket
  readonly upstream: Socket;
  readonly head: ParsedHead; // the 101
  readonly rest: Buffer; // what the upstream sent right after it
  readonly callId: string;
  readonly stuckMs: number; // a side that takes nothing for this long, while something waits for it, is gone
}

export interface TunnelEvents {
  sent(chunk: Buffer): void; // client → upstream
  received(chunk: Buffer): void; // upstream → client
  closed(end: ExchangeEnd): void; // once both sides are closed
}

/** Sends the 101 and joins the two sockets. */
export function runTunnel(ends: TunnelEnds, events: TunnelEvents): void {
  const { res, upstream, head, rest } = ends;
  const client = res.socket;
  if (client === null) {
    upstream.destroy();
    events.closed({ kind: 'client_aborted' });
    return;
  }
  res.detachSocket(client);
  client.write(encodeSwitch(head, ends.callId), 'latin1');
  if (rest.length > 0) {
    events.received(rest);
    client.write(rest);
  }
  let end: ExchangeEnd = { kind: 'complete' };
  const breakBoth = (why: ExchangeEnd): void => {
    if (end.kind === 'complete') end = why;
    client.destroy();
    upstream.destroy();
  };
  client.on('error', () => breakBoth({ kind: 'client_aborted' }));
  upstream.on('error', () => breakBoth({ kind: 'upstream_failed', code: 'upstream_reset' }));
  let open = 2;
  const oneClosed = (): void => {
    open -= 1;
    if (open === 0) events.closed(end);
  };
  client.on('close', () => {
    oneClosed();
    upstream.destroySoon();
  });
  upstream.on('close', () => {
    oneClosed();
    client.destroySoon();
  });
  const { stuckMs } = ends;
  const upstreamStuck = (): void => breakBoth({ kind: 'upstream_failed', code: 'upstream_timeout' });
  join(client, upstream, events.sent, { longestMs: stuckMs, onStuck: upstreamStuck });
  join(upstream, client, events.received, { longestMs: stuckMs, onStuck: () => breakBoth({ kind: 'client_aborted' }) });
}

/** One direction; the end of the source is the end of the target's writing side only. */
function join(from: Socket, to: Socket, seen: (chunk: Buffer) => void, stuck: BrakeOptions): void {
  const brake = new Brake(from, from, stuck);
  from.on('data', (chunk: Buffer) => {
    seen(chunk);
    if (!to.write(chunk)) brake.hold();
  });
  to.on('drain', () => brake.release());
  from.on('end', () => to.end());
  from.on('close', () => brake.done());
  brake.release();
}

function encodeSwitch(head: ParsedHead, callId: string): string {
  const headers = upgradeHeaders(head.headers, callId);
  let text = `HTTP/1.1 ${head.statusCode} ${head.reason}\r\n`;
  for (let index = 0; index < headers.length; index += 2) text += `${headers[index]}: ${headers[index + 1]}\r\n`;
  return `${text}\r\n`;
}
