/** What one exchange tells about usage: the normal form every provider adapter yields. Field meanings: contract/usage-record.ts. */
import type { Units, UsageRecord } from '../../contract/usage-record.ts';
import type { UsageFault } from './usage-faults.ts';

/** What the request line alone tells. */
export type Route = Pick<UsageRecord, 'provider' | 'surface' | 'endpoint' | 'modelRequested'>;

/** What was asked, what served it and what it used: all that a price depends on, known of a live call and of a stored row. */
export type CountedUsage = Pick<
  UsageRecord,
  | 'surface'
  | 'modelRequested'
  | 'model'
  | 'serviceTier'
  | 'inputTokens'
  | 'cachedInputTokens'
  | 'cacheWriteTokens'
  | 'toolInputTokens'
  | 'outputTokens'
  | 'reasoningTokens'
  | 'modalities'
  | 'usageSource'
  | 'usageMismatch'
  | 'units'
>;

export type UsageFacts = CountedUsage &
  Pick<UsageRecord, 'streamed' | 'errorCode' | 'finishReason' | 'ttftMs' | 'totalTokens'> & {
    /** Withheld answer after HTTP 200, or an error inside a stream; null = judge by status alone. */
    readonly outcomeHint: 'blocked' | 'upstream_error' | null;
    /** The caller as the body names it: OpenAI `user`, Anthropic `metadata.user_id`; null = not said. */
    readonly bodyUser: string | null;
    /** Gemini `labels` and the like. */
    readonly bodyTags: Readonly<Record<string, string>>;
    /** Provider-native usage object, last seen and merged: another object when it changed (never stored). */
    readonly nativeUsage: unknown;
    /** What is billed besides tokens; null when the call tells nothing of the kind. Rows stored before units were counted lack it; a live call does not. */
    readonly units: Units | null;
    /** Why usage that may have been there could not be read; null when nothing went wrong. */
    readonly usageFault: UsageFault | null;
  };

/** A tap on one exchange. Feeding it is synchronous and cheap; decoding and parsing never throw outward. */
export interface UsageTap {
  readonly route: Route;
  requestChunk(chunk: Buffer): void;
  responseHead(statusCode: number, rawHeaders: readonly string[]): void;
  responseChunk(chunk: Buffer, atMs: number): void;
  /** Milliseconds until the first generated token, null while there is none. Cheap enough to ask after each chunk. */
  firstTokenMs(): number | null;
  /** Latest facts while the call runs (for progress rows and interrupted calls). */
  peek(): UsageFacts;
  /** After the last chunk. `complete` = the response ended as framed. */
  finish(complete: boolean): Promise<UsageFacts>;
  /** Parts of the bodies that could not be read; for the log and for tests. */
  parseFailures(): number;
}
