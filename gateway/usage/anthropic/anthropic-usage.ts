import { createCountReader, settleCounts, type UsageCounts } from '../usage-counts.ts';
import { isObject, type JsonObject } from '../json-value.ts';

/**
 * Anthropic's `usage`: `input_tokens` excludes both cache fields, so all input is the sum of three; `output_tokens` includes thinking
 * (Usage, MessageDeltaUsage of @anthropic-ai/sdk). There is no reported total.
 */
export function anthropicCounts(usage: JsonObject): UsageCounts {
  const reader = createCountReader();
  const uncached = reader.read(usage['input_tokens']);
  const cacheWrite = reader.read(usage['cache_creation_input_tokens']);
  const cacheRead = reader.read(usage['cache_read_input_tokens']);
  const lifetimes = isObject(usage['cache_creation']) ? usage['cache_creation'] : {};
  const outputDetails = isObject(usage['output_tokens_details']) ? usage['output_tokens_details'] : {};
  const hourWrite = reader.read(lifetimes['ephemeral_1h_input_tokens']);
  return settleCounts(reader, {
    inputTokens: uncached === null ? null : uncached + (cacheWrite ?? 0) + (cacheRead ?? 0),
    cachedInputTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
    toolInputTokens: null,
    outputTokens: reader.read(usage['output_tokens']),
    reasoningTokens: reader.read(outputDetails['thinking_tokens']),
    cacheWrite1hTokens: hourWrite === null || cacheWrite === null ? null : Math.min(hourWrite, cacheWrite),
    reportedTotal: null,
  });
}
