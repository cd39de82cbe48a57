import type { Provider } from '../../../contract/usage-record.ts';
import type { UsageFacts } from '../../../gateway/usage/usage-facts.ts';

export type PriceCase = readonly [
  what: string,
  provider: Provider,
  facts: Partial<UsageFacts>,
  costUsd: number | null,
  source: string,
  at?: string,
];

const pro = { model: 'gemini-2.5-pro' };
const flash = { model: 'gemini-2.5-flash' };
const gpt5 = {
  model: 'gpt-5-2025-08-07',
  inputTokens: 1_500,
  cachedInputTokens: 1_024,
  outputTokens: 800,
  reasoningTokens: 640,
};
const sonnet = { model: 'claude-sonnet-4-5-20250929', surface: 'messages' } as const;

/** Rates in USD per million tokens stand in the comments; every result was worked out by hand. */
export const cases: readonly PriceCase[] = [
  // 100,000 × 1.25
  ['short prompt of a tiered model', 'google', { ...pro, inputTokens: 100_000 }, 0.125, 'list'],
  // 200,000 × 1.25: the switch is above 200k, not at it
  ['prompt of exactly 200k', 'google', { ...pro, inputTokens: 200_000 }, 0.25, 'list'],
  // 300,000 × 2.50 + 1,000 × 15: one rate switch for the whole call
  ['long prompt', 'google', { ...pro, inputTokens: 300_000, outputTokens: 1_000 }, 0.765, 'list'],
  // 100,000 × 2.50 + 200,000 × 0.25 + 1,000 × 15
  [
    'long prompt, mostly cached',
    'google',
    { ...pro, inputTokens: 300_000, cachedInputTokens: 200_000, outputTokens: 1_000 },
    0.315,
    'list',
  ],
  // 500 × 1.25 + 2,000 × 0.125 + (120 + 480 thoughts) × 10
  [
    'cached input and thoughts',
    'google',
    { ...pro, inputTokens: 2_500, cachedInputTokens: 2_000, outputTokens: 600, reasoningTokens: 480 },
    0.006875,
    'list',
  ],
  // 10 × 0.30 + 1,985 × 2.50
  [
    'hidden reasoning of the compatible endpoint',
    'google',
    { ...flash, surface: 'chat.completions', inputTokens: 10, outputTokens: 1_985, usageSource: 'derived' },
    0.0049655,
    'list',
  ],
  // (100 text + 100 tool) × 0.30 + 800 × 1.00 + 50 × 2.50
  [
    'audio and tool input',
    'google',
    {
      ...flash,
      inputTokens: 1_000,
      toolInputTokens: 100,
      outputTokens: 50,
      modalities: { input: { TEXT: 100, AUDIO: 800 }, toolInput: { TEXT: 100 } },
    },
    0.000985,
    'list',
  ],
  // audio 500 × 1.00 + cached text 400 × 0.03 + cached audio 100 × 0.10 + 100 × 2.50
  [
    'cached audio that was split',
    'google',
    {
      ...flash,
      inputTokens: 1_000,
      cachedInputTokens: 500,
      outputTokens: 100,
      modalities: { input: { TEXT: 400, AUDIO: 600 }, cachedInput: { TEXT: 400, AUDIO: 100 } },
    },
    0.000772,
    'list',
  ],
  // cached 1,000 spread 1/3 audio: 1,333.3 × 0.30 + 666.7 × 1.00 + 666.7 × 0.03 + 333.3 × 0.10 + 100 × 2.50
  [
    'cached audio that was not split',
    'google',
    {
      ...flash,
      inputTokens: 3_000,
      cachedInputTokens: 1_000,
      outputTokens: 100,
      modalities: { input: { TEXT: 2_000, AUDIO: 1_000 } },
    },
    0.00137,
    'estimated',
  ],
  // 1,000 × 0.30 + 210 × 2.50 + 1,290 × 30
  [
    'image output',
    'google',
    {
      model: 'gemini-2.5-flash-image',
      inputTokens: 1_000,
      outputTokens: 1_500,
      modalities: { output: { IMAGE: 1_290 } },
    },
    0.039525,
    'list',
  ],
  // 1,000 × 0.15; embeddings have no output
  [
    'Gemini embedding',
    'google',
    { model: 'gemini-embedding-001', surface: 'embedContent', inputTokens: 1_000, outputTokens: null },
    0.00015,
    'list',
  ],
  // (10 × 0.30 + 10 × 2.50) / 2
  ['flex tier', 'google', { ...flash, inputTokens: 10, outputTokens: 10, serviceTier: 'flex' }, 0.000014, 'list'],
  // (10 × 0.30 + 10 × 2.50) × 1.75, the lower bound of what is published
  [
    'priority tier of Gemini',
    'google',
    { ...flash, inputTokens: 10, outputTokens: 10, serviceTier: 'priority' },
    0.000049,
    'estimated',
  ],
  [
    'provisioned throughput',
    'google',
    { ...flash, inputTokens: 10, outputTokens: 10, serviceTier: 'provisioned_throughput' },
    null,
    'none',
  ],
  ['free model', 'google', { model: 'gemma-3-27b-it', inputTokens: 1_000, outputTokens: 1_000 }, 0, 'list'],
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
      cacheWrite1hTokens: 400,
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
      cacheWrite1hTokens: 400,
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
    { ...sonnet, inputTokens: 10, outputTokens: 10, nativeUsage: { speed: 'fast' } },
    null,
    'none',
  ],
  // 1,000 × 3 + 100 × 15 + 2 searches × 10 / 1,000
  [
    'Claude web searches',
    'anthropic',
    { ...sonnet, inputTokens: 1_000, outputTokens: 100, nativeUsage: { server_tool_use: { web_search_requests: 2 } } },
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
    { ...flash, inputTokens: 10, outputTokens: 10, totalTokens: 99, usageMismatch: true },
    0.000028,
    'estimated',
  ],
];
