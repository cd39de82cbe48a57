/** The user's own prices: which entry fits a call, and what it costs by it. */
import type { PriceOverride } from '../../contract/prices.ts';
import { Unit, type Provider } from '../../contract/usage-record.ts';
import type { CountedUsage } from '../usage/usage-facts.ts';

interface Rule {
  readonly entry: PriceOverride;
  readonly pattern: RegExp;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Overrides {
  readonly rules: readonly Rule[];
  readonly version: string;
}

const versionPrefix = 'prices.json';
export const noOverrides: Overrides = { rules: [], version: versionPrefix };
export const ownPriceVersion = (digest: string): string => `${versionPrefix}@${digest}`;
/** Whether a cost of this version rests on the user's own price. */
export const isOwnPriceVersion = (version: string | null): boolean => version?.startsWith(versionPrefix) ?? false;

export function compileOverrides(entries: readonly PriceOverride[], version: string): Overrides {
  const rules = entries.map((entry) => ({
    entry,
    pattern: wildcard(entry.model),
    fromMs: entry.from === undefined ? -Infinity : Date.parse(entry.from),
    toMs: entry.to === undefined ? Infinity : Date.parse(entry.to),
  }));
  return { rules, version };
}

/** `*` matches any text; runs of it are one, so that a pattern cannot be made slow. */
function wildcard(pattern: string): RegExp {
  const parts = pattern
    .replace(/\*+/g, '*')
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 'i');
}

export interface OverrideQuestion {
  readonly provider: Provider;
  readonly model: string;
  readonly at: Date;
  readonly facts: CountedUsage;
}

/** Cost in USD by the user's own price; null when no entry fits. */
export function overrideCost(overrides: Overrides, question: OverrideQuestion): number | null {
  const entry = entryFor(overrides, question);
  return entry === null ? null : costBy(entry, question.facts);
}

/** The entry that prices a call; null when none fits. */
export function entryFor({ rules }: Overrides, { provider, model, at }: OverrideQuestion): PriceOverride | null {
  const atMs = at.getTime();
  const rule = rules.find(
    ({ entry, pattern, fromMs, toMs }) =>
      entry.provider === provider && atMs >= fromMs && atMs < toMs && pattern.test(model),
  );
  return rule?.entry ?? null;
}

const inputFamilies = {
  AUDIO: 'audioInputPerMillionUsd',
  IMAGE: 'imageInputPerMillionUsd',
  DOCUMENT: 'imageInputPerMillionUsd',
  VIDEO: 'videoInputPerMillionUsd',
} as const;
const outputFamilies = { AUDIO: 'audioOutputPerMillionUsd', IMAGE: 'imageOutputPerMillionUsd' } as const;

/** Null when the call used tokens and the entry prices units only. */
export function costBy(entry: PriceOverride, facts: CountedUsage): number | null {
  const { inputPerMillionUsd: inputUsd, outputPerMillionUsd: outputUsd } = entry;
  const units = Object.entries(entry.unitsUsd ?? {}).reduce(
    (sum, [unit, usd]) => sum + usd * (facts.units?.[Unit.parse(unit)] ?? 0),
    0,
  );
  if (inputUsd === undefined || outputUsd === undefined)
    return (facts.inputTokens ?? 0) + (facts.outputTokens ?? 0) > 0 ? null : units;
  const cached = facts.cachedInputTokens ?? 0;
  const written = facts.cacheWriteTokens ?? 0;
  const plain = Math.max(0, (facts.inputTokens ?? 0) - cached - written);
  const perMillion =
    plain * inputUsd +
    cached * (entry.cachedInputPerMillionUsd ?? inputUsd) +
    written * (entry.cacheWritePerMillionUsd ?? inputUsd) +
    (facts.outputTokens ?? 0) * outputUsd +
    surcharge(facts.modalities?.input, inputFamilies, entry, inputUsd, plain) +
    surcharge(facts.modalities?.output, outputFamilies, entry, outputUsd, Infinity);
  return perMillion / 1e6 + units;
}

/** What tokens of other kinds cost more (or less) than text; at most `most` of them, because cached ones have a price of their own. */
function surcharge(
  counts: Readonly<Record<string, number>> | undefined,
  families: Readonly<Record<string, keyof PriceOverride>>,
  entry: PriceOverride,
  textUsd: number,
  most: number,
): number {
  let left = most;
  let sum = 0;
  for (const [modality, count] of Object.entries(counts ?? {})) {
    const field = families[modality];
    const usd = field === undefined ? undefined : entry[field];
    if (typeof usd !== 'number') continue;
    const charged = Math.min(count, left);
    left -= charged;
    sum += charged * (usd - textUsd);
  }
  return sum;
}
