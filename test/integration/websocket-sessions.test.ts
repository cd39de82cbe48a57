/**
 * Gemini Live and OpenAI Realtime through a real gateway, spoken by the official clients against a WebSocket server that sends the providers'
 * messages (types of @google/genai and openai). The client gets what it gets without the gateway; the session is one row with its totals.
 */
import { GoogleGenAI, Modality, type LiveServerMessage } from '@google/genai';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Realtime } from '../../contract/gateway-api.ts';
import type { UsageRecord } from '../../contract/usage-record.ts';
import { allCalls, getJson } from '../helpers/analytics-client.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import { waitFor } from '../helpers/wait-for.ts';

type Talk = (socket: WebSocket, request: IncomingMessage) => void;

const key = 'AIzaSyLiveSecret-0123456789-canary';
let gateway: TestGateway;
let upstream: WebSocketServer;
let talk: Talk = () => undefined;
let asked: IncomingMessage | null = null;

beforeAll(async () => {
  upstream = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    perMessageDeflate: { threshold: 0 },
    maxPayload: 2 ** 26,
  });
  await once(upstream, 'listening');
  upstream.on('connection', (socket, request) => {
    asked = request;
    talk(socket, request);
  });
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  gateway = await startTestGateway({ upstreams: [`gemini=${url}`, `openai=${url}`] });
});
afterEach(() => {
  for (const socket of upstream.clients) socket.terminate();
});
afterAll(async () => {
  await gateway.stop();
  upstream.close();
});

const jsonOf = (data: unknown): Record<string, unknown> => JSON.parse(String(data)) as Record<string, unknown>;
const newest = (surface: string, after: number, from = gateway): Promise<UsageRecord> =>
  waitFor(`a row of ${surface}`, async () => {
    const rows = (await allCalls(from)).filter((row) => row.surface === surface);
    return rows.length > after && rows.at(-1);
  });
const countOf = async (surface: string): Promise<number> =>
  (await allCalls(gateway)).filter((row) => row.surface === surface).length;

/** Answers the setup, then each client turn with audio, usage of the turn and its end; JSON in binary frames, as Google sends it. */
const geminiLive: Talk = (socket) => {
  let turn = 0;
  const send = (message: object): void => socket.send(Buffer.from(JSON.stringify(message)));
  socket.on('message', (data) => {
    const message = jsonOf(data);
    if ('setup' in message) return send({ setupComplete: {} });
    turn += 1;
    const audio = Buffer.alloc(24_000, turn).toString('base64');
    send({
      serverContent: { modelTurn: { role: 'model', parts: [{ inlineData: { mimeType: 'audio/pcm', data: audio } }] } },
    });
    send({
      serverContent: { turnComplete: true },
      usageMetadata: {
        promptTokenCount: 100 * turn,
        responseTokenCount: 50,
        totalTokenCount: 100 * turn + 50,
        promptTokensDetails: [{ modality: 'TEXT', tokenCount: 100 * turn }],
        responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 50 }],
      },
    });
  });
};

describe('Gemini Live by the official client', () => {
  test('is one row with the tokens of all turns, and the key in its address is nowhere', async () => {
    talk = geminiLive;
    const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: gateway.url } });
    const messages: LiveServerMessage[] = [];
    const session = await client.live.connect({
      model: 'gemini-3.1-flash-live-preview',
      config: { responseModalities: [Modality.AUDIO] },
      callbacks: { onmessage: (message) => void messages.push(message) },
    });
    for (const expected of [1, 2]) {
      session.sendClientContent({ turns: 'hello', turnComplete: true });
      await waitFor('the turn', () => messages.filter((each) => each.serverContent?.turnComplete).length === expected);
    }
    const live = Realtime.parse(await getJson(gateway, '/api/analytics/realtime'));
    expect(live.inFlight).toBe(1);
    session.close();
    const row = await newest('live', 0);
    expect(asked?.url).toContain(`key=${key}`);
    expect(row).toMatchObject({
      surface: 'live',
      statusCode: 101,
      outcome: 'ok',
      model: 'gemini-3.1-flash-live-preview',
      inputTokens: 300,
      outputTokens: 100,
      totalTokens: 400,
      modalities: { output: { AUDIO: 100 } },
      usageSource: 'derived',
      streamed: true,
    });
    expect(row.ttftMs).not.toBeNull();
    expect(row.costUsd).not.toBeNull();
    expect(row.endpoint).not.toContain(key);
    expect(await filesHolding(gateway.dataDir, key)).toEqual([]);
  });

  test('that breaks off keeps what it used so far', async () => {
    talk = geminiLive;
    const before = await countOf('live');
    const path = '//ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContentConstrained';
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}${path}?access_token=auth_tokens/${key}`);
    const received: string[] = [];
    socket.on('message', (data) => received.push(String(data)));
    await once(socket, 'open');
    socket.send(JSON.stringify({ setup: { model: 'models/gemini-3.1-flash-live-preview' } }));
    await waitFor('the setup', () => received.length === 1);
    socket.send(JSON.stringify({ clientContent: { turnComplete: true } }));
    await waitFor('usage', () => received.some((message) => message.includes('usageMetadata')));
    socket.terminate();
    const row = await newest('live', before);
    expect(row).toMatchObject({ inputTokens: 100, outputTokens: 50, modelRequested: 'gemini-3.1-flash-live-preview' });
    expect(await filesHolding(gateway.dataDir, key)).toEqual([]);
  });
});

/** The official client speaks TLS to any address, so its gateway has a certificate. */
describe('OpenAI Realtime by the official client', () => {
  let secure: TestGateway;
  beforeAll(async () => {
    const pem = fileURLToPath(new URL('../gateway/fixtures/gateway-test.pem', import.meta.url));
    const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
    secure = await startTestGateway({ upstreams: [`openai=${url}`], args: ['--tls-cert', pem, '--tls-key', pem] });
  });
  afterAll(() => secure.stop());

  test('is one row with the tokens of its responses', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0'); // the certificate of the fixture is signed by itself
    talk = (socket) => {
      socket.send(JSON.stringify({ type: 'session.created', session: { id: 's', model: 'gpt-realtime-2025-08-28' } }));
      socket.on('message', (data) => {
        if (jsonOf(data)['type'] !== 'response.create') return;
        socket.send(JSON.stringify({ type: 'response.output_text.delta', delta: 'Hi', response_id: 'r1' }));
        const usage = {
          total_tokens: 120,
          input_tokens: 100,
          output_tokens: 20,
          input_token_details: { text_tokens: 100, audio_tokens: 0, cached_tokens: 64 },
          output_token_details: { text_tokens: 20, audio_tokens: 0 },
        };
        socket.send(JSON.stringify({ type: 'response.done', response: { id: 'r1', status: 'completed', usage } }));
      });
    };
    const client = new OpenAI({ apiKey: 'sk-realtime-canary', baseURL: `${secure.url}/openai/v1` });
    const realtime = new OpenAIRealtimeWS({ model: 'gpt-realtime', options: { rejectUnauthorized: false } }, client);
    realtime.on('error', (error) => expect(error).toBeUndefined());
    await once(realtime.socket, 'open');
    const done = new Promise((resolve) => realtime.once('response.done', resolve));
    realtime.send({ type: 'response.create' });
    await done;
    realtime.close();
    expect(await newest('realtime', 0, secure)).toMatchObject({
      modelRequested: 'gpt-realtime',
      model: 'gpt-realtime-2025-08-28',
      inputTokens: 100,
      cachedInputTokens: 64,
      outputTokens: 20,
      usageSource: 'reported',
      outcome: 'ok',
    });
  });
});

describe('any WebSocket', () => {
  test('passes megabyte frames, pings and close codes both ways', async () => {
    const echo: (string | number)[] = [];
    talk = (socket) => {
      socket.on('ping', (data) => echo.push(`ping ${String(data)}`));
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
      socket.on('close', (code, reason) => echo.push(code, String(reason)));
    };
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/openai/v1/realtime?model=x`, {
      maxPayload: 2 ** 26,
    });
    await once(socket, 'open');
    const frame = Buffer.alloc(1024 * 1024, 'é');
    for (let count = 0; count < 8; count += 1) socket.send(frame);
    for (let count = 0; count < 8; count += 1) {
      const [data] = (await once(socket, 'message')) as [Buffer];
      expect(data.equals(frame)).toBe(true);
    }
    socket.ping('are you there');
    await once(socket, 'pong');
    socket.close(4001, 'enough');
    await waitFor('the close', () => echo.length === 3);
    expect(echo).toEqual(['ping are you there', 4001, 'enough']);
  });

  test('is told the close code of its server', async () => {
    talk = (socket) => socket.close(1011, 'quota');
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/openai/v1/realtime?model=x`);
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    expect([code, String(reason)]).toEqual([1011, 'quota']);
  });
});

async function filesHolding(folder: string, text: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const held = await Promise.all(files.map(async (file) => ((await readFile(file)).includes(text) ? file : null)));
  return held.filter((file) => file !== null);
}
