/**
 * The analytics questions: what may be asked (query) and what comes back (answer). REST (`/api/analytics/<name>`), the IPC bridge, the
 * gateway's warehouse process and Electron main all use these schemas. Rules: DESIGN §7. Times are UTC ISO 8601 with ms; `from`
 * inclusive, `to` exclusive; buckets follow the asked IANA zone; empty buckets have 0 calls and null latencies.
 */
import { z } from 'zod';
import { Outcome, Provider, Surface, UsageRecord } from './usage-record.ts';

export const rangePresets = ['15m', '1h', '6h', '24h', '7d', '30d', '90d', 'today', 'month'] as const;
export const RangePreset = z.enum(rangePresets);
export type RangePreset = z.infer<typeof RangePreset>;

export const buckets = ['1m', '5m', '15m', '1h', '6h', '1d', '1w'] as const;
export const Bucket = z.enum(buckets);
export type Bucket = z.infer<typeof Bucket>;

export const groupings = [
  'model',
  'provider',
  'upstream',
  'endpoint',
  'surface',
  'outcome',
  'user',
  'session',
  'key',
] as const;
/** A column grouping, or `tag.NAME`. */
export const GroupBy = z.union([z.enum(groupings), z.templateLiteral(['tag.', z.string().min(1)])]);
export type GroupBy = z.infer<typeof GroupBy>;

/** Group names of the usage question that are no values: what is beyond `groupLimit`, and calls that have no value at all. */
export const otherGroup = 'other';
export const unattributedGroup = '';

/** Each filter takes one or more values (OR inside a field, AND between fields). Empty object = no filter. */
export const Filter = z.object({
  upstream: z.array(z.string()).optional(),
  provider: z.array(Provider).optional(),
  model: z.array(z.string()).optional(),
  endpoint: z.array(z.string()).optional(),
  surface: z.array(Surface).optional(),
  outcome: z.array(Outcome).optional(),
  user: z.array(z.string()).optional(),
  session: z.array(z.string()).optional(),
  key: z.array(z.string()).optional(),
  tags: z.record(z.string(), z.array(z.string())).optional(),
});
export type Filter = z.infer<typeof Filter>;

const Instant = z.iso.datetime({
  offset: true,
  error: 'not a time. Accepted: ISO 8601 with an offset, like 2026-11-01T00:00:00Z',
});

export const QuestionSource = z.enum(['duckdb', 'snowflake']);
export type QuestionSource = z.infer<typeof QuestionSource>;

/** Either a preset `range`, or `from` and `to`; default range 24h. `tz` is an IANA name, default UTC. */
export const RangeQuery = z.object({
  range: RangePreset.optional(),
  from: Instant.optional(),
  to: Instant.optional(),
  tz: z.string().default('UTC'),
  filter: Filter.default({}),
  /** `duckdb` = this gateway's own calls; `snowflake` = every gateway that delivers to the configured Snowflake. */
  source: QuestionSource.default('duckdb'),
});
export type RangeQuery = z.infer<typeof RangeQuery>;
export type RangeInput = z.input<typeof RangeQuery>;

export const UsageQuery = RangeQuery.extend({
  bucket: Bucket.optional(), // default: chosen from the range so that there are 60–200 points
  groupBy: GroupBy.optional(),
  groupLimit: z.int().min(1).max(50).default(8), // biggest groups by cost, then calls; the rest is the group 'other'
});
export type UsageQuery = z.infer<typeof UsageQuery>;

/** Screens ask for a few hundred at most; an export asks for all, and fails when even this many are not. */
export const listLimit = 100_000;
export const ListQuery = RangeQuery.extend({ limit: z.int().min(1).max(listLimit).default(100) });
export type ListQuery = z.infer<typeof ListQuery>;

/**
 * Newest first; `cursor` is the `next` of the page before. Each word of `search` is contained, in whatever case, in one of: callId, model,
 * endpoint, upstream, provider, user, session, key, client, outcome, error code, status.
 */
export const CallsQuery = RangeQuery.extend({
  limit: z.int().min(1).max(5000).default(100),
  cursor: z.string().optional(),
  search: z.string().max(200).optional(),
});
export type CallsQuery = z.infer<typeof CallsQuery>;

// ── answers ────────────────────────────────────────────────────────────────────────────────────────────────────────

export const Range = z.object({ from: Instant, to: Instant, tz: z.string() });
export type Range = z.infer<typeof Range>;

const Count = z.int().nonnegative();
const Share = z.number().min(0).max(1);
const Ms = z.number().nullable();

export const Totals = z.object({
  calls: Count,
  generations: Count, // calls on generation surfaces: the denominator of successRate
  succeeded: Count,
  failed: Count,
  successRate: Share.nullable(), // null when there was no generation call
  inputTokens: Count,
  outputTokens: Count,
  cachedInputTokens: Count,
  reasoningTokens: Count,
  totalTokens: Count,
  costUsd: z.number().nullable(), // null when no call has a price; "at least" when unpricedCalls > 0
  pricedCalls: Count, // calls with a known cost
  unpricedCalls: Count, // generation calls that may have cost something unknown (contract/unpriced.ts)
  mismatchedCalls: Count,
});
export type Totals = z.infer<typeof Totals>;

export const Metrics = z.object({
  range: Range,
  totals: Totals,
  durationMs: z.object({ avg: Ms, p50: Ms, p95: Ms, p99: Ms }),
  ttftMs: z.object({ p50: Ms, p95: Ms }),
  overheadMs: z.object({ p50: Ms, p99: Ms }),
  /** The equal-length period just before; null where it has no rows at all ("no earlier data"). */
  previous: Totals.extend({ p95Ms: Ms, ttftP50Ms: Ms }).nullable(),
  /** Calls dated after now, which are in no preset range: the clock was ahead when they were made. Asked for with presets alone. */
  future: z.object({ calls: Count, lastAt: Instant }).nullish(),
});
export type Metrics = z.infer<typeof Metrics>;

export const UsagePoint = z.object({
  at: Instant, // start of the bucket
  calls: Count,
  failed: Count,
  inputTokens: Count,
  outputTokens: Count,
  cachedInputTokens: Count,
  costUsd: z.number().nullable(), // null when no call in the bucket has a price
  unpricedCalls: Count,
  p50Ms: Ms,
  p95Ms: Ms,
  ttftP50Ms: Ms,
  group: z.string().nullable().optional(), // present when groupBy was asked
});
export type UsagePoint = z.infer<typeof UsagePoint>;
/** With groupBy: every bucket × group, groups ordered by weight. */
export const Usage = z.object({
  range: Range,
  bucket: Bucket,
  groups: z.array(z.string()).optional(),
  points: z.array(UsagePoint),
});
export type Usage = z.infer<typeof Usage>;

export const ModelRow = z.object({
  provider: Provider,
  model: z.string().nullable(),
  calls: Count,
  share: Share, // of the calls in the range
  inputTokens: Count,
  outputTokens: Count,
  costUsd: z.number().nullable(),
  unpricedCalls: Count,
  p95Ms: Ms,
});
export type ModelRow = z.infer<typeof ModelRow>;
export const Models = z.object({ range: Range, models: z.array(ModelRow) });
export type Models = z.infer<typeof Models>;

export const EndpointRow = z.object({
  upstream: z.string(),
  method: z.string(),
  endpoint: z.string(),
  calls: Count,
  successRate: Share.nullable(),
  avgMs: Ms,
  p95Ms: Ms,
  failed: Count,
});
export type EndpointRow = z.infer<typeof EndpointRow>;
export const Endpoints = z.object({ range: Range, endpoints: z.array(EndpointRow) });
export type Endpoints = z.infer<typeof Endpoints>;

/** One shape for users, sessions and keys: who, how much, when last. */
export const PrincipalRow = z.object({
  id: z.string().nullable(),
  calls: Count,
  failed: Count,
  inputTokens: Count,
  outputTokens: Count,
  costUsd: z.number().nullable(),
  unpricedCalls: Count,
  firstAt: Instant,
  lastAt: Instant,
});
export type PrincipalRow = z.infer<typeof PrincipalRow>;
export const Users = z.object({ range: Range, users: z.array(PrincipalRow) });
export const Sessions = z.object({ range: Range, sessions: z.array(PrincipalRow) });
export const Keys = z.object({ range: Range, keys: z.array(PrincipalRow) });

export const ErrorRow = z.object({
  outcome: Outcome,
  statusCode: z.int().nullable(),
  errorCode: z.string().nullable(),
  upstream: z.string(),
  endpoint: z.string(),
  model: z.string().nullable(),
  calls: Count,
  lastAt: Instant,
  lastCallId: z.string(),
});
export type ErrorRow = z.infer<typeof ErrorRow>;
export const Errors = z.object({ range: Range, errors: z.array(ErrorRow) });
export type Errors = z.infer<typeof Errors>;

/** Calls whose numbers are missing or doubtful, by cause (P6). */
export const UnmeteredRow = z.object({
  reason: z.enum(['no_usage', 'no_price', 'mismatch']),
  provider: Provider,
  model: z.string().nullable(),
  surface: Surface,
  calls: Count,
  lastAt: Instant,
});
export type UnmeteredRow = z.infer<typeof UnmeteredRow>;
export const Unmetered = z.object({ range: Range, unmetered: z.array(UnmeteredRow) });

export const Calls = z.object({ range: Range, calls: z.array(UsageRecord), next: z.string().nullable() });
export type Calls = z.infer<typeof Calls>;

/**
 * Rate of one model and key against what a provider grants. `LastMinute` is the minute before `to`; `Today` is since the provider's daily
 * reset, or the last 24 hours where it has none. Counted are calls that spend a quota (generation and embeddings), refused ones included.
 */
export const LimitRow = z.object({
  provider: Provider,
  model: z.string().nullable(),
  key: z.string().nullable(),
  requestsLastMinute: Count,
  tokensLastMinute: Count, // input tokens: what tokens-per-minute limits count
  requestsToday: Count,
  tokensToday: Count,
  peakRequestsPerMinute: Count, // of the clock minutes in the range
  peakTokensPerMinute: Count,
  rateLimitedCalls: Count, // answered with 429 in the range
  lastRateLimitedAt: Instant.nullable(),
  lastAt: Instant,
});
export type LimitRow = z.infer<typeof LimitRow>;
/** `zone` null: no daily reset, a window of 24 hours that moves; then `nextAt` is null. */
export const QuotaReset = z.object({
  provider: Provider,
  zone: z.string().nullable(),
  from: Instant,
  nextAt: Instant.nullable(),
});
export type QuotaReset = z.infer<typeof QuotaReset>;
export const Limits = z.object({ range: Range, resets: z.array(QuotaReset), limits: z.array(LimitRow) });
export type Limits = z.infer<typeof Limits>;

/** The map of questions: one entry here, one file in gateway/analytics/. */
export const questions = {
  metrics: { query: RangeQuery, answer: Metrics },
  usage: { query: UsageQuery, answer: Usage },
  models: { query: ListQuery, answer: Models },
  endpoints: { query: ListQuery, answer: Endpoints },
  users: { query: ListQuery, answer: Users },
  sessions: { query: ListQuery, answer: Sessions },
  keys: { query: ListQuery, answer: Keys },
  errors: { query: ListQuery, answer: Errors },
  unmetered: { query: ListQuery, answer: Unmetered },
  limits: { query: ListQuery, answer: Limits },
  calls: { query: CallsQuery, answer: Calls },
} as const;
export type Questions = typeof questions;
export type QuestionName = keyof Questions;
export type QuestionInput<K extends QuestionName> = z.input<Questions[K]['query']>;
export type QuestionQuery<K extends QuestionName> = z.output<Questions[K]['query']>;
export type QuestionAnswer<K extends QuestionName> = z.output<Questions[K]['answer']>;
