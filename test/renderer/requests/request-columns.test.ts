import { expect, it } from 'vitest';
import {
  chosenColumns,
  columnLayout,
  requestColumns,
  shownColumns,
} from '../../../renderer/requests/request-columns.ts';

const ids = (chosen: readonly string[] | null): string[] => shownColumns(chosen).map(({ id }) => id);

it('shows chosen columns in the order of the list, whatever order they were chosen in', () => {
  expect(ids(['cost', 'time', 'tags'])).toEqual(['time', 'tags', 'cost']);
});

it('passes over columns it does not know and never shows none', () => {
  expect(ids(['time', 'of a later version'])).toEqual(['time']);
  expect(ids(['of a later version'])).toEqual(ids(null));
  expect(ids(null)).toContain('cost');
});

it('keeps a choice only where it differs from what a new user sees', () => {
  expect(chosenColumns(new Set(ids(null)))).toBeNull();
  expect(chosenColumns(new Set())).toBeNull();
  expect(chosenColumns(new Set([...ids(null), 'tags']))).toContain('tags');
});

it('gives every column at least its width and the room that is left to those that grow', () => {
  const [time, model] = requestColumns;
  expect(columnLayout([time, model])).toEqual({
    template: `${time.widthPx}px minmax(${model.widthPx}px, ${model.widthPx}fr)`,
    minWidthPx: time.widthPx + model.widthPx + 10 + 28,
  });
  expect(columnLayout([time]).template).toContain('fr');
});

it('fits what a new user sees into a window of 1024 pixels', () => {
  expect(columnLayout(shownColumns(null)).minWidthPx).toBeLessThanOrEqual(1024 - 64 - 2 * 16 - 2);
});
