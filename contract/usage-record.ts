/**
 * The usage record: one row per proxied call (DESIGN §5). Terms follow OpenTelemetry GenAI where it has one:
 * `inputTokens` INCLUDES cached and tool input, `outputTokens` INCLUDES reasoning. Unknown is null, never 0.
 */
import { z } from 'zod';

export const Provider = z.enum(['google', 'openai', 'anthropic', 'other']);
export type Provider = z.infer<typeof Provider>;

export const Surface = z.enum([
  // Google
  'generateContent',
  'streamGenerateContent',
  'countTokens',
  'embedContent',
  'batchEmbedContents',
  'predict',
  'predictLongRunning',
  'batchGenerateContent',
  'interactions',
  'live',
  'files',
  'cachedContents',
  'operations',
  // OpenAI
  'chat.completions',
  'responses',
  'embeddings',
  'completions',
  'images',
  'audio',
  'moderations',
  'realtime',
  'batches',
  // Anthropic
  'messages',
  'count_tokens',
  'message.batches',
  // any
  'models',
  'other',
]);
export type Surface = z.infer<typeof Surface>;

/**
 * Surfaces that generate (text, vectors, media). Only these count in success rate, token totals and cost of generation (DESIGN §7);
 * the others are calls only.
 */
export const generationSurfaces: readonly Surface[] = [
  'generateContent',
  'streamGenerateContent',
  'embedContent',
  'batchEmbedContents',
  'predict',
  'predictLongRunning',
  'interactions',
  'live',
  'chat.completions',
  'responses',
  'embeddings',
  'completions',
  'images',
  'audio',
  'moderations',
  'realtime',
  'messages',
  'other',
];

const generating: ReadonlySet<Surface> = new Set(generationSurfaces);
export const isGeneration = ({ surface }: { readonly surface: Surface }): boolean => generating.has(surface);

export const Outcome = z.enum([
  'ok',
  'blocked', // HTTP 200, but the answer was withheld (safety, prompt feedback, refusal)
  'client_error', // 4xx other than 429
  'rate_limited', // 429
  'upstream_error', // 5xx, or an error inside a stream after HTTP 200
  'network_error',
  'timeout',
  'client_aborted',
  'interrupted', // the gateway died while the call was in flight
]);
export type Outcome = z.infer<typeof Outcome>;

export const UsageSource = z.enum(['reported', 'derived', 'estimated', 'none']);
export type UsageSource = z.infer<typeof UsageSource>;

/**
 * Where a cost comes from: `list` = public list price, `override` = the user's own price, `estimated` = priced with an assumption
 * (for example a cached/audio overlap the provider did not split), `none` = unpriced (costUsd is null).
 */
export const CostSource = z.enum(['list', 'override', 'estimated', 'none']);
export type CostSource = z.infer<typeof CostSource>;

/** A token count as a provider may report it: whole, not negative, within 2^53. */
const TokenCount = z.int().nonnegative();
const Milliseconds = z.number().nonnegative();

/** Per-modality token counts, for example `{ input: { TEXT: 10, AUDIO: 200 }, output: { TEXT: 5 } }`. */
export const Modalities = z.partialRecord(
  z.enum(['input', 'cachedInput', 'toolInput', 'output']),
  z.record(z.string(), TokenCount),
);
export type Modalities = z.infer<typeof Modalities>;

/**
 * What a provider bills besides, or more finely than, tokens. Only what the call tells is there: a missing unit is not known to be 0.
 * Numbers are whole except seconds and token-hours.
 */
export const Unit = z.enum([
  'webSearches', // single searches: distinct Gemini queries, Anthropic and OpenAI search calls
  'groundedPrompts', // 1 when the answer rests on Google Search (Gemini 2.x bills these instead of searches)
  'mapsQueries', // answers or queries grounded in Google Maps
  'imageSearches', // distinct image search queries of Gemini
  'fileSearches', // retrieval and file search calls
  'images', // images made
  'videoSeconds', // seconds × samples of a video job
  'audioSeconds', // audio transcribed, where it is billed by duration
  'inputCharacters', // text to be spoken, where it is billed by character
  'cacheWrite5mTokens', // parts of cacheWriteTokens by lifetime
  'cacheWrite1hTokens',
  'cacheStorageTokenHours', // tokens × hours a new cached content was promised to live
  'transcriptionTokens', // tokens of a second model that wrote down what was said in a live session
]);
export type Unit = z.infer<typeof Unit>;
export const Units = z.partialRecord(Unit, z.number().nonnegative());
export type Units = z.infer<typeof Units>;

export const UsageRecord = z.object({
  // identity
  callId: z.uuid(), // UUIDv7, also the response header x-aism-call-id
  streamId: z.string(), // install id + ':' + journal epoch
  seq: z.int().nonnegative(), // journal sequence, given when the row is closed; 0 = still in flight
  startedAt: z.iso.datetime({ precision: 3 }), // UTC, ms
  // route
  upstream: z.string(), // configured name
  provider: Provider,
  surface: Surface,
  method: z.string(),
  endpoint: z.string(), // template: ids replaced, no query
  // outcome
  statusCode: z.int().nullable(),
  outcome: Outcome,
  errorCode: z.string().nullable(),
  finishReason: z.string().nullable(),
  // time, from a monotonic clock
  durationMs: Milliseconds.nullable(), // request head received → last byte free to leave for the client: waiting for this row included
  firstByteMs: Milliseconds.nullable(),
  ttftMs: Milliseconds.nullable(), // first generated token, thoughts included
  overheadMs: Milliseconds.nullable(), // time the gateway itself added: until the request was sent, observing, waiting for this row
  // size
  requestBytes: z.int().nonnegative(),
  responseBytes: z.int().nonnegative(),
  streamed: z.boolean(),
  // model
  modelRequested: z.string().nullable(),
  model: z.string().nullable(), // served; falls back to the requested one when the provider does not say
  serviceTier: z.string().nullable(),
  // usage
  inputTokens: TokenCount.nullable(),
  cachedInputTokens: TokenCount.nullable(),
  cacheWriteTokens: TokenCount.nullable(),
  toolInputTokens: TokenCount.nullable(),
  outputTokens: TokenCount.nullable(),
  reasoningTokens: TokenCount.nullable(),
  modalities: Modalities.nullable(),
  units: Units.nullish(), // absent in rows older than the field
  totalTokens: TokenCount.nullable(),
  usageSource: UsageSource,
  usageMismatch: z.boolean(), // token parts do not add up to the reported total
  // cost
  costUsd: z.number().nonnegative().nullable(), // at most 9 decimals; null = unpriced
  costSource: CostSource,
  priceVersion: z.string().nullable(),
  // attribution
  sessionId: z.string().nullable(),
  userId: z.string().nullable(),
  keyId: z.string().nullable(), // HMAC-SHA-256 prefix + '…' + last 4
  client: z.string().nullable(), // SDK family and version, for example 'google-genai-js/3.1.0'
  tags: z.record(z.string(), z.string()),
  /** HMAC of the request's idempotency key: calls that share it are attempts at the same thing. Absent in rows older than the field. */
  idempotencyId: z.string().nullish(),
  attempt: z.int().positive().nullish(), // 1 = first, 2 = first retry; null when the client does not say
});
export type UsageRecord = z.infer<typeof UsageRecord>;

/** Tag that marks rows of the built-in sample upstream; they can be removed together. */
export const sampleTag = { name: 'aism', value: 'sample' } as const;
/** The built-in sample upstream answers under `sample-gemini`, `sample-openai` and `sample-anthropic`; the prefix is reserved. */
export const sampleUpstreamPrefix = 'sample-';
export function isSampleUpstream(name: string): boolean {
  return name.startsWith(sampleUpstreamPrefix);
}

/** A generation call that came back whole: HTTP < 400 and outcome ok. */
export function succeeded(record: Pick<UsageRecord, 'statusCode' | 'outcome'>): boolean {
  return record.outcome === 'ok' && record.statusCode !== null && record.statusCode < 400;
}

/** A call of the built-in sample traffic. */
export function isSample(record: Pick<UsageRecord, 'tags'>): boolean {
  return record.tags[sampleTag.name] === sampleTag.value;
}
