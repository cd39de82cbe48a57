import { expect, it } from 'vitest';
import { GroupBy } from '../../../contract/analytics.ts';
import {
  groupChip,
  groupChoices,
  groupingWords,
  groupLabel,
  tagGrouping,
  tagOf,
} from '../../../renderer/charts/group-names.ts';

it('offers only groupings that can be asked for', () => {
  for (const { value } of groupChoices) expect(GroupBy.safeParse(value).success).toBe(true);
  expect(GroupBy.safeParse(tagGrouping(' team ')).data).toBe('tag.team');
});

it('takes no tag without a name, and never another column for it', () => {
  expect([tagGrouping(''), tagGrouping('  ')]).toEqual([null, null]);
});

it('names the grouping in words', () => {
  expect([groupingWords('model'), groupingWords('tag.team'), tagOf('tag.team'), tagOf('user')]).toEqual([
    'model',
    'tag team',
    'team',
    null,
  ]);
});

it('names the rest, the calls without a value, and providers by their names', () => {
  expect(groupLabel('user', 'other')).toBe('Other');
  expect(groupLabel('tag.team', '')).toBe('no value');
  expect(groupLabel('model', '')).toBe('unknown model');
  expect(groupLabel('outcome', 'rate_limited')).toBe('rate limited');
  expect(groupChip('outcome', 'timeout')).toEqual({ field: 'outcome', value: 'timeout' });
  expect(groupLabel('provider', 'openai')).toBe('OpenAI');
  expect(groupLabel('key', '9f31…')).toBe('9f31…');
});

it('leads from a group to its calls, save from those that no filter can name', () => {
  expect(groupChip('model', 'gpt-5')).toEqual({ field: 'model', value: 'gpt-5' });
  expect(groupChip('tag.team', 'search')).toEqual({ field: 'tag', value: 'team=search' });
  expect([groupChip('model', 'other'), groupChip('user', '')]).toEqual([null, null]);
});
