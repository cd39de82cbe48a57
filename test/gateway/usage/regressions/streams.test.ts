/** Faults 1, 6, 7 and 15 that users of other gateways report; each number is the list's, each title the fault. */
import { describe, expect, it } from 'vitest';
import { chat, factsOf, geminiStream, messages, responses, said } from './exchange.ts';

const done = (type: string, status: string, usage: object) => [
  { type: 'response.created', response: { id: 'resp_1', status: 'in_progress', model: 'gpt-5', usage: null } },
  { type: 'response.output_text.delta', delta: 'Hi' },
  { type, response: { id: 'resp_1', status, model: 'gpt-5', usage } },
];
const responseUsage = { input_tokens: 7, output_tokens: 5, total_tokens: 12 };

describe('01 streamed calls logged with 0 tokens although usage is on the wire', () => {
  // maximhq/bifrost#4484, BerriAI/litellm#36523
  it.each([
    ['response.completed', 'completed'],
    ['response.incomplete', 'incomplete'],
    ['response.failed', 'failed'],
  ])('OpenAI Responses: %s', async (type, status) => {
    expect(await factsOf({ ...responses, events: done(type, status, responseUsage) })).toMatchObject({
      inputTokens: 7,
      outputTokens: 5,
      totalTokens: 12,
      usageSource: 'reported',
    });
  });

  // NousResearch/hermes-agent#15253
  it('Gemini: usage in the last chunk, beside the finish reason', async () => {
    const events = [
      said('Hi'),
      said('', { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 }, { finishReason: 'STOP' }),
    ];
    expect(await factsOf({ ...geminiStream, events })).toMatchObject({ inputTokens: 3, outputTokens: 2 });
  });

  it('OpenAI chat: usage in a chunk without choices', async () => {
    const events = [
      { model: 'gpt-5', choices: [{ index: 0, delta: { content: 'Hi' } }], usage: null },
      { model: 'gpt-5', choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } },
    ];
    expect(await factsOf({ ...chat, events })).toMatchObject({ inputTokens: 3, outputTokens: 2, totalTokens: 5 });
  });

  // github/gh-aw-firewall#1550, envoyproxy/ai-gateway#1189
  it('a compressed stream', async () => {
    const events = [said('Hi', { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 })];
    expect(await factsOf({ ...geminiStream, events, gzip: true })).toMatchObject({ inputTokens: 3, outputTokens: 2 });
  });
});

const start = {
  type: 'message_start',
  message: {
    id: 'm',
    model: 'claude-sonnet-4-5',
    usage: { input_tokens: 25, cache_read_input_tokens: 5, output_tokens: 1 },
  },
};
const piece = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'x' } };
const end = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 806 } };

describe('06 client aborts: nothing or nonsense recorded', () => {
  // maximhq/bifrost#3709: 806 pieces logged as 1 token
  it('Anthropic: the output stays unknown until it was told, and is never the 1 of the start', async () => {
    const events = [start, ...Array.from({ length: 806 }, () => piece), end];
    expect(await factsOf({ ...messages, events, leftAfter: 800 })).toMatchObject({
      inputTokens: 30,
      cachedInputTokens: 5,
      outputTokens: null,
      usageSource: 'reported',
    });
    expect(await factsOf({ ...messages, events })).toMatchObject({ outputTokens: 806, totalTokens: 836 });
  });

  // BerriAI/litellm#33736, #30630, #36008
  it('Gemini: the newest cumulative usage is kept', async () => {
    const events = [10, 20, 30].map((count) =>
      said('x', { promptTokenCount: 5, candidatesTokenCount: count, totalTokenCount: 5 + count }),
    );
    expect(await factsOf({ ...geminiStream, events, leftAfter: 2 })).toMatchObject({
      outputTokens: 20,
      totalTokens: 25,
    });
  });

  it('OpenAI: where nothing was told, nothing is invented, and it is not 0', async () => {
    const events = Array.from({ length: 40 }, () => ({
      model: 'gpt-5',
      choices: [{ delta: { content: 'x' } }],
      usage: null,
    }));
    expect(await factsOf({ ...chat, events, leftAfter: 39 })).toMatchObject({
      inputTokens: null,
      outputTokens: null,
      totalTokens: null,
      usageSource: 'none',
      usageFault: null,
    });
    expect(
      await factsOf({ ...responses, events: done('response.completed', 'completed', responseUsage), leftAfter: 2 }),
    ).toMatchObject({
      totalTokens: null,
      usageSource: 'none',
    });
  });
});

describe('07 cumulative usage summed per chunk, or erased by a partial one', () => {
  // agno-agi/agno#6624, docker/docker-agent#1855: 10 to 17 times too much
  it('the last value of each field wins', async () => {
    const events = Array.from({ length: 17 }, (_, index) =>
      said('x', { promptTokenCount: 1_000, candidatesTokenCount: index, totalTokenCount: 1_000 + index }),
    );
    expect(await factsOf({ ...geminiStream, events })).toMatchObject({
      inputTokens: 1_000,
      outputTokens: 16,
      totalTokens: 1_016,
    });
  });

  // ogx-ai/ogx#5122
  it('the compatible endpoint repeats its usage', async () => {
    const events = [1, 2, 3].map((count) => ({
      choices: [{ delta: { content: 'x' } }],
      usage: { prompt_tokens: 9, completion_tokens: count, total_tokens: 9 + count },
    }));
    const facts = await factsOf({ provider: 'google', path: '/v1beta/openai/chat/completions', events });
    expect(facts).toMatchObject({ inputTokens: 9, outputTokens: 3, totalTokens: 12 });
  });

  // langchain-ai/langchainjs#9912
  it('a chunk that holds only part of it erases nothing', async () => {
    const events = [
      said('x', { cachedContentTokenCount: 4, trafficType: 'ON_DEMAND' }),
      said('x', { promptTokenCount: 9, candidatesTokenCount: 2, thoughtsTokenCount: 1, totalTokenCount: 12 }),
      said('', { cachedContentTokenCount: 4, trafficType: 'ON_DEMAND' }),
    ];
    expect(await factsOf({ ...geminiStream, events })).toMatchObject({
      inputTokens: 9,
      cachedInputTokens: 4,
      outputTokens: 3,
      totalTokens: 12,
    });
  });
});

describe('15 time to first token means the wrong thing', () => {
  // api7/aisix#869: 183,581 ms against 1,175 ms
  it('OpenAI: the chunk that only names the role is no token', async () => {
    const events = [
      { choices: [{ delta: { role: 'assistant', content: '' } }] },
      { choices: [{ delta: { content: 'x' } }] },
    ];
    expect((await factsOf({ ...chat, events })).ttftMs).toBe(200);
  });

  it('Responses: the frames before the first piece are no token', async () => {
    expect(
      (await factsOf({ ...responses, events: done('response.completed', 'completed', responseUsage) })).ttftMs,
    ).toBe(200);
  });

  // braintrustdata/braintrust-sdk-javascript#2110
  it('thoughts are tokens', async () => {
    const thought = { candidates: [{ content: { parts: [{ text: 'hm', thought: true }] } }] };
    expect((await factsOf({ ...geminiStream, events: [thought, said('x')] })).ttftMs).toBe(100);
    const thinking = { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } };
    expect((await factsOf({ ...messages, events: [start, thinking, piece] })).ttftMs).toBe(200);
  });

  it('a call that made nothing has none', async () => {
    expect((await factsOf({ ...messages, events: [start, end] })).ttftMs).toBeNull();
  });
});
