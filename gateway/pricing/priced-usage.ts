/** What a price depends on. A live call's facts have it, and so has a stored row: history can be priced again. */
import type { UsageRecord } from '../../contract/usage-record.ts';

export type PricedUsage = Pick<
  UsageRecord,
  | 'surface'
  | 'modelRequested'
  | 'model'
  | 'serviceTier'
  | 'inputTokens'
  | 'cachedInputTokens'
  | 'cacheWriteTokens'
  | 'toolInputTokens'
  | 'outputTokens'
  | 'reasoningTokens'
  | 'modalities'
  | 'usageSource'
  | 'usageMismatch'
  | 'units'
>;

/** The served model first; the requested one stands in when no list knows the served name. */
export function modelNames({ model, modelRequested }: PricedUsage): readonly string[] {
  return [...new Set([model, modelRequested].filter((name) => name !== null))];
}
