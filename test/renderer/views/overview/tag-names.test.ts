import { expect, it } from 'vitest';
import { tagNames } from '../../../../renderer/views/overview/tag-names.ts';

it('lists the names of tags once each, the commonest first', () => {
  const calls = [{ tags: { team: 'a' } }, { tags: {} }, { tags: { env: 'x', team: 'b' } }, { tags: { app: 'y' } }];
  expect(tagNames(calls)).toEqual(['team', 'app', 'env']);
  expect(tagNames([])).toEqual([]);
});
