/** How a cost came about: the same rules as price-book.ts, told line by line. */
import type { PriceExplanation, PriceLine } from '../../contract/prices.ts';
import type { UsageRecord } from '../../contract/usage-record.ts';
import { catalogUsage } from './catalog-usage.ts';
import type { Catalog } from './catalog.ts';
import { nanoUsd, roundToNanoUsd } from './money.ts';
import { costBy, entryFor, type Overrides } from './overrides.ts';
import { modelNames } from './priced-usage.ts';
import type { Price } from './price-book.ts';
import { tierFactor } from './service-tiers.ts';
import { unitLines } from './unit-prices.ts';
import { leavesOf } from './usage-leaves.ts';

export interface PriceLists {
  readonly catalog: Catalog;
  readonly overrides: Overrides;
}

/** @param price what price-book.ts says of the same row now */
export function explainPrice(record: UsageRecord, price: Price, lists: PriceLists): PriceExplanation {
  const { lines, factor } =
    price.costSource === 'override'
      ? { lines: ownLines(record, lists.overrides), factor: null }
      : listLines(record, lists.catalog);
  return {
    lines: price.costUsd === null ? [] : addingUp(lines, price.costUsd),
    ...price,
    tierFactor: factor,
    differsFromRow: price.costUsd !== record.costUsd,
    reason: price.costUsd === null ? whyUnpriced(record) : null,
  };
}

type RoughLine = Omit<PriceLine, 'rateUsd'>;

function listLines(record: UsageRecord, catalog: Catalog): { lines: RoughLine[]; factor: number | null } {
  const { provider } = record;
  for (const model of modelNames(record)) {
    const units = unitLines(provider, model, record.units);
    const question = { provider, model, at: new Date(record.startedAt), facts: record };
    const tokens = record.inputTokens === null ? [] : catalog.lines(question);
    if (units === null || tokens === null) continue;
    const listed = record.inputTokens === null ? null : catalog.cost(question);
    const factor = listed === null ? null : (tierFactor(provider, listed.modelId, record)?.factor ?? null);
    const lines = [
      ...tokens.map((line) => tokenLine(line.what, line.count, line.costUsd * (factor ?? 1))),
      ...units.map(({ unit, count, usd, assumes }) => unitLine(unit, count, count * usd, assumes)),
    ];
    return { lines, factor };
  }
  return { lines: [], factor: null };
}

function ownLines(record: UsageRecord, overrides: Overrides): RoughLine[] {
  const { provider, startedAt } = record;
  const facts = { ...record, units: null };
  for (const model of modelNames(record)) {
    const entry = entryFor(overrides, { provider, model, at: new Date(startedAt), facts });
    if (entry === null) continue;
    const nothing = {
      ...facts,
      inputTokens: 0,
      cachedInputTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: 0,
      modalities: null,
    };
    const tokens = leavesOf(catalogUsage(facts), record.reasoningTokens ?? 0).map((leaf) =>
      tokenLine(leaf.what, leaf.count, costBy(entry, { ...nothing, ...leaf.facts }) ?? 0),
    );
    const units = Object.entries(record.units ?? {}).map(([unit, count]) =>
      unitLine(unit, count, costBy(entry, { ...nothing, units: { [unit]: count } }) ?? 0, null),
    );
    return [...tokens, ...units.filter(({ costUsd }) => costUsd > 0)];
  }
  return [];
}

const tokenLine = (what: string, count: number, costUsd: number): RoughLine => ({
  what,
  count,
  per: 'million',
  costUsd,
  assumes: null,
});
const unitLine = (what: string, count: number, costUsd: number, assumes: string | null): RoughLine => ({
  what,
  count,
  per: 'one',
  costUsd,
  assumes,
});

/** Whole nano-dollars whose sum is the cost: rounding is settled where it weighs least, in the largest line. */
function addingUp(lines: readonly RoughLine[], costUsd: number): PriceLine[] {
  const rounded = lines.map((line) => nanoUsd(line.costUsd));
  const rest = nanoUsd(costUsd) - rounded.reduce((sum, nano) => sum + nano, 0);
  const largest = rounded.indexOf(Math.max(...rounded));
  return lines.map((line, index) => ({
    ...line,
    rateUsd: line.count === 0 ? 0 : (line.costUsd / line.count) * (line.per === 'million' ? 1e6 : 1),
    costUsd: roundToNanoUsd(((rounded[index] ?? 0) + (index === largest ? rest : 0)) / 1e9),
  }));
}

function whyUnpriced(record: UsageRecord): string {
  if (record.usageSource === 'none') return 'The provider told no usage for this call.';
  const model = record.model ?? record.modelRequested;
  if (model === null) return 'The call names no model.';
  if (record.serviceTier !== null) return `No list has a price for ${model} in the tier ${record.serviceTier}.`;
  return `No list has a price for ${model}, or for something this call used.`;
}
