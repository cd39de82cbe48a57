/**
 * What the mock written by others lacks: JSON-array streams, cached and audio details, thoughts, compressed SSE, a cut in the middle, and
 * byte-exact bodies. The official client reads the answer; the row must say what the bytes said.
 */
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { GoogleGenAI } from '@google/genai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestGateway } from '../helpers/gateway-process.ts';
import type { Piece, ScriptedUpstream } from '../helpers/scripted-upstream.ts';
import { waitFor } from '../helpers/wait-for.ts';
import type { UsageRecord } from '../../contract/usage-record.ts';
import { startScriptedGateway, type ScriptedGateway } from './scripted-gateway.ts';

let scripted: ScriptedGateway;
let upstream: ScriptedUpstream;
let gateway: TestGateway;
const model = 'gemini-2.5-flash';

beforeAll(async () => {
  scripted = await startScriptedGateway();
  ({ upstream, gateway } = scripted);
});
afterAll(() => scripted.stop());
const rowFor = (session: string): Promise<UsageRecord> => scripted.rowFor(session);

const part = (text: string, usageMetadata: object, finishReason?: string) => ({
  candidates: [
    {
      content: { role: 'model', parts: [{ text }] },
      index: 0,
      ...(finishReason === undefined ? {} : { finishReason }),
    },
  ],
  usageMetadata,
  modelVersion: model,
});
const finalUsage = {
  promptTokenCount: 1_200,
  cachedContentTokenCount: 1_000,
  candidatesTokenCount: 40,
  thoughtsTokenCount: 300,
  totalTokenCount: 1_540,
};
const events = [
  part('Hel', { promptTokenCount: 1_200, totalTokenCount: 1_200 }),
  part('lo', { cachedContentTokenCount: 1_000 }),
  part('.', finalUsage, 'STOP'),
];
const sse = Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`).join(''));
const expected = {
  inputTokens: 1_200,
  cachedInputTokens: 1_000,
  outputTokens: 340,
  reasoningTokens: 300,
  totalTokens: 1_540,
  usageSource: 'reported',
  usageMismatch: false,
  outcome: 'ok',
};
/** (200 × $0.30 + 1,000 × $0.03 + 340 × $2.50) / 1M */
const expectedCost = 0.00094;

function bytewise(buffer: Buffer): Piece[] {
  return Array.from({ length: Math.ceil(buffer.length / 7) }, (_, index) => buffer.subarray(index * 7, index * 7 + 7));
}

function sdk(session: string): GoogleGenAI {
  return new GoogleGenAI({
    apiKey: 'k',
    httpOptions: { baseUrl: gateway.url, headers: { 'x-aism-session': session } },
  });
}

async function readWithSdk(session: string): Promise<string> {
  let text = '';
  for await (const chunk of await sdk(session).models.generateContentStream({ model, contents: 'hi' }))
    text += chunk.text ?? '';
  return text;
}

describe('Gemini streams', () => {
  it.each([
    ['gzip', gzipSync(sse)],
    ['br', brotliCompressSync(sse)],
    ['zstd', zstdCompressSync(sse)],
  ])('are metered when compressed with %s, and stay compressed', async (encoding, body) => {
    upstream.answer(':streamGenerateContent', {
      headers: { 'content-type': 'text/event-stream', 'content-encoding': encoding },
      pieces: bytewise(body),
    });
    expect(await readWithSdk(`compressed-${encoding}`)).toBe('Hello.');
    const row = await rowFor(`compressed-${encoding}`);
    expect(row).toMatchObject(expected);
    expect(row.costUsd).toBeCloseTo(expectedCost, 9);
    expect(row.responseBytes).toBe(body.length);
  });

  it('are metered as one JSON array split at any byte', async () => {
    const body = Buffer.from(`[${events.map((event) => JSON.stringify(event, null, 2)).join(',\r\n')}]\n`);
    upstream.answer(':streamGenerateContent', {
      headers: { 'content-type': 'application/json; charset=UTF-8' },
      pieces: bytewise(body),
    });
    const answer = await fetch(`${gateway.url}/v1beta/models/${model}:streamGenerateContent`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k', 'x-aism-session': 'json-array' },
      body: '{"contents":[]}',
    });
    expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true);
    const row = await rowFor('json-array');
    expect(row).toMatchObject({ ...expected, streamed: true });
    expect(row.ttftMs).toBeGreaterThan(0);
  });

  it('cut in the middle keep the last usage and say upstream failed', async () => {
    upstream.answer(':streamGenerateContent', {
      headers: { 'content-type': 'text/event-stream' },
      pieces: [
        `data: ${JSON.stringify(part('Hel', { promptTokenCount: 1_200, candidatesTokenCount: 7, totalTokenCount: 1_207 }))}\n\n`,
        { pauseMs: 60 },
        'cut',
      ],
    });
    await expect(readWithSdk('cut')).rejects.toThrow(/terminated|network|fetch|closed|other side/i);
    const row = await rowFor('cut');
    expect(row).toMatchObject({ outcome: 'network_error', inputTokens: 1_200, outputTokens: 7, statusCode: 200 });
  });

  it('abandoned by the client are client_aborted, and the upstream is let go', async () => {
    upstream.answer(':streamGenerateContent', {
      headers: { 'content-type': 'text/event-stream' },
      pieces: [
        `data: ${JSON.stringify(part('Hel', { promptTokenCount: 900, candidatesTokenCount: 3, totalTokenCount: 903 }))}\n\n`,
        'hang',
      ],
    });
    const abortsBefore = upstream.aborts();
    const leaving = new AbortController();
    const stream = await sdk('abort').models.generateContentStream({
      model,
      contents: 'hi',
      config: { abortSignal: leaving.signal },
    });
    for await (const chunk of stream) {
      expect(chunk.text).toBe('Hel');
      break;
    }
    leaving.abort();
    expect(await rowFor('abort')).toMatchObject({ outcome: 'client_aborted', inputTokens: 900, outputTokens: 3 });
    await waitFor('the upstream to be let go', () => upstream.aborts() > abortsBefore);
  });
});

describe('Gemini answers', () => {
  it('with cached and audio details are priced without inventing a split silently', async () => {
    const usageMetadata = {
      promptTokenCount: 3_000,
      cachedContentTokenCount: 1_000,
      candidatesTokenCount: 100,
      totalTokenCount: 3_100,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 2_000 },
        { modality: 'AUDIO', tokenCount: 1_000 },
      ],
    };
    upstream.answer(':generateContent', { pieces: [JSON.stringify(part('ok', usageMetadata, 'STOP'))] });
    const answer = await sdk('audio').models.generateContent({ model, contents: 'hi' });
    expect(answer.usageMetadata?.promptTokenCount).toBe(3_000);
    const row = await rowFor('audio');
    expect(row).toMatchObject({
      inputTokens: 3_000,
      cachedInputTokens: 1_000,
      outputTokens: 100,
      costSource: 'estimated',
    });
    expect(row.modalities?.input).toMatchObject({ TEXT: 2_000, AUDIO: 1_000 });
    expect(row.costUsd).toBeGreaterThan(0);
  });

  it('of embedContent are metered though the client sends a batch', async () => {
    upstream.answer(':batchEmbedContents', {
      pieces: [
        JSON.stringify({
          embeddings: [{ values: [0.1, 0.2] }],
          usageMetadata: { promptTokenCount: 6, promptTokenDetails: [{ modality: 'TEXT', tokenCount: 6 }] },
        }),
      ],
    });
    const answer = await sdk('embed').models.embedContent({
      model: 'gemini-embedding-001',
      contents: 'a vector please',
    });
    expect(answer.embeddings?.[0]?.values).toEqual([0.1, 0.2]);
    const row = await rowFor('embed');
    expect(row).toMatchObject({
      surface: 'batchEmbedContents',
      inputTokens: 6,
      outputTokens: null,
      totalTokens: 6,
      outcome: 'ok',
    });
    // 6 × $0.15/M
    expect(row.costUsd).toBeCloseTo(0.0000009, 9);
  });

  it('of countTokens are calls without usage or cost', async () => {
    upstream.answer(':countTokens', { pieces: ['{"totalTokens": 31}'] });
    expect((await sdk('count').models.countTokens({ model, contents: 'hi' })).totalTokens).toBe(31);
    expect(await rowFor('count')).toMatchObject({
      surface: 'countTokens',
      inputTokens: null,
      outputTokens: null,
      totalTokens: null,
      costUsd: null,
      outcome: 'ok',
    });
  });

  it('of an unknown model have a null cost, never 0', async () => {
    upstream.answer('/models/gemini-99-ultra:generateContent', {
      pieces: [JSON.stringify({ ...part('ok', finalUsage, 'STOP'), modelVersion: 'gemini-99-ultra' })],
    });
    await sdk('unknown').models.generateContent({ model: 'gemini-99-ultra', contents: 'hi' });
    expect(await rowFor('unknown')).toMatchObject({
      model: 'gemini-99-ultra',
      costUsd: null,
      costSource: 'none',
      inputTokens: 1_200,
    });
  });

  it('blocked with HTTP 200 are not ok', async () => {
    upstream.answer(':generateContent', {
      pieces: [
        JSON.stringify({
          promptFeedback: { blockReason: 'SAFETY' },
          usageMetadata: { promptTokenCount: 8, totalTokenCount: 8 },
          modelVersion: model,
        }),
      ],
    });
    await sdk('blocked').models.generateContent({ model, contents: 'hi' });
    expect(await rowFor('blocked')).toMatchObject({ outcome: 'blocked', statusCode: 200, inputTokens: 8 });
  });

  it('that are not JSON pass untouched and count no usage', async () => {
    upstream.answer(':generateContent', { pieces: ['{"candidates": [ this is not', ' json'] });
    const answer = await fetch(`${gateway.url}/v1beta/models/${model}:generateContent`, {
      method: 'POST',
      headers: { 'x-aism-session': 'malformed' },
      body: '{}',
    });
    expect(await answer.text()).toBe('{"candidates": [ this is not json');
    expect(await rowFor('malformed')).toMatchObject({
      usageSource: 'none',
      inputTokens: null,
      costUsd: null,
      statusCode: 200,
    });
  });
});

it('strips x-aism headers on the way up and adds the call id on the way down', async () => {
  upstream.answer('/v1beta/models', { pieces: ['{"models":[]}'] });
  const answer = await fetch(`${gateway.url}/gemini/v1beta/models?key=SECRET-IN-QUERY`, {
    headers: { 'x-aism-session': 'headers', 'x-aism-tag-team': 'core' },
  });
  const callId = answer.headers.get('x-aism-call-id');
  const row = await rowFor('headers');
  expect(row).toMatchObject({ callId, surface: 'models', tags: { team: 'core' } });
  const request = upstream.received.at(-1);
  expect(request?.url).toBe('/v1beta/models?key=SECRET-IN-QUERY');
  expect(request?.rawHeaders.filter((name) => name.toLowerCase().startsWith('x-aism'))).toEqual([]);
  expect(JSON.stringify(row)).not.toContain('SECRET-IN-QUERY');
});
