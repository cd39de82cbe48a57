/** The listener: reads requests, refuses what is too large, writes answers, and breaks connections when asked. Closing and reopening keeps the port. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { isRecord, type Incoming } from './protocol.ts';

export type HttpAnswer =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown }
  | {
      readonly kind: 'bytes';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Buffer | string;
    }
  /** The connection breaks. */
  | { readonly kind: 'drop' }
  /** Nothing, ever. */
  | { readonly kind: 'silence' };

export type Answering = (incoming: Incoming) => Promise<HttpAnswer>;

/** What the front of the service does with bodies before anybody looks at them. */
export interface BodyRules {
  /** A body of more bytes on the wire gets 413 and a web page. Snowflake documents 1 MB, compressed, as recommended. */
  readonly wireLimitBytes: number;
  /** False: something in front of the service does not take `Content-Encoding: gzip`, and says 415. */
  readonly takesGzip: boolean;
}

export class Listener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Map<number, Set<Socket>>();
  readonly #now: () => number;
  readonly #answer: Answering;
  readonly #rules: () => BodyRules;
  #port = 0;
  bytesReceived = 0;
  refusedBodies = 0;

  constructor(answer: Answering, now: () => number, rules: () => BodyRules) {
    this.#answer = answer;
    this.#now = now;
    this.#rules = rules;
    this.#server = createServer(
      { keepAliveTimeout: 30_000 },
      (request, response) => void this.#handle(request, response),
    );
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#closed(socket));
    });
  }

  get port(): number {
    return this.#port;
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        const address = this.#server.address();
        if (isAddress(address)) this.#port = address.port;
        resolve();
      });
    });
  }

  /** From now on connections are refused, and those there are break. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) {
      socket.destroy();
      this.#closed(socket);
    }
    await closed;
  }

  /** Does a connection stand that this session has used? */
  isConnected(sessionId: number): boolean {
    return (this.#sessions.get(sessionId)?.size ?? 0) > 0;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    try {
      const bytes = await bytesOf(request);
      if (bytes === null) return void request.destroy();
      this.bytesReceived += bytes.length;
      const refusal = refusalOf(bytes, request.headers['content-encoding'], this.#rules());
      if (refusal !== null) this.refusedBodies += 1;
      this.#write(response, refusal ?? (await this.#answer(this.#read(request, bytes, gone.signal))));
    } catch (error) {
      // A mistake in this server must not look like one of the faults under test.
      this.#write(response, {
        kind: 'json',
        status: 500,
        body: { success: false, code: null, message: error instanceof Error ? error.stack : String(error), data: null },
      });
    }
  }

  #read(request: IncomingMessage, bytes: Buffer, gone: AbortSignal): Incoming {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const { headers } = request;
    return {
      method: request.method ?? 'GET',
      path: url.pathname,
      parameters: url.searchParams,
      headers,
      wireBytes: bytes.length,
      body: parse(headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes, headers['content-type'] ?? ''),
      gone,
      usedBy: (sessionId) => this.#note(sessionId, request.socket),
    };
  }

  #write(response: ServerResponse, answer: HttpAnswer): void {
    if (answer.kind === 'silence') return;
    if (answer.kind === 'drop') return void response.socket?.destroy();
    response.sendDate = false;
    response.setHeader('date', new Date(this.#now()).toUTCString());
    if (answer.kind === 'json') {
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    } else response.writeHead(answer.status, { ...answer.headers }).end(answer.body);
  }

  #note(sessionId: number, socket: Socket): void {
    const sockets = this.#sessions.get(sessionId) ?? new Set();
    this.#sessions.set(sessionId, sockets.add(socket));
  }

  #closed(socket: Socket): void {
    this.#sockets.delete(socket);
    for (const [id, sockets] of this.#sessions) {
      sockets.delete(socket);
      if (sockets.size === 0) this.#sessions.delete(id);
    }
  }
}

const isAddress = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;

/** Null when the client went away in the middle of its request. */
async function bytesOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  } catch {
    return null; // aborted by the client
  }
  return Buffer.concat(chunks);
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;
const webPage = (status: number, title: string): HttpAnswer => ({
  kind: 'bytes',
  status,
  headers: { 'content-type': 'text/html' },
  body: `<html><head><title>${status} ${title}</title></head><body><center><h1>${status} ${title}</h1></center></body></html>`,
});

function refusalOf(bytes: Buffer, encoding: string | undefined, rules: BodyRules): HttpAnswer | null {
  if (bytes.length > rules.wireLimitBytes) return webPage(413, 'Request Entity Too Large');
  if (encoding === 'gzip' && !rules.takesGzip) return webPage(415, 'Unsupported Media Type');
  // The header decides what the bytes are, and a body that is something else is refused.
  return (encoding === 'gzip') === isGzip(bytes) ? null : webPage(400, 'Bad Request');
}

function parse(plain: Buffer, contentType: string): Incoming['body'] {
  if (plain.length === 0) return {};
  if (contentType.includes('x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(plain.toString()));
  const value: unknown = JSON.parse(plain.toString());
  return isRecord(value) ? value : {};
}
