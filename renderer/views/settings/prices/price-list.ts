/**
 * The own prices being edited. Order matters: the first entry that fits a call is used. Pure. Invariant: an entry keeps its `id` while it
 * is moved and changed, so that the screen follows it.
 */
import type { PriceOverride, PriceOverrides } from '../../../../contract/prices.ts';

export interface ListedPrice {
  readonly id: number;
  readonly entry: PriceOverride;
}

export interface PriceList {
  readonly saved: PriceOverrides;
  readonly rows: readonly ListedPrice[];
  readonly nextId: number;
}

export type PriceListChange =
  | { readonly kind: 'loaded'; readonly overrides: PriceOverrides }
  | { readonly kind: 'added'; readonly entry: PriceOverride }
  | { readonly kind: 'changed'; readonly id: number; readonly entry: PriceOverride }
  | { readonly kind: 'removed'; readonly id: number }
  | { readonly kind: 'moved'; readonly id: number; readonly by: -1 | 1 };

export function listOf(overrides: PriceOverrides): PriceList {
  return { saved: overrides, rows: overrides.map((entry, id) => ({ id, entry })), nextId: overrides.length };
}

export function changeList(list: PriceList, change: PriceListChange): PriceList {
  switch (change.kind) {
    case 'loaded':
      return listOf(change.overrides);
    case 'added':
      // A new price is meant for calls that have none or a wrong one: in front, no other entry hides it.
      return { ...list, rows: [{ id: list.nextId, entry: change.entry }, ...list.rows], nextId: list.nextId + 1 };
    case 'changed':
      return { ...list, rows: list.rows.map((row) => (row.id === change.id ? { ...row, entry: change.entry } : row)) };
    case 'removed':
      return { ...list, rows: list.rows.filter(({ id }) => id !== change.id) };
    default:
      return { ...list, rows: moved(list.rows, change.id, change.by) };
  }
}

function moved(rows: readonly ListedPrice[], id: number, by: number): readonly ListedPrice[] {
  const from = rows.findIndex((row) => row.id === id);
  const row = rows[from];
  const to = from + by;
  if (row === undefined || to < 0 || to >= rows.length) return rows;
  return rows.toSpliced(from, 1).toSpliced(to, 0, row);
}

export function overridesOf({ rows }: PriceList): PriceOverrides {
  return rows.map(({ entry }) => entry);
}

export function isChanged(list: PriceList): boolean {
  return JSON.stringify(overridesOf(list)) !== JSON.stringify(list.saved);
}

/** An earlier entry whose pattern, provider and whole time are the same, so that this one is never used. */
export function hiddenBy(rows: readonly ListedPrice[], index: number): ListedPrice | null {
  const row = rows[index];
  if (row === undefined) return null;
  return rows.slice(0, index).find(({ entry }) => hides(entry, row.entry)) ?? null;
}

function hides(first: PriceOverride, later: PriceOverride): boolean {
  if (first.provider !== later.provider || !fits(first.model, later.model)) return false;
  const from =
    first.from === undefined || (later.from !== undefined && Date.parse(first.from) <= Date.parse(later.from));
  const to = first.to === undefined || (later.to !== undefined && Date.parse(first.to) >= Date.parse(later.to));
  return from && to;
}

/** Whether `pattern` fits every model that `other` fits: the same text, or parts of it where `pattern` has a `*`. */
function fits(pattern: string, other: string): boolean {
  const quoted = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${quoted.join('.*')}$`, 'i').test(other);
}
