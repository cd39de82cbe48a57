/** Faults 2, 3 and 9 that users of other gateways report; each number is the list's, each title the fault. */
import { describe, expect, it } from 'vitest';
import { chat, factsOf, gemini, messages } from './exchange.ts';

describe('02 thinking tokens dropped, so that the cost is too low', () => {
  // langfuse/langfuse#16321, vercel/ai#6082: 1,939 of 11,476 lost
  it('Gemini: thoughts are output although the candidates exclude them', async () => {
    const usageMetadata = {
      promptTokenCount: 9_000,
      candidatesTokenCount: 537,
      thoughtsTokenCount: 1_939,
      totalTokenCount: 11_476,
    };
    expect(await factsOf({ ...gemini, answer: { usageMetadata } })).toMatchObject({
      outputTokens: 2_476,
      reasoningTokens: 1_939,
      totalTokens: 11_476,
      usageMismatch: false,
    });
  });

  // MartialBE/one-hub#795: prompt 9 + completion 664, total 1,994
  it('the compatible endpoint hides them in the total', async () => {
    const usage = { prompt_tokens: 9, completion_tokens: 664, total_tokens: 1_994 };
    const facts = await factsOf({ provider: 'google', path: '/v1beta/openai/chat/completions', answer: { usage } });
    expect(facts).toMatchObject({
      outputTokens: 1_985,
      reasoningTokens: 1_321,
      usageSource: 'derived',
      usageMismatch: false,
    });
  });

  it('OpenAI: reasoning is part of the completion and not added to it', async () => {
    const usage = {
      prompt_tokens: 9,
      completion_tokens: 664,
      total_tokens: 673,
      completion_tokens_details: { reasoning_tokens: 600 },
    };
    expect(await factsOf({ ...chat, answer: { usage } })).toMatchObject({ outputTokens: 664, reasoningTokens: 600 });
  });
});

describe('03 cached tokens billed twice, or ignored', () => {
  // BerriAI/litellm#14849: $0.7642 shown, $0.1849 true
  it('Gemini and OpenAI: cached tokens are part of the input', async () => {
    const usageMetadata = {
      promptTokenCount: 1_000,
      cachedContentTokenCount: 900,
      candidatesTokenCount: 10,
      totalTokenCount: 1_010,
    };
    expect(await factsOf({ ...gemini, answer: { usageMetadata } })).toMatchObject({
      inputTokens: 1_000,
      cachedInputTokens: 900,
    });
    const usage = {
      prompt_tokens: 1_000,
      completion_tokens: 10,
      total_tokens: 1_010,
      prompt_tokens_details: { cached_tokens: 900 },
    };
    expect(await factsOf({ ...chat, answer: { usage } })).toMatchObject({ inputTokens: 1_000, cachedInputTokens: 900 });
  });

  // danny-avila/LibreChat#12855
  it('Anthropic: both cache counts are added to the input', async () => {
    const usage = {
      input_tokens: 10,
      cache_read_input_tokens: 900,
      cache_creation_input_tokens: 90,
      output_tokens: 10,
    };
    expect(await factsOf({ ...messages, answer: { usage } })).toMatchObject({
      inputTokens: 1_000,
      cachedInputTokens: 900,
      cacheWriteTokens: 90,
      totalTokens: 1_010,
    });
  });

  it('Anthropic: writes are told apart by lifetime, which have different prices', async () => {
    const cache_creation = { ephemeral_5m_input_tokens: 60, ephemeral_1h_input_tokens: 30 };
    const usage = { input_tokens: 10, cache_creation_input_tokens: 90, cache_creation, output_tokens: 1 };
    expect((await factsOf({ ...messages, answer: { usage } })).units).toEqual({
      cacheWrite5mTokens: 60,
      cacheWrite1hTokens: 30,
    });
  });
});

describe('09 charges that are not text tokens', () => {
  const grounded = (metadata: object, model = 'gemini-3-pro-preview') =>
    factsOf({
      ...gemini,
      answer: {
        candidates: [{ content: { parts: [{ text: 'x' }] }, groundingMetadata: metadata }],
        usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
        modelVersion: model,
      },
    });

  // Embassy-of-the-Free-Mind/sourcelibrary-v2#4599: a quarter of an $8,389 month; BerriAI/litellm#36377: repeated queries
  it('grounding queries are counted, each distinct one once', async () => {
    const queries = ['bitcoin price USD', 'ethereum price USD', 'bitcoin price USD', ''];
    expect((await grounded({ webSearchQueries: queries })).units).toEqual({ webSearches: 2, groundedPrompts: 1 });
  });

  it('queries of all candidates are told apart together', async () => {
    const candidates = [
      ['a', 'b'],
      ['b', 'c'],
    ].map((webSearchQueries) => ({ groundingMetadata: { webSearchQueries } }));
    expect((await factsOf({ ...gemini, answer: { candidates } })).units).toEqual({
      webSearches: 3,
      groundedPrompts: 1,
    });
  });

  // BerriAI/litellm#35906, #38418
  it('Maps is no web search', async () => {
    const units = (await grounded({ groundingChunks: [{ maps: { placeId: 'p' } }], webSearchQueries: ['coffee'] }))
      .units;
    expect(units).toEqual({ mapsQueries: 1 });
  });

  // ding113/claude-code-hub#663: image tokens at the text rate, 7.6 times too low
  it('tokens of images stand under their modality', async () => {
    const usageMetadata = {
      promptTokenCount: 8,
      candidatesTokenCount: 1_300,
      totalTokenCount: 1_308,
      candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1_290 }],
    };
    expect((await factsOf({ ...gemini, answer: { usageMetadata } })).modalities?.output).toEqual({ IMAGE: 1_290 });
    const usage = { input_tokens: 8, output_tokens: 1_056, total_tokens: 1_064 };
    const images = await factsOf({
      provider: 'openai',
      path: '/v1/images/generations',
      answer: { data: [{ b64_json: 'QUJD' }], usage },
    });
    expect(images).toMatchObject({ modalities: { output: { IMAGE: 1_056 } }, units: { images: 1 } });
  });

  // BerriAI/litellm#33681, maximhq/bifrost#7295
  it('embeddings are not 0 tokens', async () => {
    const path = '/v1beta/models/gemini-embedding-2:embedContent';
    const answer = {
      embedding: { values: [0.1] },
      usageMetadata: { promptTokenCount: 12, promptTokenDetails: [{ modality: 'TEXT', tokenCount: 12 }] },
    };
    expect(await factsOf({ provider: 'google', path, answer })).toMatchObject({ inputTokens: 12, totalTokens: 12 });
  });

  // QuantumNous/new-api#2935
  it('tool-use tokens are input', async () => {
    const usageMetadata = {
      promptTokenCount: 10,
      toolUsePromptTokenCount: 500,
      candidatesTokenCount: 20,
      totalTokenCount: 530,
    };
    expect(await factsOf({ ...gemini, answer: { usageMetadata } })).toMatchObject({
      inputTokens: 510,
      toolInputTokens: 500,
      outputTokens: 20,
      usageMismatch: false,
    });
  });
});
