/**
 * P5: whatever an upstream says back, and wherever a client repeats its own key, no string of a record holds a secret of the call. The secret is
 * made of plain words, so that no rule about how keys look can find it; it is sent in another header each time, and echoed in several spellings.
 */
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { allCalls, waitForCalls } from '../helpers/analytics-client.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import { echoCalls, type Answer, type EchoCall } from './echoed-secrets.ts';
import { everythingSaid, filesUnder, listenLive, type LiveEar } from './places.ts';

const secret = 'canary-horse-battery-staple';
const spellings = [
  secret,
  secret.toUpperCase(),
  Buffer.from(secret).toString('base64url'),
  secret.replaceAll('-', '%2D'), // as an encoder may write it
  `${secret}-and-more`,
];
/** Pieces that show any of the spellings, in lower case. */
const traces = [secret, Buffer.from(secret).toString('base64url'), secret.replaceAll('-', '%2D')].map((text) =>
  text.slice(0, 24).toLowerCase(),
);

/** Where a call carries its secret; in a query only where the path has none. */
const carriers: readonly Readonly<Record<string, string>>[] = [
  { authorization: `Bearer ${secret}` },
  { 'x-api-key': secret },
  { 'x-goog-api-key': secret },
  { 'api-key': secret },
  { authorization: `Basic ${Buffer.from(`user:${secret}`).toString('base64')}` },
  { cookie: `theme=dark; sid=${secret}` },
  { 'helicone-auth': `Bearer ${secret}` },
];

let upstream: Server;
let gateway: TestGateway;
let dataDir: string;
let ear: LiveEar;

const answerOf = (request: IncomingMessage): Answer =>
  JSON.parse(Buffer.from(String(request.headers['x-answer']), 'base64').toString()) as Answer;

async function startUpstream(): Promise<string> {
  upstream = createServer((request, response) => {
    const { status = 200, reason, headers = {}, parts } = answerOf(request);
    const isStream = parts.length > 1;
    request.resume().once('end', () => {
      response.writeHead(status, reason, { 'content-type': 'application/json', ...headers });
      response.end(
        isStream ? parts.map((part) => `data: ${JSON.stringify(part)}\n\n`).join('') : JSON.stringify(parts[0]),
      );
    });
  });
  const sessions = new WebSocketServer({ server: upstream });
  sessions.on('connection', (socket, request) => {
    for (const part of answerOf(request).parts) socket.send(JSON.stringify(part));
    socket.close();
  });
  await once(upstream.listen(0, '127.0.0.1'), 'listening');
  const address = upstream.address();
  return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
}

beforeAll(async () => {
  const url = await startUpstream();
  dataDir = await mkdtemp(join(tmpdir(), 'aism-echo-'));
  gateway = await startTestGateway({
    upstreams: ['gemini', 'openai', 'anthropic', 'other'].map((name) => `${name}=${url}`),
    dataDir,
    env: { AISM_LOG_LEVEL: 'trace' },
  });
  ear = await listenLive(gateway);
});
afterAll(async () => {
  ear.stop();
  await gateway.stop();
  upstream.closeAllConnections();
  upstream.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function make(call: EchoCall, carrier: Readonly<Record<string, string>>): Promise<void> {
  const answer = Buffer.from(JSON.stringify(call.answer)).toString('base64');
  const headers = { ...call.headers, ...carrier, 'x-answer': answer };
  if (call.isWebSocket === true) return session(call.path, headers);
  const response = await fetch(gateway.url + call.path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(call.body ?? {}),
  });
  await response.text();
}

async function session(path: string, headers: Record<string, string>): Promise<void> {
  const socket = new WebSocket(gateway.url.replace('http', 'ws') + path, { headers });
  await once(socket, 'close');
}

const showsTrace = (text: string): boolean => traces.some((trace) => text.toLowerCase().includes(trace));

it('no row, frame, answer, log line or file holds a secret that was echoed', { timeout: 240_000 }, async () => {
  const calls = spellings.flatMap(echoCalls);
  for (const [index, call] of calls.entries()) await make(call, carriers[index % carriers.length] ?? {});
  await make(
    { place: 'query', path: `/other/v1/x?key=${secret}`, answer: { parts: [{ error: { code: secret } }] } },
    {},
  );
  await waitForCalls(gateway, calls.length + 1, 30_000);

  const rows = await allCalls(gateway);
  const leaks = rows.filter((row) => showsTrace(JSON.stringify(row)));
  expect(leaks.map((row) => JSON.stringify(row))).toEqual([]);
  const said = await everythingSaid(gateway, ear);
  expect([...said].filter(([, text]) => showsTrace(text)).map(([place]) => place)).toEqual([]);
  expect(said.get('websocket')?.match(/"callId"/g)?.length).toBeGreaterThan(calls.length);

  const holding = (): string[] =>
    filesUnder(dataDir).filter((file) => showsTrace(readFileSync(file).toString('latin1')));
  expect(holding()).toEqual([]);
  await gateway.stop();
  expect(holding()).toEqual([]);
});
