/**
 * A usage cut into parts that have one rate each: cached text, fresh audio, a one-hour cache write, reasoning … Providers report totals that
 * contain each other; the parts do not overlap, so their costs add up to the cost of the whole.
 */
import type { Usage } from '@pydantic/genai-prices';
import type { CountedUsage } from '../usage/usage-facts.ts';

export interface UsageLeaf {
  /** For example `cachedInput`, `input audio`, `output`, `reasoning`. */
  readonly what: string;
  readonly count: number;
  /** This part alone, as the public list wants it. */
  readonly usage: Usage;
  /** This part alone, as an own price wants it. */
  readonly facts: Partial<CountedUsage>;
}

const families = ['audio', 'image', 'video'] as const;
type Family = (typeof families)[number];

/** @param usage the whole as the public list wants it (catalog-usage.ts), cached tokens split by kind or apportioned */
export function leavesOf(usage: Usage, reasoningTokens: number): UsageLeaf[] {
  const of = (key: string): number => usage[key] ?? 0;
  const leaves = families.flatMap((family) => familyLeaves(family, of));
  const sum = (prefix: string): number =>
    leaves.filter(({ what }) => what.startsWith(prefix)).reduce((total, { count }) => total + count, 0);
  const cachedText = of('cache_read_tokens') - sum('cachedInput ');
  const written1h = of('cache_write_1h_tokens');
  const written5m = of('cache_write_tokens') - written1h;
  const text = of('input_tokens') - of('cache_read_tokens') - of('cache_write_tokens') - sum('input ');
  const outputText = of('output_tokens') - sum('output ');
  const reasoning = Math.min(Math.max(reasoningTokens, 0), Math.max(outputText, 0));
  return [
    textLeaf('input', text, {}),
    textLeaf('cachedInput', cachedText, { cache_read_tokens: cachedText }),
    textLeaf('cacheWrite5m', written5m, { cache_write_tokens: written5m }),
    textLeaf('cacheWrite1h', written1h, { cache_write_tokens: written1h, cache_write_1h_tokens: written1h }),
    ...leaves,
    outputLeaf('output', outputText - reasoning),
    outputLeaf('reasoning', reasoning),
  ].filter(({ count }) => count > 0);
}

function familyLeaves(family: Family, of: (key: string) => number): UsageLeaf[] {
  const cached = of(`cache_${family}_read_tokens`);
  const fresh = of(`input_${family}_tokens`) - cached;
  const out = of(`output_${family}_tokens`);
  const modality = family.toUpperCase();
  return [
    {
      what: `input ${family}`,
      count: fresh,
      usage: { input_tokens: fresh, [`input_${family}_tokens`]: fresh },
      facts: { inputTokens: fresh, modalities: { input: { [modality]: fresh } } },
    },
    {
      what: `cachedInput ${family}`,
      count: cached,
      usage: {
        input_tokens: cached,
        cache_read_tokens: cached,
        [`input_${family}_tokens`]: cached,
        [`cache_${family}_read_tokens`]: cached,
      },
      facts: { inputTokens: cached, cachedInputTokens: cached },
    },
    {
      what: `output ${family}`,
      count: out,
      usage: { output_tokens: out, [`output_${family}_tokens`]: out },
      facts: { outputTokens: out, modalities: { output: { [modality]: out } } },
    },
  ].filter(({ count }) => count > 0);
}

function textLeaf(what: string, count: number, usage: Usage): UsageLeaf {
  const cached = usage['cache_read_tokens'] ?? null;
  const written = usage['cache_write_tokens'] ?? null;
  const facts = { inputTokens: count, cachedInputTokens: cached, cacheWriteTokens: written };
  return { what, count, usage: { input_tokens: count, ...usage }, facts };
}

function outputLeaf(what: string, count: number): UsageLeaf {
  return { what, count, usage: { output_tokens: count }, facts: { outputTokens: count } };
}
