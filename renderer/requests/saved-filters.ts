/** Named filters. Pure. Names are unique without regard to case: saving under a known name replaces what it held. */
import type { SavedFilter } from '../../contract/ipc.ts';
import type { RequestFilter } from './request-filter.ts';

export const savedFilterLimit = 50;

const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

export function withSaved(
  saved: readonly SavedFilter[],
  name: string,
  { search, filter }: RequestFilter,
): SavedFilter[] {
  const entry = { name: name.trim(), search, filter };
  return [...saved.filter((other) => !same(other.name, name)), entry].toSorted((a, b) => a.name.localeCompare(b.name));
}

export function withoutSaved(saved: readonly SavedFilter[], name: string): SavedFilter[] {
  return saved.filter((other) => !same(other.name, name));
}

/** Why the present filter cannot be saved under this name; null when it can. */
export function savingProblem(saved: readonly SavedFilter[], name: string): string | null {
  if (name.trim() === '') return 'Give the filter a name.';
  if (name.trim().length > 60) return 'At most 60 characters.';
  const full = saved.length >= savedFilterLimit && !saved.some((other) => same(other.name, name));
  return full ? `At most ${savedFilterLimit} filters are kept; delete one first.` : null;
}
