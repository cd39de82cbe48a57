import { expect, it } from 'vitest';
import { UiSettings, UiSettingsChange } from '../../contract/ipc.ts';

it('changes only the settings a change names: a default in it would set the others back', () => {
  expect(UiSettingsChange.parse({ theme: 'dark' })).toEqual({ theme: 'dark' });
  expect(Object.keys(UiSettingsChange.shape).toSorted()).toEqual(Object.keys(UiSettings.shape).toSorted());
});

it('reads settings of a version that knew no columns and no saved filters', () => {
  expect(UiSettings.parse({ theme: 'light' })).toMatchObject({
    theme: 'light',
    requestColumns: null,
    savedFilters: [],
  });
});
