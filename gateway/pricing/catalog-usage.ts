/** Usage facts as the usage object of @pydantic/genai-prices. */
import type { Usage } from '@pydantic/genai-prices';
import type { Modalities } from '../../contract/usage-record.ts';
import type { CountedUsage } from '../usage/usage-facts.ts';

/** Catalog usage keys by modality; documents are billed as images, as the package's own extractor has it. */
const families: Readonly<Record<string, string>> = {
  AUDIO: 'audio',
  IMAGE: 'image',
  DOCUMENT: 'image',
  VIDEO: 'video',
};

export function catalogUsage(facts: CountedUsage): Usage {
  const usage: Record<string, number> = {
    input_tokens: facts.inputTokens ?? 0,
    output_tokens: facts.outputTokens ?? 0,
  };
  addPositive(usage, 'cache_read_tokens', facts.cachedInputTokens);
  addPositive(usage, 'cache_write_tokens', facts.cacheWriteTokens);
  addPositive(usage, 'cache_write_1h_tokens', facts.units?.cacheWrite1hTokens ?? null);
  addModalities(usage, facts.modalities?.input, (family) => `input_${family}_tokens`);
  addModalities(usage, facts.modalities?.toolInput, (family) => `input_${family}_tokens`);
  addModalities(usage, facts.modalities?.cachedInput, (family) => `cache_${family}_read_tokens`);
  addModalities(usage, facts.modalities?.output, (family) => `output_${family}_tokens`);
  return usage;
}

/** Nothing but text in and out, and text read from a cache. */
export function isPlainText(usage: Usage): boolean {
  return Object.keys(usage).every((key) => plainKeys.has(key));
}
const plainKeys = new Set(['input_tokens', 'output_tokens', 'cache_read_tokens']);

/** Cached tokens spread like the input they are part of, for a provider that did not say which they were. */
export function apportionedCache(facts: CountedUsage): Usage {
  const cached = facts.cachedInputTokens ?? 0;
  const input = facts.inputTokens ?? 0;
  const byFamily: Record<string, number> = {};
  addModalities(byFamily, facts.modalities?.input, (family) => family);
  addModalities(byFamily, facts.modalities?.toolInput, (family) => family);
  return Object.fromEntries(
    Object.entries(byFamily).map(([family, count]) => [
      `cache_${family}_read_tokens`,
      input === 0 ? 0 : (cached * count) / input,
    ]),
  );
}

function addPositive(usage: Record<string, number>, key: string, count: number | null): void {
  if (count !== null && count > 0) usage[key] = (usage[key] ?? 0) + count;
}

function addModalities(
  usage: Record<string, number>,
  counts: Modalities['input'],
  keyOf: (family: string) => string,
): void {
  for (const [modality, count] of Object.entries(counts ?? {})) {
    const family = families[modality];
    if (family !== undefined) addPositive(usage, keyOf(family), count);
  }
}
