/** `ai` with the three providers' packages through the gateway: the same results as without it, and the row of each call. */
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { embed, generateText, streamText, type EmbeddingModel, type LanguageModel } from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf, expectMetered, fixture, startParity, type Parity, type Place } from './sdk-parity.ts';

let parity: Parity;
beforeAll(async () => {
  parity = await startParity();
});
afterAll(() => parity.stop());

const google = ({ gemini }: Place) => createGoogleGenerativeAI({ apiKey: 'AIzaParity', baseURL: `${gemini}/v1beta` });
const openai = (place: Place) => createOpenAI({ apiKey: 'sk-parity', baseURL: place.openai });
const anthropic = (place: Place) => createAnthropic({ apiKey: 'sk-ant-parity', baseURL: `${place.anthropic}/v1` });

interface Case {
  readonly name: string;
  readonly model: (place: Place) => LanguageModel;
  readonly whole: string;
  readonly streamed: string;
}

const cases: readonly Case[] = [
  {
    name: '@ai-sdk/google',
    model: (place) => google(place)('gemini-2.5-pro'),
    whole: 'google/generate-thoughts-cached',
    streamed: 'google/stream-sse',
  },
  {
    name: '@ai-sdk/openai chat',
    model: (place) => openai(place).chat('gpt-4.1'),
    whole: 'openai/chat',
    streamed: 'openai/chat-stream',
  },
  {
    name: '@ai-sdk/anthropic',
    model: (place) => anthropic(place)('claude-sonnet-4-5'),
    whole: 'anthropic/message',
    streamed: 'anthropic/stream',
  },
];

describe.each(cases)('$name', ({ model, whole, streamed }) => {
  test('generateText', async () => {
    const scripted = fixture(whole);
    parity.upstream.answer('/', answerOf(scripted));
    const [row] = await parity.compare(async (place) => {
      const { text, reasoningText, finishReason, usage, warnings } = await generateText({
        model: model(place),
        prompt: 'What time is it?',
        maxRetries: 0,
      });
      return { text, reasoningText, finishReason, usage, warnings };
    });
    const { modelRequested: _asked, ...expected } = scripted.expected;
    expectMetered(row, { ...scripted, expected });
  });

  test('streamText', async () => {
    const scripted = fixture(streamed);
    parity.upstream.answer('/', answerOf(scripted));
    const [row] = await parity.compare(async (place) => {
      const stream = streamText({ model: model(place), prompt: 'What time is it?', maxRetries: 0 });
      const pieces: string[] = [];
      for await (const piece of stream.textStream) pieces.push(piece);
      return { pieces, usage: await stream.usage, finishReason: await stream.finishReason };
    });
    const { modelRequested: _asked, ...expected } = scripted.expected;
    expectMetered(row, { ...scripted, expected });
    expect(row?.ttftMs).toBeGreaterThan(0);
  });
});

test.each<[string, string, (place: Place) => EmbeddingModel]>([
  ['google/embed', 'embedContent', (place) => google(place).embeddingModel('gemini-embedding-2')],
  ['openai/embeddings', 'embeddings', (place) => openai(place).embeddingModel('text-embedding-3-small')],
])('embed with %s', async (name, surface, model) => {
  const scripted = fixture(name);
  parity.upstream.answer('/', answerOf(scripted));
  const [row] = await parity.compare(async (place) => {
    const { embedding, usage } = await embed({ model: model(place), value: 'x', maxRetries: 0 });
    return { embedding, usage };
  });
  expect(row?.surface).toBe(surface);
  expectMetered(row, scripted);
});
