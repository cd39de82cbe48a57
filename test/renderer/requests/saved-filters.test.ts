import { expect, it } from 'vitest';
import { savedFilterLimit, savingProblem, withoutSaved, withSaved } from '../../../renderer/requests/saved-filters.ts';

const errors = { search: '', filter: { outcome: ['timeout' as const] } };
const ana = { search: 'ana', filter: {} };

it('keeps filters by name in order, and replaces one of the same name', () => {
  const saved = withSaved(withSaved([], 'Slow', errors), ' ana ', ana);
  expect(saved.map(({ name }) => name)).toEqual(['ana', 'Slow']);
  expect(withSaved(saved, 'SLOW', ana)).toEqual([
    { name: 'ana', ...ana },
    { name: 'SLOW', ...ana },
  ]);
  expect(withoutSaved(saved, 'slow')).toEqual([{ name: 'ana', ...ana }]);
});

it('says why a filter cannot be saved, and replaces even when the list is full', () => {
  const full = Array.from({ length: savedFilterLimit }, (_, index) => ({ name: `f${index}`, ...ana }));
  expect(savingProblem([], ' ')).toContain('name');
  expect(savingProblem([], 'x'.repeat(61))).toContain('60');
  expect(savingProblem(full, 'one more')).toContain('delete one');
  expect(savingProblem(full, 'F3')).toBeNull();
});
