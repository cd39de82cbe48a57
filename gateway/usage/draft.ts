/** What is known of one exchange so far. Adapters write to it; nothing here is stored as it stands. */
import type { Route, UsageFacts } from './usage-facts.ts';
import { isObject, type JsonObject } from './json-value.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export type Draft = Writable<
  Pick<
    UsageFacts,
    | 'streamed'
    | 'errorCode'
    | 'finishReason'
    | 'ttftMs'
    | 'modelRequested'
    | 'model'
    | 'serviceTier'
    | 'outcomeHint'
    | 'bodyUser'
    | 'bodyTags'
  >
> & { nativeUsage: JsonObject | null };

export function createDraft(route: Route): Draft {
  return {
    streamed: false,
    errorCode: null,
    finishReason: null,
    ttftMs: null,
    modelRequested: route.modelRequested,
    model: null,
    serviceTier: null,
    outcomeHint: null,
    bodyUser: null,
    bodyTags: {},
    nativeUsage: null,
  };
}

/** Thoughts count as tokens (DESIGN §5): the first call wins. */
export function noteToken(draft: Draft, atMs: number): void {
  draft.ttftMs ??= atMs;
}

/**
 * Folds a usage object into what was seen before. Providers repeat cumulative counts: the last value of each field wins, nothing is summed,
 * and a field that is absent or null this time keeps its value (FAULTS 7).
 */
export function mergeUsage(draft: Draft, usage: unknown): void {
  if (!isObject(usage)) return;
  if (draft.nativeUsage === null) {
    draft.nativeUsage = usage;
    return;
  }
  const merged: Record<string, unknown> = { ...draft.nativeUsage };
  for (const [field, value] of Object.entries(usage)) if (value !== null && value !== undefined) merged[field] = value;
  draft.nativeUsage = merged;
}
