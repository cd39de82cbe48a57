import {
  createCountReader,
  modalitiesOf,
  modalityMap,
  settleCounts,
  withUnits,
  type CountReader,
  type UsageCounts,
} from '../usage-counts.ts';
import type { Unit, Units } from '../../../contract/usage-record.ts';
import { asArray, isObject, type JsonObject } from '../json-value.ts';

/**
 * `usageMetadata` (GenerateContentResponseUsageMetadata, @google/genai): the prompt includes cached tokens, candidates exclude thoughts, tool
 * use is separate input, total = prompt + candidates + toolUse + thoughts. Live calls its candidates `response…`. Zero counts are left out
 * by the server, so what is missing is taken from the total when there is one; that is a derived number, and said so.
 */
export function googleCounts(usage: JsonObject): UsageCounts {
  const reader = createCountReader();
  const prompt = reader.read(usage['promptTokenCount']);
  const cached = reader.read(usage['cachedContentTokenCount']);
  const candidates = reader.read(usage['candidatesTokenCount'] ?? usage['responseTokenCount']);
  const thoughts = reader.read(usage['thoughtsTokenCount']);
  const tool = reader.read(usage['toolUsePromptTokenCount']);
  const total = reader.read(usage['totalTokenCount']);
  const reportedOutput = candidates === null && thoughts === null ? null : (candidates ?? 0) + (thoughts ?? 0);
  const reportedInput = prompt === null ? null : prompt + (tool ?? 0);
  const missing = missingPart(reportedInput, reportedOutput, total);
  return settleCounts(reader, {
    inputTokens: reportedInput ?? missing?.input ?? null,
    cachedInputTokens: cached,
    cacheWriteTokens: null,
    toolInputTokens: tool,
    outputTokens: reportedOutput ?? missing?.output ?? null,
    reasoningTokens: thoughts,
    reportedTotal: total,
    derived: missing !== null && missing.tokens > 0,
    modalities: modalitiesOf({
      input: modalityMap(usage['promptTokensDetails']),
      cachedInput: modalityMap(usage['cacheTokensDetails']),
      toolInput: modalityMap(usage['toolUsePromptTokensDetails']),
      output: modalityMap(usage['candidatesTokensDetails'] ?? usage['responseTokensDetails']),
    }),
  });
}

interface Missing {
  readonly tokens: number;
  readonly input?: number;
  readonly output?: number;
}

function missingPart(input: number | null, output: number | null, total: number | null): Missing | null {
  if (total === null || (input === null) === (output === null)) return null;
  const tokens = total - (input ?? output ?? 0);
  if (tokens < 0) return null;
  return input === null ? { tokens, input: tokens } : { tokens, output: tokens };
}

/** Embeddings have no output; newer models report `promptTokenDetails` (singular) and often no total. */
export function googleEmbeddingCounts(usage: JsonObject): UsageCounts {
  const reader = createCountReader();
  const total = reader.read(usage['totalTokenCount']);
  return settleCounts(reader, {
    inputTokens: reader.read(usage['promptTokenCount']) ?? total,
    cachedInputTokens: null,
    cacheWriteTokens: null,
    toolInputTokens: null,
    outputTokens: null,
    reasoningTokens: null,
    reportedTotal: total,
    modalities: modalitiesOf({
      input: modalityMap(usage['promptTokenDetails'] ?? usage['promptTokensDetails']),
      cachedInput: null,
      toolInput: null,
      output: null,
    }),
  });
}

/** Interactions (`Usage` of @google/genai). Whether output includes thoughts is not documented, so the reported total decides. */
export function interactionCounts(usage: JsonObject): UsageCounts {
  const reader = createCountReader();
  const prompt = reader.read(usage['total_input_tokens']);
  const visible = reader.read(usage['total_output_tokens']);
  const thoughts = reader.read(usage['total_thought_tokens']);
  const tool = reader.read(usage['total_tool_use_tokens']);
  const total = reader.read(usage['total_tokens']);
  const inputTokens = prompt === null ? null : prompt + (tool ?? 0);
  const thoughtsInside = total !== null && total === (inputTokens ?? 0) + (visible ?? 0);
  const outputTokens =
    visible === null && thoughts === null ? null : (visible ?? 0) + (thoughtsInside ? 0 : (thoughts ?? 0));
  const units = groundingUnits(reader, usage['grounding_tool_count']);
  const counts = settleCounts(reader, {
    inputTokens,
    cachedInputTokens: reader.read(usage['total_cached_tokens']),
    cacheWriteTokens: null,
    toolInputTokens: tool,
    outputTokens,
    reasoningTokens: thoughts,
    reportedTotal: total,
    modalities: modalitiesOf({
      input: modalityMap(usage['input_tokens_by_modality']),
      cachedInput: modalityMap(usage['cached_tokens_by_modality']),
      toolInput: modalityMap(usage['tool_use_tokens_by_modality']),
      output: modalityMap(usage['output_tokens_by_modality']),
    }),
  });
  return withUnits(counts, units, 'reported');
}

const groundingTools: Readonly<Record<string, Unit>> = {
  google_search: 'webSearches',
  google_maps: 'mapsQueries',
  retrieval: 'fileSearches',
};

/** `grounding_tool_count: [{ type, count }]`. */
function groundingUnits(reader: CountReader, tools: unknown): Units {
  const units: Partial<Record<Unit, number>> = {};
  for (const tool of asArray(tools)) {
    if (!isObject(tool) || typeof tool['type'] !== 'string' || !Object.hasOwn(groundingTools, tool['type'])) continue;
    const unit = groundingTools[tool['type']];
    const count = reader.read(tool['count']);
    if (unit !== undefined && count !== null) units[unit] = (units[unit] ?? 0) + count;
  }
  return (units.webSearches ?? 0) > 0 ? { ...units, groundedPrompts: 1 } : units;
}
