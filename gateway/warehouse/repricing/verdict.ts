/**
 * What the lists of today mean for a row that was priced with others. A known cost never becomes unknown, but for one that rested on the
 * user's own price: who removes a price from prices.json wants it gone.
 */
import type { UsageRecord } from '../../../contract/usage-record.ts';
import { nanoUsd } from '../../pricing/money.ts';
import { isOwnPriceVersion } from '../../pricing/overrides.ts';
import type { Price } from '../../pricing/price-book.ts';

export type Verdict =
  | { readonly kind: 'same' }
  /** It has a price, and no list of today has one: left as it is. */
  | { readonly kind: 'kept' }
  | { readonly kind: 'changed'; readonly price: Price };

export type PricedRow = Pick<UsageRecord, 'costUsd' | 'costSource' | 'priceVersion'>;

export function judgePrice(row: PricedRow, now: Price): Verdict {
  if (now.costUsd === null && row.costUsd !== null && !isOwnPriceVersion(row.priceVersion)) return { kind: 'kept' };
  return isSame(row, now) ? { kind: 'same' } : { kind: 'changed', price: now };
}

function isSame(row: PricedRow, now: Price): boolean {
  return (
    sameCost(row.costUsd, now.costUsd) && row.costSource === now.costSource && row.priceVersion === now.priceVersion
  );
}

function sameCost(a: number | null, b: number | null): boolean {
  return a === null || b === null ? a === b : nanoUsd(a) === nanoUsd(b);
}
