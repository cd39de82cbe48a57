/** Money. A price that is not known is a dash with a reason, never $0 (DESIGN P6). */
import { isUnpriced, type UnpricedFields } from '../../contract/unpriced.ts';
import { isGeneration, type UsageRecord } from '../../contract/usage-record.ts';
import { dash } from './numbers.ts';

const cents = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const smallestShown = 0.0001;

/** USD: four decimals under $1, two above; a positive amount too small for that reads `<$0.0001`. */
export function formatCost(costUsd: number | null): string {
  if (costUsd === null) return dash;
  if (costUsd === 0) return '$0.00';
  if (costUsd < smallestShown) return '<$0.0001';
  return costUsd < 0.99995 ? `$${costUsd.toFixed(4)}` : `$${cents.format(costUsd)}`;
}

/** USD with all nine decimals the journal keeps, for tooltips and the record. */
export function formatCostExact(costUsd: number | null): string {
  if (costUsd === null) return dash;
  const [whole = '0', fraction = ''] = costUsd.toFixed(9).split('.');
  return `$${Number(whole).toLocaleString('en-US')}.${fraction.replace(/0+$/, '').padEnd(2, '0')}`;
}

/** Axis labels: $0.02 · $1.5 · $1.2K. */
export function formatCostShort(costUsd: number): string {
  if (costUsd === 0) return '$0';
  if (Math.abs(costUsd) < 0.001) return `$${costUsd.toPrecision(1)}`;
  return `$${new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3, notation: 'compact' }).format(costUsd)}`;
}

type Priced = Pick<UsageRecord, UnpricedFields | 'usageSource' | 'model' | 'modelRequested'>;

/** Why a call has no cost, in words for a person; null when it has one. */
export function unpricedReason(record: Priced): string | null {
  if (record.costUsd !== null) return null;
  if (!isGeneration(record)) return 'This kind of call is not billed by tokens';
  if (!isUnpriced(record)) return 'The call failed before it could cost anything';
  if (record.outcome !== 'ok' && record.usageSource === 'none') return 'The call ended before any usage was reported';
  if (record.usageSource === 'none') return 'The provider reported no usage for this call';
  const model = record.model ?? record.modelRequested;
  return model === null ? 'The model of this call is not known' : `No list price is known for ${model}`;
}
