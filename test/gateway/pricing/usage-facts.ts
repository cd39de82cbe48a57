import type { CountedUsage } from '../../../gateway/usage/usage-facts.ts';

/** Facts of a whole answer that used nothing yet. */
export const someFacts: CountedUsage = {
  surface: 'generateContent',
  modelRequested: null,
  model: null,
  serviceTier: null,
  inputTokens: 0,
  cachedInputTokens: null,
  cacheWriteTokens: null,
  toolInputTokens: null,
  outputTokens: 0,
  reasoningTokens: null,
  modalities: null,
  usageSource: 'reported',
  usageMismatch: false,
  units: null,
};
