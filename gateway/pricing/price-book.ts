/**
 * The price book: usage facts in, cost in USD with its source out. It never throws and never turns something unknown into 0 (P6): a cost is
 * null with source `none`, or it has a source. Order: the user's own prices, then the public list; the served model, then the requested one.
 */
import { generationSurfaces, type CostSource, type Provider, type Surface } from '../../contract/usage-record.ts';
import type { UsageFacts } from '../usage/usage-facts.ts';
import { catalogVersion, openCatalog, pricesAsOf, type Catalog } from './catalog.ts';
import { roundToNanoUsd } from './money.ts';
import { overrideCost, type Overrides } from './overrides.ts';
import { openOverridesFile, type PriceLog } from './overrides-file.ts';
import { tierFactor } from './service-tiers.ts';

export interface PriceInput {
  readonly provider: Provider;
  readonly startedAt: Date;
  readonly facts: UsageFacts;
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
  /** Day of the public list in use, `YYYY-MM-DD`. */
  readonly pricesAsOf: string;
  /** Reads the overrides file again; a bad file is logged and the last good prices stay. */
  reload(): void;
  stop(): void;
}

export interface PriceBookOptions {
  /** The user's own prices (prices.json of the data directory); it need not exist and is read again when it changes. */
  readonly overridesFile?: string;
  readonly log: PriceLog;
}

const unpriced: Price = { costUsd: null, costSource: 'none', priceVersion: null };
const generates: ReadonlySet<Surface> = new Set(generationSurfaces);

export function createPriceBook(options: PriceBookOptions): PriceBook {
  const file = openOverridesFile(options.overridesFile, options.log);
  const catalog = openCatalog();
  let faults = 0;
  return {
    price(input) {
      try {
        return priceOf(input, catalog, file.current());
      } catch (cause) {
        faults += 1;
        if (faults === 1)
          options.log.warn({ err: cause, model: input.facts.model }, 'A call could not be priced; it stays unpriced.');
        return unpriced;
      }
    },
    pricesAsOf,
    reload: () => file.reload(),
    stop: () => file.stop(),
  };
}

function priceOf(input: PriceInput, catalog: Catalog, overrides: Overrides): Price {
  const { facts } = input;
  if (!generates.has(facts.surface) || facts.usageSource === 'none' || facts.inputTokens === null) return unpriced;
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

function listPrice({ provider, startedAt, facts, isFinal }: PriceInput, catalog: Catalog): Price {
  const names = modelNames(facts);
  for (const [index, model] of names.entries()) {
    const listed = catalog.cost({ provider, model, at: startedAt, facts });
    if (listed === null) continue;
    const tier = tierFactor(provider, listed.modelId, facts);
    if (tier === null) return unpriced;
    const assumes =
      listed.isApportioned || tier.isEstimate || !isFinal || facts.usageMismatch || index > 0 || lacksOutput(facts);
    return {
      costUsd: roundToNanoUsd(listed.costUsd * tier.factor),
      costSource: assumes ? 'estimated' : 'list',
      priceVersion: `genai-prices@${catalogVersion}`,
    };
  }
  return unpriced;
}

/** The served model first; the requested one stands in when no list knows the served name. */
function modelNames(facts: UsageFacts): readonly string[] {
  const names = [facts.model, facts.modelRequested].filter((name) => name !== null);
  return [...new Set(names)];
}

const withoutOutput: ReadonlySet<Surface> = new Set([
  'embedContent',
  'batchEmbedContents',
  'embeddings',
  'moderations',
]);
/** Output that was not reported is not known to be none. */
const lacksOutput = (facts: UsageFacts): boolean => facts.outputTokens === null && !withoutOutput.has(facts.surface);
