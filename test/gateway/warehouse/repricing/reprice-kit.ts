/** Calls whose prices are known by hand, price books for them, and a look at what re-pricing left behind. */
import type { PriceOverride } from '../../../../contract/prices.ts';
import type { UsageRecord } from '../../../../contract/usage-record.ts';
import { compileOverrides } from '../../../../gateway/pricing/overrides.ts';
import { createPriceBook, type PriceBook } from '../../../../gateway/pricing/price-book.ts';
import type { DuckDbStore } from '../../../../gateway/warehouse/duckdb.ts';
import {
  repriceRange,
  type PriceTarget,
  type RepriceRun,
} from '../../../../gateway/warehouse/repricing/reprice-range.ts';
import type { RepriceTally } from '../../../../gateway/warehouse/repricing/tally.ts';
import { usageRecord } from '../../../helpers/usage-records.ts';

const silent = { info: () => undefined, warn: () => undefined };

/** Without entries: the public lists alone. */
export const bookOf = (entries: readonly PriceOverride[] = [], version = 'prices.json@test'): PriceBook =>
  createPriceBook({ overrides: compileOverrides(entries, version), log: silent });

export const dayMs = 86_400_000;
export const startMs = Date.UTC(2026, 10, 1);
export const at = (ms: number): string => new Date(ms).toISOString();

const noFields: (index: number) => Partial<UsageRecord> = () => ({});

/** Call `index` starts `index` steps after {@link startMs}; 1,000 tokens in and 100 out, unless a test says otherwise. */
export function pricedCalls(
  count: number,
  { stepMs = 60_000, streamId = 'install:epoch', book = bookOf(), fields = noFields } = {},
): UsageRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const row = usageRecord({
      streamId,
      seq: index + 1,
      startedAt: at(startMs + index * stepMs),
      inputTokens: 1_000,
      outputTokens: 100,
      totalTokens: 1_100,
      ...fields(index),
    });
    return { ...row, ...book.priceRow(row), ...fields(index) };
  });
}

export function duckDbTarget(store: DuckDbStore): PriceTarget {
  return {
    warehouse: store.warehouse,
    streams: null,
    write: (page) => store.changePrices(page),
    attempt: (page) => page(),
  };
}

export function reprice(target: PriceTarget, book: PriceBook, run: Partial<RepriceRun> = {}): Promise<RepriceTally> {
  return repriceRange(target, {
    fromMs: startMs,
    toMs: startMs + 30 * dayMs,
    dryRun: false,
    priceOf: (record) => book.priceRow(record),
    signal: new AbortController().signal,
    onPage: () => undefined,
    ...run,
  });
}

export interface StoredPrice {
  readonly seq: number;
  readonly nano: number | null;
  readonly source: string;
  readonly version: string | null;
}

export async function storedPrices({ warehouse }: Pick<DuckDbStore, 'warehouse'>): Promise<StoredPrice[]> {
  const rows = await warehouse.query(
    'SELECT seq, cost_usd, cost_source, price_version FROM api_usage_metrics ORDER BY seq',
    [],
  );
  return rows.map((row) => ({
    seq: Number(row['seq']),
    nano: row['cost_usd'] === null ? null : Math.round(Number(row['cost_usd']) * 1e9),
    source: String(row['cost_source']),
    version: row['price_version'] === null ? null : String(row['price_version']),
  }));
}

/** `[seq, old nano-dollars, new nano-dollars, new version]`, in the order of seq. */
export async function auditOf({ warehouse }: Pick<DuckDbStore, 'warehouse'>) {
  const rows = await warehouse.query(
    'SELECT seq, old_cost_usd, new_cost_usd, new_price_version FROM price_changes ORDER BY seq, changed_at',
    [],
  );
  const nano = (value: unknown) => (value === null ? null : Math.round(Number(value) * 1e9));
  return rows.map((row) => [
    row['seq'],
    nano(row['old_cost_usd']),
    nano(row['new_cost_usd']),
    row['new_price_version'],
  ]);
}
