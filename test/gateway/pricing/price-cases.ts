import type { Provider } from '../../../contract/usage-record.ts';
import type { CountedUsage } from '../../../gateway/usage/usage-facts.ts';

export type PriceCase = readonly [
  what: string,
  provider: Provider,
  facts: Partial<CountedUsage>,
  costUsd: number | null,
  source: string,
  at?: string,
];

const flash = { model: 'gemini-2.5-flash' };
const gpt5 = {
  model: 'gpt-5-2025-08-07',
  inputTokens: 1_500,
  cachedInputTokens: 1_024,
  outputTokens: 800,
  reasoningTokens: 640,
};
const sonnet = { model: 'claude-sonnet-4-5-20250929', surface: 'messages' } as const;

/** OpenAI, Anthropic, and what no list knows. Rates in USD per million tokens stand in the comments; every result was worked out by hand. */
export const otherCases: readonly PriceCase[] = [
  // 476 × 1.25 + 1,024 × 0.125 + 800 × 10
  ['GPT-5 with cache, reasoning inside the output', 'openai', gpt5, 0.008723, 'list'],
  ['GPT-5 flex: half', 'openai', { ...gpt5, serviceTier: 'flex' }, 0.0043615, 'list'],
  [
    'GPT-5 priority: 2.50 / 0.25 / 20, twice the list',
    'openai',
    { ...gpt5, serviceTier: 'priority' },
    0.017446,
    'list',
  ],
  // 1,000 × 4.25 + 1,000 × 17
  [
    'GPT-4o priority has its own multiple',
    'openai',
    { model: 'gpt-4o', inputTokens: 1_000, outputTokens: 1_000, serviceTier: 'priority' },
    0.02125,
    'list',
  ],
  [
    'priority of a model without a published one',
    'openai',
    { model: 'gpt-5.5', inputTokens: 1_000, outputTokens: 1_000, serviceTier: 'priority' },
    null,
    'none',
  ],
  ['scale tier is a contract', 'openai', { ...gpt5, serviceTier: 'scale' }, null, 'none'],
  // 20 × 2.50 + 80 × 32 + 10 × 10 + 50 × 64
  [
    'OpenAI audio in and out',
    'openai',
    {
      model: 'gpt-audio',
      inputTokens: 100,
      outputTokens: 60,
      modalities: { input: { AUDIO: 80 }, output: { AUDIO: 50 } },
    },
    0.00591,
    'list',
  ],
  // 8 × 0.02
  [
    'OpenAI embedding',
    'openai',
    { model: 'text-embedding-3-small', surface: 'embeddings', inputTokens: 8, outputTokens: null },
    0.00000016,
    'list',
  ],
  // 1,000 × 10 + 1,000 × 40, the price of that day
  [
    'price of the past',
    'openai',
    { model: 'o3', inputTokens: 1_000, outputTokens: 1_000 },
    0.05,
    'list',
    '2025-06-09T23:59:59Z',
  ],
  // 1,000 × 2 + 1,000 × 8
  [
    'price after the change',
    'openai',
    { model: 'o3', inputTokens: 1_000, outputTokens: 1_000 },
    0.01,
    'list',
    '2025-06-10T00:00:00Z',
  ],
  // 90 s × 0.006 / 60
  [
    'transcription by duration',
    'openai',
    { model: 'whisper-1', surface: 'audio', inputTokens: null, outputTokens: null, units: { audioSeconds: 90 } },
    0.009,
    'list',
  ],
  // 1,000 characters × 15 / 1,000,000
  [
    'speech by character',
    'openai',
    { model: 'tts-1', surface: 'audio', inputTokens: null, outputTokens: null, units: { inputCharacters: 1_000 } },
    0.015,
    'list',
  ],
  [
    'speech in high definition',
    'openai',
    { model: 'tts-1-hd', surface: 'audio', inputTokens: null, outputTokens: null, units: { inputCharacters: 1_000 } },
    0.03,
    'list',
  ],
  // 476 × 1.25 + 1,024 × 0.125 + 800 × 10, and 3 searches × 10 / 1,000
  [
    'OpenAI web searches beside tokens',
    'openai',
    { ...gpt5, surface: 'responses', units: { webSearches: 3 } },
    0.038723,
    'estimated',
  ],
  // the same tokens and 2 file searches × 2.50 / 1,000
  [
    'OpenAI file searches beside tokens',
    'openai',
    { ...gpt5, surface: 'responses', units: { fileSearches: 2 } },
    0.013723,
    'list',
  ],
  [
    'images of a model whose price depends on their size',
    'openai',
    { model: 'dall-e-3', surface: 'images', inputTokens: null, outputTokens: null, units: { images: 2 } },
    null,
    'none',
  ],
  [
    'price by the hour does not make tokens free',
    'openai',
    { model: 'whisper-1', inputTokens: 1_000, outputTokens: 10 },
    null,
    'none',
  ],
  // 100 × 3 + 2,000 × 0.30 + 600 × 3.75 + 400 × 6 + 50 × 15
  [
    'Claude cache read, 5 min and 1 h write',
    'anthropic',
    {
      ...sonnet,
      inputTokens: 3_100,
      cachedInputTokens: 2_000,
      cacheWriteTokens: 1_000,
      units: { cacheWrite5mTokens: 600, cacheWrite1hTokens: 400 },
      outputTokens: 50,
    },
    0.0063,
    'list',
  ],
  [
    'Claude batch tier: half of it',
    'anthropic',
    {
      ...sonnet,
      inputTokens: 3_100,
      cachedInputTokens: 2_000,
      cacheWriteTokens: 1_000,
      units: { cacheWrite5mTokens: 600, cacheWrite1hTokens: 400 },
      outputTokens: 50,
      serviceTier: 'batch',
    },
    0.00315,
    'list',
  ],
  [
    'Claude priority tier is a contract',
    'anthropic',
    { ...sonnet, inputTokens: 10, outputTokens: 10, serviceTier: 'priority' },
    null,
    'none',
  ],
  [
    'Claude fast mode is not on the list',
    'anthropic',
    { ...sonnet, inputTokens: 10, outputTokens: 10, serviceTier: 'fast' },
    null,
    'none',
  ],
  // 1,000 × 3 + 100 × 15 + 2 searches × 10 / 1,000
  [
    'Claude web searches',
    'anthropic',
    { ...sonnet, inputTokens: 1_000, outputTokens: 100, units: { webSearches: 2 } },
    0.0245,
    'list',
  ],
  ['unknown model', 'openai', { model: 'gpt-6', inputTokens: 10, outputTokens: 10 }, null, 'none'],
  ['unknown Gemini alias', 'google', { model: 'gemini-flash-latest', inputTokens: 10, outputTokens: 10 }, null, 'none'],
  [
    'tuned model that resembles a listed one',
    'google',
    { model: 'tunedModels/gemini-2.5-pro-mine', inputTokens: 10, outputTokens: 10 },
    null,
    'none',
  ],
  [
    'model of an unknown API',
    'other',
    { model: 'gpt-5', surface: 'other', inputTokens: 10, outputTokens: 10 },
    null,
    'none',
  ],
  // 10 × 0.30 + 10 × 2.50 by the requested name
  [
    'served name unknown, requested one known',
    'google',
    { model: 'gemini-2.5-flash-x9', modelRequested: 'gemini-2.5-flash', inputTokens: 10, outputTokens: 10 },
    0.000028,
    'estimated',
  ],
  ['counting tokens', 'google', { ...flash, surface: 'countTokens', inputTokens: 10, outputTokens: 0 }, null, 'none'],
  ['no usage', 'google', { ...flash, inputTokens: null, outputTokens: null, usageSource: 'none' }, null, 'none'],
  ['only the output is known', 'google', { ...flash, inputTokens: null, outputTokens: 10 }, null, 'none'],
  ['only the input is known', 'google', { ...flash, inputTokens: 10, outputTokens: null }, 0.000003, 'estimated'],
  [
    'more cached than sent',
    'google',
    { ...flash, inputTokens: 10, cachedInputTokens: 20, outputTokens: 1, usageMismatch: true },
    null,
    'none',
  ],
  [
    'parts that do not add up',
    'google',
    { ...flash, inputTokens: 10, outputTokens: 10, usageMismatch: true },
    0.000028,
    'estimated',
  ],
];
