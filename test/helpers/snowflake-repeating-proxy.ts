/**
 * A proxy in front of the Snowflake stand-in that sends statements a second time, as the real driver does by itself (it repeats a statement
 * whose answer it did not get, for minutes, even after its connection was destroyed) and as any proxy in a company's network may.
 */
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { buffer, text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

export type Repetition =
  /** The first answer is lost, the statement is sent again at once, and the client gets the second answer. */
  | { readonly kind: 'again' }
  /** The client is told 503 at once. The statement arrives for the first time after each of these waits, in ms. */
  | { readonly kind: 'late'; readonly afterMs: readonly number[] };

/** Asked for each statement; `statement` is its first word in upper case. */
export type RepetitionPolicy = (statement: string) => Repetition | null;

export interface RepeatingProxy {
  readonly url: string;
  setPolicy(policy: RepetitionPolicy | null): void;
  /** Statements that were sent more than once, or late. */
  repeated(): number;
  /** Resolves when no late statement is on its way any more. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRepeatingProxy(target: string): Promise<RepeatingProxy> {
  let policy: RepetitionPolicy | null = null;
  let repeated = 0;
  const late = new Set<Promise<void>>();
  const stopping = new AbortController();

  const sendLate = async (message: Message, afterMs: readonly number[]): Promise<void> => {
    let waitedMs = 0;
    for (const ms of afterMs) {
      await sleep(ms - waitedMs, undefined, { signal: stopping.signal });
      waitedMs = ms;
      await forward(target, message);
    }
  };
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const message = await read(incoming);
    const statement = statementOf(message);
    const repetition = statement === null ? null : (policy?.(statement) ?? null);
    if (repetition !== null) repeated += 1;
    if (repetition?.kind === 'late') {
      const sending = sendLate(message, repetition.afterMs).catch(() => undefined); // nobody waits for its answer
      late.add(sending);
      void sending.finally(() => late.delete(sending));
      outgoing.writeHead(503).end();
      return;
    }
    if (repetition?.kind === 'again') await forward(target, message);
    await relay(await forward(target, message), outgoing);
  };
  const server = createServer((incoming, outgoing) => {
    // A broken connection to the server is passed on as one to the client.
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  return {
    url: await listen(server),
    setPolicy: (next) => {
      policy = next;
    },
    repeated: () => repeated,
    quiet: async () => {
      await Promise.all(late);
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(late);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Message {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

async function read(incoming: IncomingMessage): Promise<Message> {
  const { host: _host, connection: _connection, 'content-length': _length, ...headers } = incoming.headers;
  return { method: incoming.method ?? 'GET', path: incoming.url ?? '/', headers, body: await buffer(incoming) };
}

function statementOf({ path, headers, body }: Message): string | null {
  if (!path.startsWith('/queries/v1/query-request')) return null;
  const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  const { sqlText = '' } = JSON.parse(plain.toString()) as { sqlText?: string };
  return /^\s*(\w+)/.exec(sqlText)?.[1]?.toUpperCase() ?? null;
}

/** A server that never answers must not keep a proxy from stopping; far above what clients wait. */
const patienceMs = 10_000;

function forward(
  target: string,
  { method, path, headers, body }: Message,
): Promise<IncomingMessage & { kept: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${target}${path}`, { method, headers, agent: false }, (response) => {
      text(response).then((kept) => resolve(Object.assign(response, { kept })), reject);
    });
    request.setTimeout(patienceMs, () => request.destroy(new Error('No answer')));
    request.on('error', reject);
    request.end(body);
  });
}

async function relay(response: IncomingMessage & { kept: string }, outgoing: ServerResponse): Promise<void> {
  const {
    'content-length': _length,
    'transfer-encoding': _encoding,
    connection: _connection,
    ...headers
  } = response.headers;
  outgoing.writeHead(response.statusCode ?? 502, headers).end(response.kept);
}
