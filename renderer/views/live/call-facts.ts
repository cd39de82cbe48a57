/** A record's numbers in the words of the details panel. Pure. */
import type { UsageRecord } from '../../../contract/usage-record.ts';
import { formatExact } from '../../format/numbers.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly part?: boolean; // a part of the fact above it
}

/** Token lines: totals first, their parts indented below; parts the provider did not split are left out. */
export function tokenFacts(record: UsageRecord): readonly Fact[] {
  const part = (name: string, value: number | null): Fact[] =>
    value === null || value === 0 ? [] : [{ name, value: formatExact(value), part: true }];
  return [
    { name: 'Input', value: formatExact(record.inputTokens) },
    ...part('read from cache', record.cachedInputTokens),
    ...part('written to cache', record.cacheWriteTokens),
    ...part('from tools', record.toolInputTokens),
    { name: 'Output', value: formatExact(record.outputTokens) },
    ...part('reasoning', record.reasoningTokens),
    { name: 'Total', value: formatExact(record.totalTokens) },
  ];
}

const usageSources = {
  reported: 'as reported by the provider',
  derived: 'derived from the parts the provider reported',
  estimated: 'estimated',
  none: 'not reported',
} as const satisfies Record<UsageRecord['usageSource'], string>;

const costSources = {
  list: 'public list price',
  override: 'your own price',
  estimated: 'list price with an assumption',
  none: 'unpriced',
} as const satisfies Record<UsageRecord['costSource'], string>;

export function usageSourceWords({ usageSource, usageMismatch }: UsageRecord): string {
  return usageMismatch
    ? `${usageSources[usageSource]}; the parts do not add up to the total`
    : usageSources[usageSource];
}

export function costSourceWords({ costSource, priceVersion }: UsageRecord): string {
  return priceVersion === null ? costSources[costSource] : `${costSources[costSource]}, ${priceVersion}`;
}
