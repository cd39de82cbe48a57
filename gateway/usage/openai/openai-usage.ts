import { createCountReader, detailMap, modalitiesOf, settleCounts, type UsageCounts } from '../usage-counts.ts';
import { isObject, type JsonObject } from '../json-value.ts';

/**
 * Usage of every OpenAI surface: chat, completions and embeddings say prompt/completion, the others input/output; details are parts of their
 * total (CompletionUsage, ResponseUsage of the openai package).
 *
 * `hidesReasoning`: Google's compatible endpoint may leave thoughts out of `completion_tokens` while the total includes them; then
 * total − prompt − completion is hidden reasoning, and the output is derived.
 */
export function openaiCounts(usage: JsonObject, hidesReasoning: boolean): UsageCounts {
  const reader = createCountReader();
  const inputDetails = detailsOf(
    usage['prompt_tokens_details'] ?? usage['input_tokens_details'] ?? usage['input_token_details'],
  );
  const outputDetails = detailsOf(
    usage['completion_tokens_details'] ?? usage['output_tokens_details'] ?? usage['output_token_details'],
  );
  const input = reader.read(usage['prompt_tokens'] ?? usage['input_tokens']);
  const output = reader.read(usage['completion_tokens'] ?? usage['output_tokens']);
  const total = reader.read(usage['total_tokens']);
  const reasoning = reader.read(outputDetails['reasoning_tokens']);
  const hidden =
    hidesReasoning && total !== null && input !== null && output !== null ? Math.max(0, total - input - output) : 0;
  return settleCounts(reader, {
    inputTokens: input,
    cachedInputTokens: reader.read(inputDetails['cached_tokens']),
    cacheWriteTokens: reader.read(inputDetails['cache_write_tokens']),
    toolInputTokens: null,
    outputTokens: hidden > 0 && output !== null ? output + hidden : output,
    reasoningTokens: hidden > 0 ? Math.max(hidden, reasoning ?? 0) : reasoning,
    reportedTotal: total,
    derived: hidden > 0,
    modalities: modalitiesOf({
      input: detailMap(inputDetails),
      cachedInput: detailMap(inputDetails['cached_tokens_details']),
      toolInput: null,
      output: detailMap(outputDetails),
    }),
  });
}

const detailsOf = (value: unknown): JsonObject => (isObject(value) ? value : {});
