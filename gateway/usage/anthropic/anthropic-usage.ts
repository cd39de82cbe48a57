import { createCountReader, settleCounts, withUnits, type UsageCounts } from '../usage-counts.ts';
import { isObject, type JsonObject } from '../json-value.ts';

/**
 * Anthropic's `usage`: `input_tokens` excludes both cache fields, so all input is the sum of three; `output_tokens` includes thinking
 * (Usage, MessageDeltaUsage, ServerToolUsage of @anthropic-ai/sdk). There is no reported total. Cache writes are priced by lifetime; a later
 * event of a stream may raise their sum without repeating the split, so what is not written for an hour is written for five minutes.
 */
export function anthropicCounts(usage: JsonObject): UsageCounts {
  const reader = createCountReader();
  const uncached = reader.read(usage['input_tokens']);
  const cacheWrite = reader.read(usage['cache_creation_input_tokens']);
  const cacheRead = reader.read(usage['cache_read_input_tokens']);
  const hourWrite = reader.read(membersOf(usage['cache_creation'])['ephemeral_1h_input_tokens']);
  const cacheWrite1hTokens = hourWrite === null || cacheWrite === null ? null : Math.min(hourWrite, cacheWrite);
  const webSearches = reader.read(membersOf(usage['server_tool_use'])['web_search_requests']);
  const counts = settleCounts(reader, {
    inputTokens: uncached === null ? null : uncached + (cacheWrite ?? 0) + (cacheRead ?? 0),
    cachedInputTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
    toolInputTokens: null,
    outputTokens: reader.read(usage['output_tokens']),
    reasoningTokens: reader.read(membersOf(usage['output_tokens_details'])['thinking_tokens']),
    reportedTotal: null,
  });
  const units = {
    webSearches: webSearches ?? 0,
    cacheWrite1hTokens: cacheWrite1hTokens ?? 0,
    cacheWrite5mTokens: cacheWrite1hTokens === null || cacheWrite === null ? 0 : cacheWrite - cacheWrite1hTokens,
  };
  return withUnits(counts, units, 'reported');
}

const membersOf = (value: unknown): JsonObject => (isObject(value) ? value : {});
