/** Which rows of the tail are shown: free text and chips. An empty filter shows all. */
import type { Filter } from '../../contract/analytics.ts';
import type { Outcome, Provider } from '../../contract/usage-record.ts';
import type { TailRow } from './tail.ts';

export interface LiveFilter {
  readonly text: string;
  readonly outcomes: readonly Outcome[];
  readonly providers: readonly Provider[];
  readonly models: readonly string[];
  /** A stretch of time chosen in the histogram. */
  readonly between: { readonly fromMs: number; readonly toMs: number } | null;
}

export const noFilter: LiveFilter = { text: '', outcomes: [], providers: [], models: [], between: null };

export function isFiltering(filter: LiveFilter): boolean {
  return (
    filter.text.trim() !== '' ||
    filter.outcomes.length + filter.providers.length + filter.models.length > 0 ||
    filter.between !== null
  );
}

export function filterRows(rows: readonly TailRow[], filter: LiveFilter): readonly TailRow[] {
  if (!isFiltering(filter)) return rows;
  const words = filter.text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => passes(row, filter, words));
}

function passes(row: TailRow, filter: LiveFilter, words: readonly string[]): boolean {
  const outcome = row.kind === 'ended' ? row.call.outcome : null;
  if (filter.outcomes.length > 0 && (outcome === null || !filter.outcomes.includes(outcome))) return false;
  if (filter.providers.length > 0 && !filter.providers.includes(row.call.provider)) return false;
  if (filter.models.length > 0 && !filter.models.includes(modelOf(row) ?? '')) return false;
  if (filter.between !== null && !within(row, filter.between)) return false;
  return words.length === 0 || containsAll(searchText(row), words);
}

/** The histogram counts calls in the second they end, so an ended call belongs where it ended. */
function within(row: TailRow, { fromMs, toMs }: NonNullable<LiveFilter['between']>): boolean {
  const durationMs = row.kind === 'ended' ? (row.call.durationMs ?? 0) : 0;
  const atMs = Date.parse(row.call.startedAt) + durationMs;
  return atMs >= fromMs && atMs < toMs;
}

function containsAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}

function searchText(row: TailRow): string {
  const { callId, endpoint, upstream, provider, userId, sessionId, keyId, client } = row.call;
  const ended = row.kind === 'ended' ? [row.call.outcome, row.call.errorCode, row.call.statusCode] : ['running'];
  return [callId, modelOf(row), endpoint, upstream, provider, userId, sessionId, keyId, client, ...ended]
    .filter((part) => part !== null)
    .join('\n')
    .toLowerCase();
}

export function modelOf(row: TailRow): string | null {
  return row.kind === 'ended' ? (row.call.model ?? row.call.modelRequested) : row.call.modelRequested;
}

/** The same filter as an analytics filter, for calls that are older than the tail. */
export function analyticsFilter(filter: LiveFilter): Filter {
  return {
    ...(filter.outcomes.length > 0 ? { outcome: [...filter.outcomes] } : {}),
    ...(filter.providers.length > 0 ? { provider: [...filter.providers] } : {}),
    ...(filter.models.length > 0 ? { model: [...filter.models] } : {}),
  };
}

/** Adds a value to a chip list or takes it out again. */
export function toggled<T>(list: readonly T[], value: T): readonly T[] {
  return list.includes(value) ? list.filter((item) => item !== value) : [...list, value];
}
