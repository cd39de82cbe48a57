/** An own price in words, for its row in the table. Pure. */
import type { PriceOverride } from '../../../../contract/prices.ts';
import { Unit } from '../../../../contract/usage-record.ts';
import { dash } from '../../../format/numbers.ts';
import { formatRate, unitLabel } from '../../../format/units.ts';
import { rateFields, type RateField } from './entry-draft.ts';

export const rateLabels: Readonly<Record<RateField, string>> = {
  inputPerMillionUsd: 'Input',
  outputPerMillionUsd: 'Output',
  cachedInputPerMillionUsd: 'Read from cache',
  cacheWritePerMillionUsd: 'Written to cache',
  audioInputPerMillionUsd: 'Audio in',
  imageInputPerMillionUsd: 'Image in',
  videoInputPerMillionUsd: 'Video in',
  audioOutputPerMillionUsd: 'Audio out',
  imageOutputPerMillionUsd: 'Image out',
};

export function rateCell(rate: number | undefined): string {
  return rate === undefined ? dash : formatRate(rate);
}

/** Everything besides input and output: "Read from cache $0.07 · Web searches $0.014 each". */
export function otherRates(entry: PriceOverride): string {
  const rates = rateFields.slice(2).flatMap((field) => {
    const rate = entry[field];
    return rate === undefined ? [] : [`${rateLabels[field]} ${formatRate(rate)}`];
  });
  const ofUnits = Object.entries(entry.unitsUsd ?? {}).flatMap(([name, rate]) => {
    const unit = Unit.safeParse(name);
    return unit.success ? [`${unitLabel(unit.data)} ${formatRate(rate)} each`] : [];
  });
  return [...rates, ...ofUnits].join(' · ');
}

/** "always", "from 2026-11-01", "until 2027-01-01", or both. The end is the first moment it is not in force any more. */
export function periodWords({ from, to }: Pick<PriceOverride, 'from' | 'to'>): string {
  if (from === undefined && to === undefined) return 'always';
  const start = from === undefined ? null : `from ${shortInstant(from)}`;
  const end = to === undefined ? null : `until ${shortInstant(to)}`;
  return [start, end].filter((part) => part !== null).join(' ');
}

function shortInstant(instant: string): string {
  return instant.replace('T', ' ').replace(/:00(\.0+)?(Z|[+-])/, '$2');
}
