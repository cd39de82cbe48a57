/** How the cost of one call came about, as lines and sentences. Pure. */
import type { PriceExplanation } from '../../../contract/prices.ts';
import { isGeneration, Unit, type UsageRecord } from '../../../contract/usage-record.ts';
import { formatCost, formatCostExact } from '../../format/cost.ts';
import { formatUnits, lineLabel, rateWords, unitLabel } from '../../format/units.ts';
import type { Fact } from './call-facts.ts';

export interface CostLine {
  readonly name: string;
  readonly factors: string; // count × rate
  readonly cost: string;
}

export function costLines({ lines }: PriceExplanation): readonly CostLine[] {
  return lines.map((line) => ({
    name: lineLabel(line.what),
    factors: `${formatUnits(line.count)} × ${rateWords(line)}`,
    cost: formatCostExact(line.costUsd),
  }));
}

/** What a person must know besides the lines: tier, assumptions, and that the row has another price. */
export function costNotes(explanation: PriceExplanation, record: UsageRecord): readonly string[] {
  const { tierFactor, lines, differsFromRow, costUsd } = explanation;
  const tier =
    tierFactor === null || tierFactor === 1
      ? []
      : [`Service tier ${record.serviceTier ?? 'served'}: every line is × ${formatUnits(tierFactor)}.`];
  const assumed = new Set(
    lines.flatMap(({ what, assumes }) => (assumes === null ? [] : [`${lineLabel(what)}: ${assumes}.`])),
  );
  const differs = differsFromRow
    ? [
        `This call was priced with another list at ${formatCost(record.costUsd)}; by the present one it would cost ${formatCost(costUsd)}.`,
      ]
    : [];
  return [...tier, ...assumed, ...differs];
}

/** A price can help only where there is something to price. */
export function lacksPrice(record: UsageRecord): boolean {
  const { costUsd, usageSource, units } = record;
  if (costUsd !== null || !isGeneration(record)) return false;
  return usageSource !== 'none' || Object.keys(units ?? {}).length > 0;
}

/** Searches, images, seconds: what the call used besides tokens. */
export function unitFacts({ units }: UsageRecord): readonly Fact[] {
  return Object.entries(units ?? {}).flatMap(([name, count]) => {
    const unit = Unit.safeParse(name);
    return unit.success && count !== undefined ? [{ name: unitLabel(unit.data), value: formatUnits(count) }] : [];
  });
}

/** Which attempt it was, and what ties it to the others; nothing where the client said nothing. */
export function attemptFacts({ attempt, idempotencyId }: UsageRecord): readonly Fact[] {
  const number = attempt ?? null;
  const words = number === 1 ? '1, the first' : `${number}, retry ${(number ?? 0) - 1}`;
  return [
    ...(number === null ? [] : [{ name: 'Attempt', value: words }]),
    ...(idempotencyId === null || idempotencyId === undefined ? [] : [{ name: 'Idempotency', value: idempotencyId }]),
  ];
}
