import type { UsageFacts } from '../../../gateway/usage/usage-facts.ts';

/** Facts of a whole answer that used nothing yet. */
export const someFacts: UsageFacts = {
  surface: 'generateContent',
  streamed: false,
  errorCode: null,
  finishReason: 'STOP',
  ttftMs: null,
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
  totalTokens: null,
  usageSource: 'reported',
  usageMismatch: false,
  outcomeHint: null,
  bodyUser: null,
  bodyTags: {},
  nativeUsage: null,
  cacheWrite1hTokens: null,
};
