/**
 * The public list: @pydantic/genai-prices behind a wrapper that knows its traps. It returns null for what it does not know, throws when a
 * provider did not split cached tokens by modality, and prices at 0 what it has no price for.
 */
import { calcPrice, type ModelPrice, type Provider as CatalogProvider, type Usage } from '@pydantic/genai-prices';
import type { Modalities, Provider } from '../../contract/usage-record.ts';
import type { UsageFacts } from '../usage/usage-facts.ts';

/** Version of the installed package and the day it was published; a test compares the first with what is installed. */
export const catalogVersion = '0.1.8';
export const pricesAsOf = '2026-09-23';

export interface CatalogQuestion {
  readonly provider: Provider;
  readonly model: string;
  readonly at: Date;
  readonly facts: UsageFacts;
}

export interface CatalogCost {
  readonly costUsd: number;
  readonly modelId: string;
  /** Cached tokens were spread over modalities in proportion, because the provider did not say which they were. */
  readonly isApportioned: boolean;
}

export interface Catalog {
  /** Null when the list has no price for this model or for something it used. */
  cost(question: CatalogQuestion): CatalogCost | null;
}

interface Entry {
  readonly modelId: string;
  readonly prices: ModelPrice;
  /** The one model as a provider of its own, so that pricing needs no search. */
  readonly alone: CatalogProvider;
}

const mostEntries = 2_000;

export function openCatalog(): Catalog {
  const entries = new Map<string, Entry | null>();
  const find = (question: CatalogQuestion): Entry | null => {
    const key = `${question.provider} ${question.at.toISOString().slice(0, 10)} ${question.model}`;
    const known = entries.get(key);
    if (known !== undefined) return known;
    if (entries.size >= mostEntries) entries.clear(); // model names come from clients: never unbounded
    const entry = lookUp(question);
    entries.set(key, entry);
    return entry;
  };
  return {
    cost(question) {
      const entry = find(question);
      return entry === null || !coversUsage(entry.prices, question.facts) ? null : costOf(entry, question.facts);
    },
  };
}

/** A tuned model's name is the user's own; what it resembles proves nothing. An unknown upstream is no public list's business. */
function lookUp({ provider, model, at }: CatalogQuestion): Entry | null {
  if (provider === 'other' || model.startsWith('tunedModels/')) return null;
  const found = calcPrice({}, model, { providerId: provider, timestamp: at });
  if (found === null) return null;
  const alone = {
    id: provider,
    name: provider,
    api_pattern: '',
    models: [{ id: found.model.id, match: { equals: found.model.id }, prices: found.model_price }],
  };
  return { modelId: found.model.id, prices: found.model_price, alone };
}

/** An empty entry means free of charge (Gemma, moderation). An entry without a token price does not make tokens free. */
function coversUsage(prices: ModelPrice, facts: UsageFacts): boolean {
  if (Object.keys(prices).length === 0) return true;
  const coversInput = prices['input_mtok'] !== undefined || facts.inputTokens === 0;
  const coversOutput = prices['output_mtok'] !== undefined || (facts.outputTokens ?? 0) === 0;
  return coversInput && coversOutput;
}

function costOf(entry: Entry, facts: UsageFacts): CatalogCost | null {
  const usage = usageOf(facts);
  const exact = tryCost(entry, usage);
  if (exact !== null) return { costUsd: exact, modelId: entry.modelId, isApportioned: false };
  const apportioned = tryCost(entry, { ...usage, ...apportionedCache(facts) });
  return apportioned === null ? null : { costUsd: apportioned, modelId: entry.modelId, isApportioned: true };
}

function tryCost(entry: Entry, usage: Usage): number | null {
  try {
    return calcPrice(usage, entry.modelId, { provider: entry.alone })?.total_price ?? null;
  } catch {
    return null; // an overlap the provider did not split, or parts that exceed their whole
  }
}

/** Catalog usage keys by modality; documents are billed as images, as the package's own extractor has it. */
const families: Readonly<Record<string, string>> = {
  AUDIO: 'audio',
  IMAGE: 'image',
  DOCUMENT: 'image',
  VIDEO: 'video',
};

function usageOf(facts: UsageFacts): Usage {
  const usage: Record<string, number> = {
    input_tokens: facts.inputTokens ?? 0,
    output_tokens: facts.outputTokens ?? 0,
  };
  addPositive(usage, 'cache_read_tokens', facts.cachedInputTokens);
  addPositive(usage, 'cache_write_tokens', facts.cacheWriteTokens);
  addPositive(usage, 'cache_write_1h_tokens', facts.cacheWrite1hTokens);
  addPositive(usage, 'web_searches', webSearches(facts.nativeUsage));
  addModalities(usage, facts.modalities?.input, (family) => `input_${family}_tokens`);
  addModalities(usage, facts.modalities?.toolInput, (family) => `input_${family}_tokens`);
  addModalities(usage, facts.modalities?.cachedInput, (family) => `cache_${family}_read_tokens`);
  addModalities(usage, facts.modalities?.output, (family) => `output_${family}_tokens`);
  return usage;
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

/** Cached tokens spread like the input they are part of. */
function apportionedCache(facts: UsageFacts): Usage {
  const cached = facts.cachedInputTokens ?? 0;
  const input = facts.inputTokens ?? 0;
  const byFamily: Record<string, number> = {};
  addModalities(byFamily, facts.modalities?.input, (family) => family);
  const shares = Object.entries(byFamily).map(([family, count]) => [
    `cache_${family}_read_tokens`,
    input === 0 ? 0 : (cached * count) / input,
  ]);
  return Object.fromEntries(shares);
}

/** Anthropic's server tool is billed by search and is on the list. */
function webSearches(usage: unknown): number | null {
  if (typeof usage !== 'object' || usage === null || !('server_tool_use' in usage)) return null;
  const tools = usage.server_tool_use;
  if (typeof tools !== 'object' || tools === null || !('web_search_requests' in tools)) return null;
  const count = tools.web_search_requests;
  return typeof count === 'number' && Number.isSafeInteger(count) ? count : null;
}
