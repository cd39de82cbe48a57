import { Agent, request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

export interface LoopbackRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** Of our own, because that of Node may send even what is meant for loopback through a proxy (NODE_USE_ENV_PROXY). */
export const loopbackAgent = new Agent({ keepAlive: true });

const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

/** `fetch` for the gateway on this machine, whose address for its own tools is plain HTTP. Rejects with the reason of `signal`, or the system's error. */
export function loopbackFetch(url: URL, { method = 'GET', headers, body, signal }: LoopbackRequest): Promise<Response> {
  return new Promise((resolve, reject) => {
    const options = { method, agent: loopbackAgent, ...(headers && { headers }), ...(signal && { signal }) };
    const asked = request(url, options, (answer) => resolve(responseOf(answer)));
    asked.on('error', (error) => reject(signal?.aborted === true ? signal.reason : error));
    asked.end(body);
  });
}

function responseOf(answer: IncomingMessage): Response {
  const { statusCode: status = 502, statusMessage: statusText = '', headers: received } = answer;
  const headers = new Headers();
  for (const [name, value] of Object.entries(received)) headers.set(name, String(value));
  if (bodiless.has(status)) {
    answer.resume();
    return new Response(null, { status, statusText, headers });
  }
  // Node's and the page's types of one and the same class.
  const stream = Readable.toWeb(answer) as unknown as ReadableStream<Uint8Array>;
  return new Response(stream, { status, statusText, headers });
}
