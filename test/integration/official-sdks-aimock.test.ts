/**
 * The official clients, with only their base URL changed, through the gateway to an upstream written by others (@copilotkit/aimock). What the
 * client gets and what the row says are both compared with what the upstream was told to send.
 */
import Anthropic from '@anthropic-ai/sdk';
import { LLMock } from '@copilotkit/aimock';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../helpers/gateway-process.ts';
import { allCalls, waitForCalls } from '../helpers/analytics-client.ts';
import type { UsageRecord } from '../../contract/usage-record.ts';

let mock: LLMock;
let gateway: TestGateway;

beforeAll(async () => {
  mock = new LLMock({ port: 0 });
  mock.onMessage('gemini', {
    content: 'Hello from Gemini',
    usage: { promptTokenCount: 1_000, candidatesTokenCount: 200, totalTokenCount: 1_200 },
  });
  mock.onMessage('chat', {
    content: 'Hello from chat',
    usage: { prompt_tokens: 2_000, completion_tokens: 300, total_tokens: 2_300 },
  });
  mock.onMessage('responses', {
    content: 'Hello from responses',
    usage: { input_tokens: 3_000, output_tokens: 400, total_tokens: 3_400 },
  });
  mock.onMessage('claude', { content: 'Hello from Claude', usage: { input_tokens: 4_000, output_tokens: 500 } });
  await mock.start();
  gateway = await startTestGateway({
    upstreams: ['gemini', 'openai', 'anthropic'].map((name) => `${name}=${mock.url}`),
  });
});
afterAll(async () => {
  await gateway.stop();
  await mock.stop();
});

/** The newest row that a call added. */
async function rowOf(call: () => Promise<unknown>): Promise<UsageRecord> {
  const before = (await allCalls(gateway)).length;
  await call();
  const rows = await waitForCalls(gateway, before + 1);
  const row = rows.at(-1);
  if (row === undefined) throw new Error('no row');
  return row;
}

/** The mock serves v1beta only; the client's own default (v1) is covered by official-sdks-scripted.test.ts. */
const gemini = () =>
  new GoogleGenAI({ apiKey: 'k-gemini', httpOptions: { baseUrl: gateway.url, apiVersion: 'v1beta' } });
const openai = () => new OpenAI({ apiKey: 'k-openai', baseURL: `${gateway.url}/openai/v1` });
const claude = () => new Anthropic({ apiKey: 'k-claude', baseURL: `${gateway.url}/anthropic` });

describe('@google/genai through the gateway', () => {
  it('meters generateContent at the list price', async () => {
    const row = await rowOf(async () => {
      const answer = await gemini().models.generateContent({ model: 'gemini-2.5-flash', contents: 'gemini' });
      expect(answer.text).toBe('Hello from Gemini');
    });
    expect(row).toMatchObject({
      upstream: 'gemini',
      provider: 'google',
      surface: 'generateContent',
      endpoint: '/v1beta/models/{model}:generateContent',
      outcome: 'ok',
      statusCode: 200,
      model: 'gemini-2.5-flash',
      inputTokens: 1_000,
      outputTokens: 200,
      totalTokens: 1_200,
      usageSource: 'reported',
      usageMismatch: false,
      costSource: 'list',
      streamed: false,
      ttftMs: null,
    });
    expect(row.client).toMatch(/^google-genai-(js|sdk)\/3\./);
    // 1,000 × $0.30/M + 200 × $2.50/M
    expect(row.costUsd).toBeCloseTo(0.0008, 9);
  });

  it('meters a stream with its time to first token', async () => {
    const row = await rowOf(async () => {
      let text = '';
      for await (const part of await gemini().models.generateContentStream({
        model: 'gemini-2.5-flash',
        contents: 'gemini',
      }))
        text += part.text ?? '';
      expect(text).toBe('Hello from Gemini');
    });
    expect(row).toMatchObject({
      surface: 'streamGenerateContent',
      streamed: true,
      inputTokens: 1_000,
      outputTokens: 200,
      outcome: 'ok',
    });
    expect(row.ttftMs).toBeGreaterThan(0);
    expect(row.ttftMs ?? Infinity).toBeLessThanOrEqual(row.durationMs ?? 0);
  });
});

describe('openai through the gateway', () => {
  it('meters chat.completions', async () => {
    const row = await rowOf(() =>
      openai().chat.completions.create({ model: 'gpt-4.1-mini', messages: [{ role: 'user', content: 'chat' }] }),
    );
    expect(row).toMatchObject({
      provider: 'openai',
      surface: 'chat.completions',
      inputTokens: 2_000,
      outputTokens: 300,
      totalTokens: 2_300,
      outcome: 'ok',
      usageSource: 'reported',
    });
    // 2,000 × $0.40/M + 300 × $1.60/M
    expect(row.costUsd).toBeCloseTo(0.00128, 9);
  });

  it('meters a chat stream that asked for usage', async () => {
    const row = await rowOf(async () => {
      const stream = await openai().chat.completions.create({
        model: 'gpt-4.1-mini',
        messages: [{ role: 'user', content: 'chat' }],
        stream: true,
        stream_options: { include_usage: true },
      });
      let usage: unknown;
      for await (const chunk of stream) usage = chunk.usage ?? usage;
      expect(usage).toMatchObject({ prompt_tokens: 2_000 });
    });
    expect(row).toMatchObject({ streamed: true, inputTokens: 2_000, outputTokens: 300, usageSource: 'reported' });
    expect(row.ttftMs).toBeGreaterThan(0);
  });

  it('meters responses, whole and streamed', async () => {
    const whole = await rowOf(() => openai().responses.create({ model: 'gpt-4.1-mini', input: 'responses' }));
    expect(whole).toMatchObject({ surface: 'responses', inputTokens: 3_000, outputTokens: 400, totalTokens: 3_400 });
    const streamed = await rowOf(async () => {
      let inputTokens: number | undefined;
      for await (const event of await openai().responses.create({
        model: 'gpt-4.1-mini',
        input: 'responses',
        stream: true,
      })) {
        if (event.type === 'response.completed') inputTokens = event.response.usage?.input_tokens;
      }
      expect(inputTokens).toBe(3_000);
    });
    expect(streamed).toMatchObject({ surface: 'responses', streamed: true, inputTokens: 3_000, outputTokens: 400 });
  });

  it('meters embeddings', async () => {
    const row = await rowOf(() =>
      openai().embeddings.create({ model: 'text-embedding-3-small', input: 'a vector please' }),
    );
    expect(row).toMatchObject({ surface: 'embeddings', outcome: 'ok', outputTokens: null });
  });

  it('shows a wrong path as the client error it is', async () => {
    const row = await rowOf(() =>
      openai()
        .models.retrieve('no-such-model')
        .catch(() => undefined),
    );
    expect(row.surface).toBe('models');
    expect(row.costUsd).toBeNull();
  });
});

describe('@anthropic-ai/sdk through the gateway', () => {
  it('meters messages', async () => {
    const row = await rowOf(() =>
      claude().messages.create({
        model: 'claude-haiku-4-5',
        max_tokens: 100,
        messages: [{ role: 'user', content: 'claude' }],
      }),
    );
    expect(row).toMatchObject({
      provider: 'anthropic',
      surface: 'messages',
      inputTokens: 4_000,
      outputTokens: 500,
      outcome: 'ok',
    });
    // 4,000 × $1/M + 500 × $5/M
    expect(row.costUsd).toBeCloseTo(0.0065, 9);
  });

  it('meters a stream with its stream helper', async () => {
    const row = await rowOf(async () => {
      const message = await claude()
        .messages.stream({
          model: 'claude-haiku-4-5',
          max_tokens: 100,
          messages: [{ role: 'user', content: 'claude' }],
        })
        .finalMessage();
      expect(message.usage.output_tokens).toBe(500);
    });
    expect(row).toMatchObject({ streamed: true, inputTokens: 4_000, outputTokens: 500, totalTokens: 4_500 });
    expect(row.ttftMs).toBeGreaterThan(0);
  });
});
