/**
 * An upstream that answers exactly the bytes a test scripts: status, raw headers, body pieces with pauses, a cut in the middle. It keeps what it
 * received, so that both directions can be compared.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Piece = Buffer | string | { readonly pauseMs: number } | 'cut' | 'hang';

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly pieces: readonly Piece[];
}

export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface ScriptedUpstream {
  readonly url: string;
  readonly received: readonly ReceivedRequest[];
  /** Sockets the other side has closed before the answer ended. */
  readonly aborts: () => number;
  /** Answers every request whose path contains `part`; later calls win. */
  answer(part: string, answer: ScriptedAnswer | ((request: ReceivedRequest) => ScriptedAnswer)): void;
  stop(): Promise<void>;
}

export async function startScriptedUpstream(): Promise<ScriptedUpstream> {
  const scripts: { part: string; answer: ScriptedAnswer | ((request: ReceivedRequest) => ScriptedAnswer) }[] = [];
  const received: ReceivedRequest[] = [];
  let aborts = 0;

  const server = createServer(async (req, res) => {
    res.once('close', () => {
      if (!res.writableFinished) aborts += 1;
    });
    const request = await receive(req);
    received.push(request);
    const script = scripts.findLast(({ part }) => request.url.includes(part));
    if (script === undefined) {
      res.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"not scripted"}}');
      return;
    }
    await play(res, typeof script.answer === 'function' ? script.answer(request) : script.answer);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    received,
    aborts: () => aborts,
    answer: (part, answer) => void scripts.push({ part, answer }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function receive(req: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  return { method: req.method ?? '', url: req.url ?? '', rawHeaders: req.rawHeaders, body: Buffer.concat(chunks) };
}

async function play(res: ServerResponse, answer: ScriptedAnswer): Promise<void> {
  res.writeHead(answer.status ?? 200, answer.headers ?? { 'content-type': 'application/json' });
  res.flushHeaders();
  for (const piece of answer.pieces) {
    if (res.destroyed) return;
    if (piece === 'hang') return;
    if (piece === 'cut') {
      res.destroy();
      return;
    }
    if (typeof piece === 'object' && 'pauseMs' in piece) await sleep(piece.pauseMs);
    else res.write(piece);
  }
  res.end();
}
