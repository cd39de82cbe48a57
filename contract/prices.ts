/** Prices as every process speaks of them: the user's own list (prices.json), and how the cost of one call came about. */
import { z } from 'zod';
import { CostSource, Provider, Unit } from './usage-record.ts';

const UsdPerMillion = z.number().nonnegative().max(1_000_000);
const Instant = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'is neither a day (2026-11-01, its midnight in UTC) nor a time with its zone (2026-11-01T09:00:00Z)',
});

const OverrideFields = z.strictObject({
  provider: Provider,
  model: z.string().min(1).max(200), // `*` stands for any text
  inputPerMillionUsd: UsdPerMillion.optional(), // both, or neither: then the entry prices units only
  outputPerMillionUsd: UsdPerMillion.optional(),
  cachedInputPerMillionUsd: UsdPerMillion.optional(), // not given: the input price
  cacheWritePerMillionUsd: UsdPerMillion.optional(), // not given: the input price
  audioInputPerMillionUsd: UsdPerMillion.optional(), // not given: the input price; so for the next two
  imageInputPerMillionUsd: UsdPerMillion.optional(),
  videoInputPerMillionUsd: UsdPerMillion.optional(),
  audioOutputPerMillionUsd: UsdPerMillion.optional(), // not given: the output price
  imageOutputPerMillionUsd: UsdPerMillion.optional(),
  /** USD for one search, image, second …; a unit that is not named costs nothing extra. */
  unitsUsd: z.partialRecord(Unit, z.number().nonnegative().max(10_000)).optional(),
  from: Instant.optional(),
  to: Instant.optional(),
});

/** One entry of prices.json. The first entry that fits a call is used; `from` is inclusive, `to` exclusive. */
export const PriceOverride = OverrideFields.refine(
  ({ inputPerMillionUsd, outputPerMillionUsd, unitsUsd }) =>
    (inputPerMillionUsd === undefined) === (outputPerMillionUsd === undefined) &&
    (inputPerMillionUsd !== undefined || unitsUsd !== undefined),
  'needs inputPerMillionUsd and outputPerMillionUsd, or unitsUsd alone',
).refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
  error: 'must be before to',
  path: ['from'],
});
export type PriceOverride = z.infer<typeof PriceOverride>;
export const PriceOverrides = z.array(PriceOverride).max(10_000);
export type PriceOverrides = z.infer<typeof PriceOverrides>;

/** One line of a cost: so many of something, at a rate. */
export const PriceLine = z.object({
  /** `input`, `cachedInput`, `cacheWrite5m`, `cacheWrite1h`, `output`, `reasoning` …, with the kind of token where it is not text, or a unit. */
  what: z.string(),
  count: z.number().nonnegative(),
  /** USD for a million tokens or for one unit. */
  rateUsd: z.number().nonnegative(),
  per: z.enum(['million', 'one']),
  costUsd: z.number().nonnegative(),
  assumes: z.string().nullable(), // why the bill may differ
});
export type PriceLine = z.infer<typeof PriceLine>;

export const PriceExplanation = z.object({
  /** They add up to `costUsd`, to the nano-dollar. Empty for an unpriced call. */
  lines: z.array(PriceLine),
  costUsd: z.number().nullable(),
  costSource: CostSource,
  priceVersion: z.string().nullable(),
  /** What the tier multiplied every line by; the lines have it in them. */
  tierFactor: z.number().nullable(),
  /** The row was priced with another list: these lines are what it would cost now. */
  differsFromRow: z.boolean(),
  reason: z.string().nullable(), // why there is no price
});
export type PriceExplanation = z.infer<typeof PriceExplanation>;

/** `GET /api/prices`. */
export const PricesState = z.object({
  overrides: PriceOverrides,
  /** Version that rows priced by them carry; null when there are none. */
  overridesVersion: z.string().nullable(),
  /** Why the file in use is not the one on disk; null when it is. */
  overridesFault: z.string().nullable(),
  pricesAsOf: z.string(), // day of the public list
  versions: z.array(z.string()), // of the lists in use
});
export type PricesState = z.infer<typeof PricesState>;

/** `PUT /api/prices`: the whole list, in the order in which entries are tried. */
export const PricesInput = z.strictObject({ overrides: PriceOverrides });
export type PricesInput = z.infer<typeof PricesInput>;

export const ExplainInput = z.object({ callId: z.uuid(), source: z.enum(['duckdb', 'snowflake']).default('duckdb') });
export type ExplainInput = z.infer<typeof ExplainInput>;

const RepriceInstant = z.iso.datetime({ offset: true });
export const RepriceInput = z.object({
  from: RepriceInstant,
  to: RepriceInstant,
  engine: z.enum(['duckdb', 'snowflake', 'both']).default('duckdb'),
  dryRun: z.boolean().default(false),
});
export type RepriceInput = z.infer<typeof RepriceInput>;

/** A run over history: what it has looked at, and what that changed. Sums are over the rows looked at. */
export const RepriceState = z.object({
  phase: z.enum(['idle', 'running', 'done', 'cancelled', 'failed']),
  input: RepriceInput.nullable(), // of the last run
  rowsSeen: z.int().nonnegative(),
  rowsTotal: z.int().nonnegative().nullable(), // null until counted
  rowsChanged: z.int().nonnegative(),
  /** Rows that had a price and would have none now: left as they are. */
  rowsKept: z.int().nonnegative(),
  oldCostUsd: z.number().nullable(),
  newCostUsd: z.number().nullable(),
  detail: z.string(), // plain words: what happens, or why it failed
});
export type RepriceState = z.infer<typeof RepriceState>;
