/** From a provider's usage object to the normal form of contract/usage-record.ts. Unknown is null, and what does not add up is said. */
import type { Modalities, Units, UsageSource } from '../../contract/usage-record.ts';
import { asArray, isObject } from './json-value.ts';
import type { UsageFacts } from './usage-facts.ts';

export type UsageCounts = Pick<
  UsageFacts,
  | 'inputTokens'
  | 'cachedInputTokens'
  | 'cacheWriteTokens'
  | 'toolInputTokens'
  | 'outputTokens'
  | 'reasoningTokens'
  | 'modalities'
  | 'totalTokens'
  | 'usageSource'
  | 'usageMismatch'
  | 'units'
  | 'usageFault'
>;

export const noCounts: UsageCounts = {
  inputTokens: null,
  cachedInputTokens: null,
  cacheWriteTokens: null,
  toolInputTokens: null,
  outputTokens: null,
  reasoningTokens: null,
  modalities: null,
  totalTokens: null,
  usageSource: 'none',
  usageMismatch: false,
  units: null,
  usageFault: null,
};

/** A usage object in which a number is none: nothing of it is believed. */
const brokenCounts: UsageCounts = { ...noCounts, usageFault: 'invalid_count' };

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && typeof value === 'number' && value >= 0;

/** Reads counts of one usage object and remembers whether one of them was no count at all. */
export interface CountReader {
  /** Null when absent or null; a value that is no count marks the whole object as unreadable. */
  read(value: unknown): number | null;
  readonly isBroken: () => boolean;
}

export function createCountReader(): CountReader {
  let broken = false;
  return {
    read(value) {
      if (value === undefined || value === null) return null;
      if (isCount(value)) return value;
      broken = true;
      return null;
    },
    isBroken: () => broken,
  };
}

export type Parts = Omit<
  UsageCounts,
  'totalTokens' | 'usageSource' | 'usageMismatch' | 'modalities' | 'units' | 'usageFault'
> & {
  readonly reportedTotal: number | null;
  readonly modalities?: Modalities | null;
  /** A count was computed by subtraction instead of read. */
  readonly derived?: boolean;
};

/**
 * Parts as a provider reports them, checked against its own total. A broken object yields no counts at all: half of a usage object that
 * holds nonsense would be a number without a source (P6).
 */
export function settleCounts(reader: CountReader, parts: Parts): UsageCounts {
  const { reportedTotal, derived = false, modalities = null, ...counts } = parts;
  if (reader.isBroken()) return brokenCounts;
  const known = [counts.inputTokens, counts.outputTokens, counts.cachedInputTokens, reportedTotal].some(
    (count) => count !== null,
  );
  if (!known) return noCounts;
  const sum = counts.inputTokens === null ? null : counts.inputTokens + (counts.outputTokens ?? 0);
  const totalTokens = reportedTotal ?? sum;
  if (totalTokens !== null && !Number.isSafeInteger(totalTokens)) return brokenCounts;
  return {
    ...noCounts,
    ...counts,
    modalities: modalities !== null && Object.keys(modalities).length > 0 ? modalities : null,
    totalTokens,
    usageSource: derived ? 'derived' : 'reported',
    usageMismatch: (sum !== null && sum !== totalTokens) || hasOverflowingPart(counts),
  };
}

/**
 * Adds what is billed beside tokens. Where there are no tokens the units are the usage, and their source is the call's; a broken usage object
 * takes them along, because a number must not stand under the source `none`.
 */
export function withUnits(counts: UsageCounts, units: Units, source: UsageSource): UsageCounts {
  const known = Object.entries(units).filter(([, count]) => count > 0 && Number.isFinite(count));
  if (known.length === 0 || counts.usageFault !== null) return counts;
  const usageSource = counts.usageSource === 'none' ? source : counts.usageSource;
  return { ...counts, units: { ...counts.units, ...Object.fromEntries(known) }, usageSource };
}

/** A part larger than the whole it belongs to. */
function hasOverflowingPart(
  counts: Pick<
    UsageCounts,
    'inputTokens' | 'cachedInputTokens' | 'cacheWriteTokens' | 'outputTokens' | 'reasoningTokens'
  >,
): boolean {
  const ofInput = (counts.cachedInputTokens ?? 0) + (counts.cacheWriteTokens ?? 0);
  return (
    (counts.inputTokens !== null && ofInput > counts.inputTokens) ||
    (counts.outputTokens !== null && (counts.reasoningTokens ?? 0) > counts.outputTokens)
  );
}

/** Gemini's `[{ modality, tokenCount }]` (Interactions: `tokens`) as a map; unspecified means text. Null when there is nothing usable. */
export function modalityMap(details: unknown): Record<string, number> | null {
  const map: Record<string, number> = {};
  for (const entry of asArray(details)) {
    if (!isObject(entry)) continue;
    const count = entry['tokenCount'] ?? entry['tokens'];
    const name = typeof entry['modality'] === 'string' ? entry['modality'].toUpperCase() : '';
    if (!isCount(count) || !/^[A-Z_]{1,32}$/.test(name)) continue;
    const modality = name === 'MODALITY_UNSPECIFIED' ? 'TEXT' : name;
    map[modality] = (map[modality] ?? 0) + count;
  }
  return Object.keys(map).length === 0 ? null : map;
}

/** OpenAI's `{ text_tokens, audio_tokens, image_tokens }` as a map, zeroes left out. */
export function detailMap(details: unknown): Record<string, number> | null {
  if (!isObject(details)) return null;
  const map: Record<string, number> = {};
  for (const [field, modality] of detailFields) {
    const count = details[field];
    if (isCount(count) && count > 0) map[modality] = count;
  }
  return Object.keys(map).length === 0 ? null : map;
}

const detailFields = [
  ['text_tokens', 'TEXT'],
  ['audio_tokens', 'AUDIO'],
  ['image_tokens', 'IMAGE'],
] as const;

/** Only the directions that have something. */
export function modalitiesOf(
  maps: Readonly<Record<keyof Modalities, Record<string, number> | null>>,
): Modalities | null {
  const entries = Object.entries(maps).filter(([, map]) => map !== null);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}
