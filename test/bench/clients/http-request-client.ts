/** The rejected `http.request` transport behind the proxy's own seam, for the comparison of ARCHITECTURE.md "Upstream client". Plain HTTP only. */
import { Agent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { ParsedHead } from '../../../gateway/proxy/upstream/response-head.ts';
import type {
  OutgoingRequest,
  UpstreamCall,
  UpstreamClient,
  UpstreamEvents,
} from '../../../gateway/proxy/upstream/upstream-client.ts';
import { createFinalChunkMarker } from './final-chunk.ts';

export function createHttpRequestClient(origin: URL): UpstreamClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1024, scheduling: 'lifo' });
  return {
    call: (request, events) => start(origin, agent, request, events),
    stop: () => agent.destroy(),
  };
}

function start(origin: URL, agent: Agent, request: OutgoingRequest, events: UpstreamEvents): UpstreamCall {
  const { method, target: path, headers, framing } = request;
  const options = { host: origin.hostname, port: origin.port, agent, method, path, headers: [...headers] };
  let response: IncomingMessage | null = null;
  const outgoing = httpRequest(options, (incoming) => {
    response = incoming;
    relay(incoming, events);
  });
  outgoing.on('error', (cause) => events.failed({ code: 'upstream_reset', cause }));
  outgoing.on('drain', () => events.drained());
  const call: UpstreamCall = {
    write: (chunk) => outgoing.write(chunk),
    finish: () => void outgoing.end(),
    pause: () => void response?.pause(),
    resume: () => void response?.resume(),
    abort: () => void outgoing.destroy(),
  };
  if (framing === 'none') outgoing.end();
  events.ready(call);
  return call;
}

function relay(incoming: IncomingMessage, events: UpstreamEvents): void {
  const length = incoming.headers['content-length'];
  const head: ParsedHead = {
    statusCode: incoming.statusCode ?? 0,
    reason: incoming.statusMessage ?? '',
    headers: incoming.rawHeaders,
    contentLength: length === undefined ? null : Number(length),
    chunked: incoming.headers['transfer-encoding'] === 'chunked',
    persistent: true,
    keepAliveMs: null,
  };
  events.head(head, head.chunked ? 'chunked' : 'length');
  const isFinal = createFinalChunkMarker(head.contentLength);
  incoming.on('data', (chunk: Buffer) => {
    const final = isFinal(chunk);
    events.body(chunk, final);
    if (!final) events.flush();
  });
  incoming.on('end', () => events.end(incoming.rawTrailers));
}
