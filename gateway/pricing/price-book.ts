/**
 * The price book: what a call used in, cost in USD with its source out. It never throws and never turns something unknown into 0 (P6): a cost is
 * null with source `none`, or it has a source. Order: the user's own prices, then the public lists; the served model, then the requested one.
 */
import type { PriceExplanation, PricesState } from '../../contract/prices.ts';
import {
  isGeneration,
  type CostSource,
  type Provider,
  type Surface,
  type UsageRecord,
} from '../../contract/usage-record.ts';
import type { FileFaults } from '../file-faults.ts';
import { catalogVersion, openCatalog, pricesAsOf, type Catalog } from './catalog.ts';
import { explainPrice } from './explain.ts';
import { roundToNanoUsd } from './money.ts';
import { overrideCost, type Overrides } from './overrides.ts';
import { fixedOverrides, openOverridesFile, type OverridesFile, type PriceLog } from './overrides-file.ts';
import { modelNames } from './priced-usage.ts';
import type { CountedUsage } from '../usage/usage-facts.ts';
import { tierFactor } from './service-tiers.ts';
import { unitLines, unitPricesVersion, type UnitLine } from './unit-prices.ts';

export interface PriceInput {
  readonly provider: Provider;
  readonly startedAt: Date;
  readonly facts: CountedUsage;
  /** False when the call was cut before the provider gave its last word: more may have been billed than was seen. */
  readonly isFinal: boolean;
}

export interface Price {
  readonly costUsd: number | null; // at most 9 decimals
  readonly costSource: CostSource;
  readonly priceVersion: string | null;
}

export interface PriceBook {
  price(input: PriceInput): Price;
  /** What a stored row costs by the lists of today, as it would have been priced when it ended. */
  priceRow(record: UsageRecord): Price;
  /** The same, line by line. */
  explain(record: UsageRecord): PriceExplanation;
  /** Day of the public list in use, `YYYY-MM-DD`. */
  readonly pricesAsOf: string;
  /** The user's own prices in use, and the lists behind them. */
  state(): PricesState;
  /** Whether the own prices on disk are unknown, because the file cannot be read. */
  isUnread(): boolean;
  /** Reads the overrides file, for the first time too; a bad file is logged and the last good prices stay. */
  reload(): Promise<void>;
  stop(): void;
}

export interface PriceBookOptions {
  /** The user's own prices (prices.json of the data directory); it need not exist and is read again when it changes. */
  readonly overridesFile?: string;
  /** Instead of the file: prices that do not change while the book is in use. */
  readonly overrides?: Overrides;
  /** Told of a file that cannot be read, and when it can be. */
  readonly files?: Pick<FileFaults, 'note'>;
  readonly log: PriceLog;
}

const unpriced: Price = { costUsd: null, costSource: 'none', priceVersion: null };

export function createPriceBook(options: PriceBookOptions): PriceBook {
  const file =
    options.overrides === undefined
      ? openOverridesFile(options.overridesFile, options.log, options.files?.note)
      : fixedOverrides(options.overrides);
  const catalog = openCatalog();
  let faults = 0;
  const price = (input: PriceInput): Price => {
    try {
      return priceOf(input, catalog, file.current());
    } catch (cause) {
      faults += 1;
      if (faults === 1)
        options.log.warn({ err: cause, model: input.facts.model }, 'A call could not be priced; it stays unpriced.');
      return unpriced;
    }
  };
  const priceRow = (record: UsageRecord): Price => price(asInput(record));
  return {
    price,
    priceRow,
    explain: (record) => explainPrice(record, priceRow(record), { catalog, overrides: file.current() }),
    pricesAsOf,
    state: () => stateOf(file),
    isUnread: () => file.isUnread(),
    reload: () => file.reload(),
    stop: () => file.stop(),
  };
}

function stateOf(file: OverridesFile): PricesState {
  const { rules, version } = file.current();
  return {
    overrides: rules.map(({ entry }) => entry),
    overridesVersion: rules.length === 0 ? null : version,
    overridesFault: file.fault(),
    pricesAsOf,
    versions: [catalogName, unitPricesVersion],
  };
}

const catalogName = `genai-prices@${catalogVersion}`;
const cut: ReadonlySet<string> = new Set(['client_aborted', 'interrupted', 'network_error', 'timeout']);

/** A row that ended early, and did not say why it finished, may have been billed for more than was seen. */
function asInput(record: UsageRecord): PriceInput {
  const isFinal = record.finishReason !== null || !cut.has(record.outcome);
  return { provider: record.provider, startedAt: new Date(record.startedAt), facts: record, isFinal };
}

/** Creating a cache is no generation, but it costs. */
const isPriced = ({ surface, units }: CountedUsage): boolean =>
  isGeneration({ surface }) || (surface === 'cachedContents' && (units?.cacheStorageTokenHours ?? 0) > 0);

const hasTokens = ({ surface, inputTokens }: CountedUsage): boolean =>
  inputTokens !== null && isGeneration({ surface });

/** What these bill besides tokens is no whole price: a stream that was cut after its search is not priced by the search alone. */
const billedByToken: ReadonlySet<Surface> = new Set([
  'generateContent',
  'streamGenerateContent',
  'interactions',
  'live',
  'chat.completions',
  'completions',
  'responses',
  'realtime',
  'messages',
]);

function priceOf(input: PriceInput, catalog: Catalog, overrides: Overrides): Price {
  const { facts } = input;
  const tellsUnits = !billedByToken.has(facts.surface) && Object.values(facts.units ?? {}).some((count) => count > 0);
  if (!isPriced(facts) || facts.usageSource === 'none' || !(hasTokens(facts) || tellsUnits)) return unpriced;
  return ownPrice(input, overrides) ?? listPrice(input, catalog);
}

/** An own price is taken as the user wrote it: no service tier changes it. */
function ownPrice({ provider, startedAt, facts }: PriceInput, overrides: Overrides): Price | null {
  for (const model of modelNames(facts)) {
    const costUsd = overrideCost(overrides, { provider, model, at: startedAt, facts });
    if (costUsd !== null)
      return { costUsd: roundToNanoUsd(costUsd), costSource: 'override', priceVersion: overrides.version };
  }
  return null;
}

/** Tokens and units by the first name the lists know; one part without a price leaves the whole unpriced. */
function listPrice(input: PriceInput, catalog: Catalog): Price {
  const names = modelNames(input.facts);
  for (const [index, model] of names.entries()) {
    const units = unitLines(input.provider, model, input.facts.units);
    if (units === null) continue;
    const tokens = hasTokens(input.facts) ? tokenCost(input, model, catalog) : noTokens;
    if (tokens === null) continue;
    if (tokens === 'unknown_tier') return unpriced;
    return total(tokens, units, index > 0 || input.facts.usageSource === 'estimated');
  }
  return unpriced;
}

interface TokenCost {
  readonly costUsd: number;
  readonly isEstimate: boolean;
  readonly version: string | null;
}

const noTokens: TokenCost = { costUsd: 0, isEstimate: false, version: null };

function tokenCost(input: PriceInput, model: string, catalog: Catalog): TokenCost | 'unknown_tier' | null {
  const { provider, startedAt, facts, isFinal } = input;
  const listed = catalog.cost({ provider, model, at: startedAt, facts });
  if (listed === null) return null;
  const tier = tierFactor(provider, listed.modelId, facts);
  if (tier === null) return 'unknown_tier';
  const isEstimate = listed.isApportioned || tier.isEstimate || !isFinal || facts.usageMismatch || lacksOutput(facts);
  return { costUsd: listed.costUsd * tier.factor, isEstimate, version: catalogName };
}

/** @param isEstimated the counts themselves are an estimate, or the price was found by another name */
function total(tokens: TokenCost, units: readonly UnitLine[], isEstimated: boolean): Price {
  const assumes = isEstimated || tokens.isEstimate || units.some((line) => line.assumes !== null);
  const usd = units.reduce((sum, { count, usd: each }) => sum + count * each, tokens.costUsd);
  const versions = [tokens.version, units.length > 0 ? unitPricesVersion : null].filter((version) => version !== null);
  return {
    costUsd: roundToNanoUsd(usd),
    costSource: assumes ? 'estimated' : 'list',
    priceVersion: versions.join(' '),
  };
}

const withoutOutput: ReadonlySet<Surface> = new Set([
  'embedContent',
  'batchEmbedContents',
  'embeddings',
  'moderations',
]);
/** Output that was not reported is not known to be none. */
const lacksOutput = (facts: CountedUsage): boolean => facts.outputTokens === null && !withoutOutput.has(facts.surface);
