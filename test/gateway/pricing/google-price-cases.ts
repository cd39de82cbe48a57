import type { PriceCase } from './price-cases.ts';

const pro = { model: 'gemini-2.5-pro' };
const flash = { model: 'gemini-2.5-flash' };

/** Rates in USD per million tokens stand in the comments; every result was worked out by hand. */
export const googleCases: readonly PriceCase[] = [
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
  // 4 × 0.04
  [
    'Imagen by image',
    'google',
    {
      model: 'imagen-4.0-generate-001',
      surface: 'predict',
      inputTokens: null,
      outputTokens: null,
      units: { images: 4 },
    },
    0.16,
    'list',
  ],
  // 2 × 0.02
  [
    'Imagen fast',
    'google',
    {
      model: 'imagen-4.0-fast-generate-001',
      surface: 'predict',
      inputTokens: null,
      outputTokens: null,
      units: { images: 2 },
    },
    0.04,
    'list',
  ],
  // 8 s × 0.40
  [
    'Veo by second',
    'google',
    {
      model: 'veo-3.0-generate-001',
      surface: 'predictLongRunning',
      inputTokens: null,
      outputTokens: null,
      units: { videoSeconds: 8 },
    },
    3.2,
    'list',
  ],
  // 2 samples of 5 s × 0.35
  [
    'Veo 2, two samples',
    'google',
    {
      model: 'veo-2.0-generate-001',
      surface: 'predictLongRunning',
      inputTokens: null,
      outputTokens: null,
      units: { videoSeconds: 10 },
    },
    3.5,
    'list',
  ],
  // 8 s × 0.15; 4k would cost more
  [
    'Veo 3.1 fast',
    'google',
    {
      model: 'veo-3.1-fast-generate-preview',
      surface: 'predictLongRunning',
      inputTokens: null,
      outputTokens: null,
      units: { videoSeconds: 8 },
    },
    1.2,
    'estimated',
  ],
  [
    'video of a model without a price',
    'google',
    {
      model: 'veo-9',
      surface: 'predictLongRunning',
      inputTokens: null,
      outputTokens: null,
      units: { videoSeconds: 8 },
    },
    null,
    'none',
  ],
  // 10 × 0.30 + 10 × 2.50, and one grounded prompt × 35 / 1,000 whatever the number of searches
  [
    'Gemini 2.5 bills the grounded prompt, not its searches',
    'google',
    { ...flash, inputTokens: 10, outputTokens: 10, units: { webSearches: 3, groundedPrompts: 1 } },
    0.035028,
    'estimated',
  ],
  // 1,000 × 0.50 + 100 × 3, and 3 searches × 14 / 1,000
  [
    'Gemini 3 bills each search',
    'google',
    {
      model: 'gemini-3-flash-preview',
      inputTokens: 1_000,
      outputTokens: 100,
      units: { webSearches: 3, groundedPrompts: 1 },
    },
    0.0428,
    'estimated',
  ],
  // 10 × 0.30 + 10 × 2.50, and 25 / 1,000
  [
    'Gemini 2.5 grounded in maps',
    'google',
    { ...flash, inputTokens: 10, outputTokens: 10, units: { mapsQueries: 1 } },
    0.025028,
    'estimated',
  ],
  [
    'a search of a model without a search price',
    'google',
    {
      model: 'gemini-1.5-flash',
      inputTokens: 10,
      outputTokens: 10,
      units: { webSearches: 1, groundedPrompts: 1 },
    },
    null,
    'none',
  ],
  [
    'a search whose stream was cut before its tokens',
    'google',
    { ...flash, inputTokens: null, outputTokens: null, units: { groundedPrompts: 1 } },
    null,
    'none',
  ],
  // 1,000 × 0.15 for tokens that were estimated
  [
    'an embedding whose tokens were estimated',
    'google',
    {
      model: 'gemini-embedding-001',
      surface: 'embedContent',
      inputTokens: 1_000,
      outputTokens: null,
      usageSource: 'estimated',
    },
    0.00015,
    'estimated',
  ],
  // 1,000,000 tokens × 2 h × 4.50 / 1,000,000
  [
    'storage of a cache',
    'google',
    {
      ...pro,
      surface: 'cachedContents',
      inputTokens: null,
      outputTokens: null,
      units: { cacheStorageTokenHours: 2_000_000 },
    },
    9,
    'estimated',
  ],
  // images that Gemini makes are billed by token: 1,000 × 0.30 + 210 × 2.50 + 1,290 × 30
  [
    'image output counted twice is billed once',
    'google',
    {
      model: 'gemini-2.5-flash-image',
      inputTokens: 1_000,
      outputTokens: 1_500,
      modalities: { output: { IMAGE: 1_290 } },
      units: { images: 1 },
    },
    0.039525,
    'list',
  ],
  ['free model', 'google', { model: 'gemma-3-27b-it', inputTokens: 1_000, outputTokens: 1_000 }, 0, 'list'],
];
