/**
 * Reads HTTP/1.1 messages off a raw socket, byte for byte, as a second opinion that shares no code with the gateway. Header lines keep their
 * order, case and duplicates.
 */
import type { Socket } from 'node:net';

export interface RawMessage {
  readonly startLine: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly framing: 'none' | 'length' | 'chunked' | 'close';
  readonly body: Buffer;
  readonly trailers: readonly (readonly [string, string])[];
}

export class SocketReader {
  readonly socket: Socket;
  #chunks: Buffer[] = [];
  #length = 0;
  #ended = false;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    const finish = (): void => {
      this.#ended = true;
      this.#wake();
    };
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      this.#wake();
    });
    socket.on('end', finish);
    socket.on('close', finish);
    socket.on('error', finish);
  }

  /** Bytes that arrived and were not taken yet. */
  get waiting(): Buffer {
    const merged = Buffer.concat(this.#chunks);
    this.#chunks = [merged];
    return merged;
  }

  get ended(): boolean {
    return this.#ended;
  }

  async exactly(length: number): Promise<Buffer> {
    while (this.#length < length) await this.#more();
    const bytes = this.waiting;
    this.#chunks = [bytes.subarray(length)];
    this.#length -= length;
    return bytes.subarray(0, length);
  }

  async until(mark: string): Promise<string> {
    let at = this.waiting.indexOf(mark);
    while (at === -1) {
      await this.#more();
      at = this.waiting.indexOf(mark);
    }
    return (await this.exactly(at + mark.length)).toString('latin1');
  }

  async toEnd(): Promise<Buffer> {
    while (!this.#ended) await this.#wait();
    return this.exactly(this.#length);
  }

  async #more(): Promise<void> {
    if (this.#ended)
      throw new Error(`Connection ended after ${JSON.stringify(this.waiting.toString('latin1', 0, 200))}`);
    await this.#wait();
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#ended) resolve();
    });
  }
}

export interface ReadOptions {
  /** No body follows whatever the headers say (HEAD, 204, 304). */
  readonly bodyless?: boolean;
  /** Responses without framing end with the connection; requests have no body. */
  readonly kind: 'request' | 'response';
}

export async function readMessage(reader: SocketReader, options: ReadOptions): Promise<RawMessage> {
  const { startLine, headers } = await readHead(reader);
  const framing = framingOf(headers, options);
  if (framing === 'length') {
    return {
      startLine,
      headers,
      framing,
      body: await reader.exactly(Number(valueOf(headers, 'content-length'))),
      trailers: [],
    };
  }
  if (framing === 'chunked') return { startLine, headers, framing, ...(await readChunks(reader)) };
  return {
    startLine,
    headers,
    framing,
    body: framing === 'close' ? await reader.toEnd() : Buffer.alloc(0),
    trailers: [],
  };
}

export async function readHead(reader: SocketReader): Promise<Pick<RawMessage, 'startLine' | 'headers'>> {
  const [startLine = '', ...lines] = (await reader.until('\r\n\r\n')).slice(0, -4).split('\r\n');
  return { startLine, headers: lines.map(fieldOf) };
}

/** The first value of a field, whatever the case of its name. */
export function valueOf(headers: RawMessage['headers'], name: string): string | undefined {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1];
}

function framingOf(headers: RawMessage['headers'], { bodyless = false, kind }: ReadOptions): RawMessage['framing'] {
  if (bodyless) return 'none';
  if (valueOf(headers, 'transfer-encoding') !== undefined) return 'chunked';
  if (valueOf(headers, 'content-length') !== undefined) return 'length';
  return kind === 'request' ? 'none' : 'close';
}

async function readChunks(reader: SocketReader): Promise<Pick<RawMessage, 'body' | 'trailers'>> {
  const chunks: Buffer[] = [];
  for (;;) {
    const size = Number.parseInt(await reader.until('\r\n'), 16);
    if (size === 0) break;
    chunks.push(await reader.exactly(size));
    if ((await reader.until('\r\n')) !== '\r\n') throw new Error('chunk longer than its size');
  }
  const trailers: (readonly [string, string])[] = [];
  for (;;) {
    const line = await reader.until('\r\n');
    if (line === '\r\n') return { body: Buffer.concat(chunks), trailers };
    trailers.push(fieldOf(line.slice(0, -2)));
  }
}

function fieldOf(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
}
