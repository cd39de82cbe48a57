/**
 * The public list: @pydantic/genai-prices behind a wrapper that knows its traps. It returns null for what it does not know, throws when a
 * provider did not split cached tokens by modality, and prices at 0 what it has no price for.
 */
import { calcPrice, type ModelPrice, type Provider as CatalogProvider, type Usage } from '@pydantic/genai-prices';
import type { Provider } from '../../contract/usage-record.ts';
import { apportionedCache, catalogUsage, isPlainText } from './catalog-usage.ts';
import type { CountedUsage } from '../usage/usage-facts.ts';
import { rateAt, textCost } from './token-cost.ts';
import { leavesOf } from './usage-leaves.ts';

/** Version of the installed package and the day it was published; a test compares the first with what is installed. */
export const catalogVersion = '0.1.8';
export const pricesAsOf = '2026-09-23';

export interface CatalogQuestion {
  readonly provider: Provider;
  readonly model: string;
  readonly at: Date;
  readonly facts: CountedUsage;
}

export interface CatalogCost {
  readonly costUsd: number;
  readonly modelId: string;
  /** Cached tokens were spread over modalities in proportion, because the provider did not say which they were. */
  readonly isApportioned: boolean;
}

/** The parts of a cost: so many tokens at this many USD for all of them. */
export interface CatalogLine {
  readonly what: string;
  readonly count: number;
  readonly costUsd: number;
}

export interface Catalog {
  /** The parts of {@link Catalog.cost}, by kind of token; null when there is no cost. */
  lines(question: CatalogQuestion): readonly CatalogLine[] | null;
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
  const covering = (question: CatalogQuestion): Entry | null => {
    const entry = find(question);
    return entry !== null && coversUsage(entry.prices, question.facts) ? entry : null;
  };
  return {
    cost(question) {
      const entry = covering(question);
      return entry === null ? null : costOf(entry, question.facts);
    },
    lines(question) {
      const entry = covering(question);
      return entry === null ? null : linesOf(entry, question.facts);
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
function coversUsage(prices: ModelPrice, facts: CountedUsage): boolean {
  if (Object.keys(prices).length === 0) return true;
  const coversInput = prices['input_mtok'] !== undefined || facts.inputTokens === 0;
  const coversOutput = prices['output_mtok'] !== undefined || (facts.outputTokens ?? 0) === 0;
  return coversInput && coversOutput;
}

function costOf(entry: Entry, facts: CountedUsage): CatalogCost | null {
  const usage = catalogUsage(facts);
  const exact = exactCost(entry, usage);
  if (exact !== null) return { costUsd: exact, modelId: entry.modelId, isApportioned: false };
  const apportioned = packageCost(entry, { ...usage, ...apportionedCache(facts) });
  return apportioned === null ? null : { costUsd: apportioned, modelId: entry.modelId, isApportioned: true };
}

/** Each part is priced alone, at the rates that the whole prompt's length switches on. */
function linesOf(entry: Entry, facts: CountedUsage): CatalogLine[] | null {
  const usage = catalogUsage(facts);
  const split = exactCost(entry, usage) === null ? { ...usage, ...apportionedCache(facts) } : usage;
  const flat = withoutTiers(entry, usage['input_tokens'] ?? 0);
  const lines = leavesOf(split, facts.reasoningTokens ?? 0).map(({ what, count, usage: part }) => ({
    what,
    count,
    costUsd: packageCost(flat, part),
  }));
  return lines.flatMap(({ what, count, costUsd }) => (costUsd === null ? [] : [{ what, count, costUsd }]));
}

function withoutTiers(entry: Entry, inputTokens: number): Entry {
  const prices: ModelPrice = Object.fromEntries(
    Object.entries(entry.prices).map(([key, price]) => [key, rateAt(price, inputTokens)]),
  );
  const models = entry.alone.models.map((model) => ({ ...model, prices }));
  return { ...entry, prices, alone: { ...entry.alone, models } };
}

function exactCost(entry: Entry, usage: Usage): number | null {
  if (!isPlainText(usage)) return packageCost(entry, usage);
  const { input_tokens: input = 0, cache_read_tokens: cached = 0, output_tokens: output = 0 } = usage;
  return textCost(entry.prices, { input, cached, output });
}

function packageCost(entry: Entry, usage: Usage): number | null {
  try {
    return calcPrice(usage, entry.modelId, { provider: entry.alone })?.total_price ?? null;
  } catch {
    return null; // an overlap the provider did not split, or parts that exceed their whole
  }
}
