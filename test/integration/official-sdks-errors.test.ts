/** Errors as the official client sees them through the gateway, and the rows that they become. */
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startScriptedGateway, type ScriptedGateway } from './scripted-gateway.ts';

let scripted: ScriptedGateway;
beforeAll(async () => {
  scripted = await startScriptedGateway();
});
afterAll(() => scripted.stop());

describe('OpenAI errors', () => {
  it('keep their status, code and retry-after', async () => {
    scripted.upstream.answer('/chat/completions', {
      status: 429,
      headers: { 'content-type': 'application/json', 'retry-after': '7' },
      pieces: ['{"error":{"message":"slow down","type":"requests","param":null,"code":"rate_limit_exceeded"}}'],
    });
    const client = new OpenAI({
      apiKey: 'k',
      baseURL: `${scripted.gateway.url}/openai/v1`,
      maxRetries: 0,
      defaultHeaders: { 'x-aism-session': 'limited' },
    });
    const failure = await client.chat.completions
      .create({ model: 'gpt-4.1', messages: [] })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OpenAI.RateLimitError);
    expect(failure).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect(failure instanceof OpenAI.RateLimitError && failure.headers.get('retry-after')).toBe('7');
    expect(await scripted.rowFor('limited')).toMatchObject({
      outcome: 'rate_limited',
      errorCode: 'rate_limit_exceeded',
      statusCode: 429,
      costUsd: null,
    });
  });

  it('inside a stream after HTTP 200 are upstream errors', async () => {
    scripted.upstream.answer('/chat/completions', {
      headers: { 'content-type': 'text/event-stream' },
      pieces: ['data: {"error":{"message":"boom","type":"server_error","code":null}}\n\n'],
    });
    const client = new OpenAI({
      apiKey: 'k',
      baseURL: `${scripted.gateway.url}/openai/v1`,
      maxRetries: 0,
      defaultHeaders: { 'x-aism-session': 'in-stream' },
    });
    const read = async () => {
      for await (const chunk of await client.chat.completions.create({ model: 'gpt-4.1', messages: [], stream: true }))
        void chunk;
    };
    await expect(read()).rejects.toThrow('boom');
    expect(await scripted.rowFor('in-stream')).toMatchObject({ outcome: 'upstream_error', statusCode: 200 });
  });
});
