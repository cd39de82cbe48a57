import { describe, expect, it } from 'vitest';
import type { PriceOverride } from '../../../../../contract/prices.ts';
import {
  changeList,
  hiddenBy,
  isChanged,
  listOf,
  overridesOf,
} from '../../../../../renderer/views/settings/prices/price-list.ts';

const price = (model: string, more: Partial<PriceOverride> = {}): PriceOverride => ({
  provider: 'google',
  model,
  inputPerMillionUsd: 1,
  outputPerMillionUsd: 2,
  ...more,
});
const list = listOf([price('a'), price('b'), price('c')]);
const models = (of: typeof list): string[] => overridesOf(of).map(({ model }) => model);

describe('the list of own prices', () => {
  it('moves an entry and stops at the ends', () => {
    expect(models(changeList(list, { kind: 'moved', id: 2, by: -1 }))).toEqual(['a', 'c', 'b']);
    expect(models(changeList(list, { kind: 'moved', id: 0, by: -1 }))).toEqual(['a', 'b', 'c']);
    expect(models(changeList(list, { kind: 'moved', id: 2, by: 1 }))).toEqual(['a', 'b', 'c']);
  });

  it('puts a new entry in front, where no other hides it, under an id of its own', () => {
    const added = changeList(list, { kind: 'added', entry: price('new') });
    expect(models(added)).toEqual(['new', 'a', 'b', 'c']);
    expect(new Set(added.rows.map(({ id }) => id)).size).toBe(4);
  });

  it('is changed until it is as it was saved again', () => {
    const moved = changeList(list, { kind: 'moved', id: 0, by: 1 });
    expect(isChanged(list)).toBe(false);
    expect(isChanged(moved)).toBe(true);
    expect(isChanged(changeList(moved, { kind: 'moved', id: 0, by: -1 }))).toBe(false);
    expect(isChanged(changeList(moved, { kind: 'loaded', overrides: overridesOf(moved) }))).toBe(false);
  });

  it('replaces and removes by id', () => {
    const changed = changeList(list, { kind: 'changed', id: 1, entry: price('B') });
    expect(models(changeList(changed, { kind: 'removed', id: 0 }))).toEqual(['B', 'c']);
  });
});

describe('an entry that is never used', () => {
  const hidden = (first: PriceOverride, later: PriceOverride): boolean =>
    hiddenBy(listOf([first, later]).rows, 1) !== null;

  it('has an earlier one that fits every model it fits, at every time', () => {
    expect(hidden(price('gemini-*'), price('gemini-2.5-flash'))).toBe(true);
    expect(hidden(price('gemini-*'), price('gemini-2.5-*'))).toBe(true);
    expect(hidden(price('gemini-2.5-*'), price('gemini-*'))).toBe(false);
    expect(hidden(price('gemini.2'), price('gemini-2'))).toBe(false);
  });

  it('is used at times and for providers the earlier one does not cover', () => {
    expect(hidden(price('*', { from: '2026-01-01' }), price('a'))).toBe(false);
    expect(hidden(price('*', { from: '2026-01-01' }), price('a', { from: '2026-02-01' }))).toBe(true);
    expect(hidden(price('*', { to: '2026-03-01' }), price('a', { from: '2026-02-01' }))).toBe(false);
    expect(hidden(price('*', { provider: 'openai' }), price('a'))).toBe(false);
  });
});
