import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSampleUpstream, type SampleUpstream } from '../../../gateway/sample/sample-upstream.ts';

/** The sample upstream is only worth something when the official clients accept it. Seed 7 draws `ok` for the first answers. */
describe('the sample upstream', () => {
  let upstream: SampleUpstream;
  let base: string;
  beforeEach(async () => {
    upstream = await startSampleUpstream(7);
    base = upstream.origin.origin;
  });
  afterEach(() => upstream.stop());

  it('answers @google/genai, whole and streamed', async () => {
    const client = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: base } });
    const whole = await client.models.generateContent({ model: 'gemini-3.8-flash', contents: 'hi' });
    expect(whole.usageMetadata?.promptTokenCount).toBeGreaterThan(0);
    let last: number | undefined;
    for await (const part of await client.models.generateContentStream({ model: 'gemini-3.8-flash', contents: 'hi' })) {
      last = part.usageMetadata?.totalTokenCount ?? last;
    }
    expect(last).toBeGreaterThan(0);
  });

  it('answers openai with the usage chunk only when asked', async () => {
    const client = new OpenAI({ apiKey: 'k', baseURL: `${base}/v1`, maxRetries: 3 });
    const ask = { model: 'gpt-6-luna', messages: [{ role: 'user' as const, content: 'hi' }], stream: true as const };
    const counts = { with: 0, without: 0 };
    for await (const chunk of await client.chat.completions.create({
      ...ask,
      stream_options: { include_usage: true },
    })) {
      if (chunk.usage) counts.with += 1;
    }
    for await (const chunk of await client.chat.completions.create(ask)) if (chunk.usage) counts.without += 1;
    expect(counts).toEqual({ with: 1, without: 0 });
  });

  it('answers @anthropic-ai/sdk streams', async () => {
    const client = new Anthropic({ apiKey: 'k', baseURL: base });
    const stream = client.messages.stream({
      model: 'claude-sonnet-5',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'hi' }],
    });
    const message = await stream.finalMessage();
    expect(message.usage.output_tokens).toBeGreaterThan(1);
    expect(message.stop_reason).toBe('end_turn');
  });

  it('refuses a path it does not serve', async () => {
    const answer = await fetch(`${base}/v2/else`);
    expect(answer.status).toBe(404);
  });
});
