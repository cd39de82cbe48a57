/** The changed prices of one page of rows, as both engines take them: one JSON text, matched to rows by their place. */
import type { UsageRecord } from '../../../contract/usage-record.ts';
import type { Price } from '../../pricing/price-book.ts';

export interface PriceChange {
  readonly row: Pick<UsageRecord, 'callId' | 'streamId' | 'seq' | 'startedAt'>;
  readonly price: Price;
}

/** Never empty. All its rows started from `firstMs` to `lastMs`, so that an engine need not look at others. */
export interface PricePage {
  readonly changes: readonly PriceChange[];
  readonly firstMs: number;
  readonly lastMs: number;
  readonly changedAtMs: number;
}

const moneyDecimals = 9;

/** @param changes at least one. A row that stands there twice (which P4 rules out, and an audit would tell) is sent once. */
export function pageOf(changes: readonly PriceChange[]): PricePage {
  const byPlace = new Map(changes.map((change) => [`${change.row.seq} ${change.row.streamId}`, change]));
  const times = changes.map(({ row }) => Date.parse(row.startedAt));
  const [firstMs, lastMs] = times.reduce(([low, high], ms) => [Math.min(low, ms), Math.max(high, ms)], [Infinity, 0]);
  return { changes: [...byPlace.values()], firstMs: firstMs ?? 0, lastMs: lastMs ?? 0, changedAtMs: Date.now() };
}

/** Money travels as decimal text: a JSON number may become a double on its way into a decimal column. */
export function pageJson({ changes }: PricePage): string {
  return JSON.stringify(
    changes.map(({ row, price }) => ({
      call_id: row.callId,
      stream_id: row.streamId,
      seq: row.seq,
      cost_usd: price.costUsd?.toFixed(moneyDecimals) ?? null,
      cost_source: price.costSource,
      price_version: price.priceVersion,
    })),
  );
}

/** `m` is the stored row, `p` its new price: true when they differ. */
export const pricesDiffer = `(m.cost_usd IS DISTINCT FROM p.cost_usd
    OR m.cost_source IS DISTINCT FROM p.cost_source
    OR m.price_version IS DISTINCT FROM p.price_version)`;
/** `m` is the stored row of `p`. A row's place is (stream, seq) (P4); the call's own id tells a stream that was begun anew. */
export const samePlace = 'm.call_id = p.call_id AND m.stream_id = p.stream_id AND m.seq = p.seq';

/** Columns of the audit table, in the order of {@link auditValues}. */
export const auditColumns = [
  'call_id',
  'stream_id',
  'seq',
  'old_cost_usd',
  'old_cost_source',
  'old_price_version',
  'new_cost_usd',
  'new_cost_source',
  'new_price_version',
  'changed_at',
].join(', ');
export const auditValues = `m.call_id, m.stream_id, m.seq,
  m.cost_usd, m.cost_source, m.price_version,
  p.cost_usd, p.cost_source, p.price_version`;
