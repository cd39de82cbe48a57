/** The listener: reads requests, writes answers, and breaks connections when asked. Closing and reopening keeps the port. */
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

export class Listener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Map<number, Set<Socket>>();
  readonly #now: () => number;
  readonly #answer: Answering;
  #port = 0;
  bytesReceived = 0;

  constructor(answer: Answering, now: () => number) {
    this.#answer = answer;
    this.#now = now;
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
      const incoming = await this.#read(request, gone.signal);
      if (incoming === null) return void request.destroy();
      this.#write(response, await this.#answer(incoming));
    } catch (error) {
      // A mistake in this server must not look like one of the faults under test.
      this.#write(response, {
        kind: 'json',
        status: 500,
        body: { success: false, code: null, message: error instanceof Error ? error.stack : String(error), data: null },
      });
    }
  }

  /** Null when the client went away in the middle of its request. */
  async #read(request: IncomingMessage, gone: AbortSignal): Promise<Incoming | null> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    } catch {
      return null; // aborted by the client
    }
    const bytes = Buffer.concat(chunks);
    this.bytesReceived += bytes.length;
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    return {
      method: request.method ?? 'GET',
      path: url.pathname,
      parameters: url.searchParams,
      headers: request.headers,
      body: parse(bytes, request.headers['content-type'] ?? ''),
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

/** The driver says gzip before it knows whether it has compressed, so the bytes decide. */
function parse(bytes: Buffer, contentType: string): Incoming['body'] {
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  if (plain.length === 0) return {};
  if (contentType.includes('x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(plain.toString()));
  const value: unknown = JSON.parse(plain.toString());
  return isRecord(value) ? value : {};
}
