/** The rejected undici `Pool.dispatch` transport behind the proxy's own seam, for the comparison of ARCHITECTURE.md "Upstream client". */
import { PassThrough } from 'node:stream';
import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import type { ParsedHead } from '../../../gateway/proxy/upstream/response-head.ts';
import type {
  OutgoingRequest,
  UpstreamCall,
  UpstreamClient,
  UpstreamEvents,
} from '../../../gateway/proxy/upstream/upstream-client.ts';
import { createFinalChunkMarker } from './final-chunk.ts';

export function createUndiciClient(origin: URL): UpstreamClient {
  const pool = new Pool(origin.origin, { connections: 1024, bodyTimeout: 0 });
  return {
    call: (request, events) => start(pool, request, events),
    stop: () => void pool.destroy(),
  };
}

function start(pool: Pool, request: OutgoingRequest, events: UpstreamEvents): UpstreamCall {
  const { method, target: path, framing } = request;
  const body = framing === 'none' ? null : new PassThrough();
  body?.on('drain', () => events.drained());
  let controller: Dispatcher.DispatchController | null = null;
  const call: UpstreamCall = {
    write: (chunk) => body?.write(chunk) ?? true,
    finish: () => void body?.end(),
    pause: () => controller?.pause(),
    resume: () => controller?.resume(),
    abort: () => controller?.abort(new Error('aborted')),
  };
  const keep = (started: Dispatcher.DispatchController): void => {
    controller = started;
  };
  pool.dispatch(
    { path, method: method as Dispatcher.HttpMethod, headers: acceptable(request.headers), body },
    handlerOf(events, keep),
  );
  events.ready(call);
  return call;
}

/** undici writes `host` itself and refuses to be told the framing of a stream. */
function acceptable(headers: readonly string[]): string[] {
  return headers.filter((_, index) => !/^(host|transfer-encoding)$/i.test(headers[index - (index % 2)] ?? ''));
}

function handlerOf(
  events: UpstreamEvents,
  keep: (controller: Dispatcher.DispatchController) => void,
): Dispatcher.DispatchHandler {
  let isFinal = createFinalChunkMarker(null);
  return {
    onRequestStart: keep,
    onResponseStart(controller, statusCode, parsed, reason) {
      const length = Number(parsed['content-length'] ?? Number.NaN);
      const contentLength = Number.isNaN(length) ? null : length;
      isFinal = createFinalChunkMarker(contentLength);
      const head: ParsedHead = {
        statusCode,
        reason: reason ?? '',
        headers: textOf(controller.rawHeaders),
        contentLength,
        chunked: contentLength === null,
        persistent: true,
        keepAliveMs: null,
      };
      events.head(head, contentLength === null ? 'chunked' : 'length');
    },
    onResponseData(_controller, chunk) {
      const final = isFinal(chunk);
      events.body(chunk, final);
      if (!final) events.flush();
    },
    onResponseEnd: () => events.end([]),
    onResponseError: (_controller, cause) => events.failed({ code: 'upstream_reset', cause }),
  };
}

function textOf(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  return Array.isArray(raw) ? raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1'))) : [];
}
