/**
 * What a served tier does to the list price. The public list has standard prices only. Factors as read in November 2026:
 * - Gemini: flex and batch cost half, priority 75 to 100 % more (https://ai.google.dev/gemini-api/docs/optimization). The exact premium is not
 *   published for each model here, so the lower bound is used and the cost is an estimate.
 * - OpenAI: flex costs what batch costs, half (https://platform.openai.com/docs/guides/flex-processing); priority has its own price for each
 *   model (https://openai.com/api-priority-processing/), which is the same multiple for input, cached input and output. `fast` is its newer name.
 * - Anthropic: batch costs half (https://platform.claude.com/docs/en/build-with-claude/batch-processing); the priority tier and fast mode (`fast`) are
 *   not on the public list.
 * A tier without a known factor leaves the call unpriced (null).
 */
import type { Provider } from '../../contract/usage-record.ts';
import type { CountedUsage } from '../usage/usage-facts.ts';

export interface TierFactor {
  readonly factor: number;
  readonly isEstimate: boolean;
}

const standard: TierFactor = { factor: 1, isEstimate: false };
const half: TierFactor = { factor: 0.5, isEstimate: false };

const google: Readonly<Record<string, TierFactor>> = {
  standard,
  default: standard,
  unspecified: standard,
  flex: half,
  batch: half,
  priority: { factor: 1.75, isEstimate: true },
};
const openai: Readonly<Record<string, TierFactor>> = {
  default: standard,
  auto: standard,
  standard,
  flex: half,
  batch: half,
};
const anthropic: Readonly<Record<string, TierFactor>> = { standard, batch: half };
const tables: Readonly<Record<Provider, Readonly<Record<string, TierFactor>>>> = {
  google,
  openai,
  anthropic,
  other: {},
};

/** OpenAI priority price divided by the standard price, by catalog id. */
const openaiPriority: Readonly<Record<string, number>> = {
  'gpt-4.1': 3.5 / 2,
  'gpt-4.1-mini': 0.7 / 0.4,
  'gpt-4.1-nano': 0.2 / 0.1,
  'gpt-4o': 4.25 / 2.5,
  'gpt-4o-2024-05-13': 8.75 / 5,
  'gpt-4o-mini': 0.25 / 0.15,
  o3: 3.5 / 2,
  'o4-mini': 2 / 1.1,
  'gpt-5': 2.5 / 1.25,
  'gpt-5-mini': 0.45 / 0.25,
  'gpt-5.1': 2.5 / 1.25,
  'gpt-5.2': 3.5 / 1.75,
  'gpt-5.4': 5 / 2.5,
  'gpt-5.4-mini': 1.5 / 0.75,
};

/** Null when the price of this tier is not known. A tier the provider did not name is the standard one. */
export function tierFactor(
  provider: Provider,
  catalogModelId: string,
  facts: Pick<CountedUsage, 'serviceTier'>,
): TierFactor | null {
  const tier = facts.serviceTier?.toLowerCase() ?? null;
  if (tier === null) return standard;
  if (provider === 'openai' && (tier === 'priority' || tier === 'fast')) {
    const factor = Object.hasOwn(openaiPriority, catalogModelId) ? openaiPriority[catalogModelId] : undefined;
    return factor === undefined ? null : { factor, isEstimate: false };
  }
  const table = tables[provider];
  return Object.hasOwn(table, tier) ? (table[tier] ?? null) : null;
}

/** The table for the documentation. */
export const tierTable = [
  ...Object.entries(tables).flatMap(([provider, tiers]) =>
    Object.entries(tiers).map(([tier, { factor, isEstimate }]) => ({
      provider,
      tier,
      model: 'all',
      factor,
      isEstimate,
    })),
  ),
  ...Object.entries(openaiPriority).map(([model, factor]) => ({
    provider: 'openai',
    tier: 'priority, fast',
    model,
    factor,
    isEstimate: false,
  })),
];
