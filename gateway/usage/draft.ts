/** What is known of one exchange so far. Adapters write to it; nothing here is stored as it stands. */
import type { Unit } from '../../contract/usage-record.ts';
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
> & {
  nativeUsage: JsonObject | null;
  /** Things counted in the answer so far. */
  units: Partial<Record<Unit, number>>;
  /** What was counted once already: search queries, ids of items. In memory only, bounded. */
  readonly marks: Set<string>;
  /** Numbers that become usage only together with others, or once the call is answered. */
  readonly noted: {
    seconds?: number;
    samples?: number;
    textBytes?: number;
    characters?: number;
    hasMedia?: boolean;
    isWhole?: boolean;
  };
  /** The provider's id of a job whose usage another call may bring. */
  jobId: string | null;
};

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
    units: {},
    marks: new Set(),
    noted: {},
    jobId: null,
  };
}

/** Thoughts count as tokens (DESIGN §5): the first call wins. */
export function noteToken(draft: Draft, atMs: number): void {
  draft.ttftMs ??= atMs;
}

const mostMarks = 2_000;
const longestMark = 512;

/** True the first time; beyond the bound everything counts as seen, so that a count is never too high. */
export function mark(draft: Draft, what: string): boolean {
  const key = what.length > longestMark ? `${what.slice(0, longestMark)}#${what.length}` : what;
  if (draft.marks.has(key) || draft.marks.size >= mostMarks) return false;
  draft.marks.add(key);
  return true;
}

export function countUnit(draft: Draft, unit: Unit, by = 1): void {
  draft.units[unit] = (draft.units[unit] ?? 0) + by;
}

/** Counts a thing once, however often it is told. */
export function countOnce(draft: Draft, unit: Unit, what: string): void {
  if (mark(draft, `${unit} ${what}`)) countUnit(draft, unit);
}

/** More fields than any usage object has: a stream that invents new ones must not grow the merged object without bound. */
const mostUsageFields = 64;

/**
 * Folds a usage object into what was seen before. Providers repeat cumulative counts: the last value of each field wins, nothing is summed,
 * and a field that is absent or null this time keeps its value (FAULTS 7).
 */
export function mergeUsage(draft: Draft, usage: unknown): void {
  if (!isObject(usage)) return;
  const fields = Object.entries(usage);
  if (draft.nativeUsage === null && fields.length <= mostUsageFields) {
    draft.nativeUsage = usage;
    return;
  }
  const merged: Record<string, unknown> = { ...draft.nativeUsage };
  let room = mostUsageFields - Object.keys(merged).length;
  for (const [field, value] of fields) {
    if (value === null || value === undefined || field === '__proto__') continue;
    const isNew = !Object.hasOwn(merged, field);
    if (isNew && room <= 0) continue;
    if (isNew) room -= 1;
    merged[field] = value;
  }
  draft.nativeUsage = merged;
}
