import { expect, it } from 'vitest';
import { questions } from '../../../../contract/analytics.ts';
import { groupChoices } from '../../../../renderer/charts/group-names.ts';
import { tableExport } from '../../../../renderer/views/costs/table-export.ts';

const range = { range: '7d', tz: 'UTC', source: 'snowflake' } as const;

it('asks for the list of the groups where there is one', () => {
  expect(tableExport(range, 'model')).toEqual({ question: 'models', query: range });
  expect(tableExport(range, 'user').question).toBe('users');
});

it('asks for rows of day and group where there is none, of the same period and source', () => {
  expect(tableExport(range, 'tag.team')).toEqual({
    question: 'usage',
    query: { ...range, groupBy: 'tag.team', groupLimit: 50, bucket: '1d' },
  });
});

it('asks only what the question accepts', () => {
  for (const groupBy of [...groupChoices.map(({ value }) => value), 'tag.team'] as const) {
    const { question, query } = tableExport(range, groupBy);
    expect(questions[question].query.safeParse(query).success).toBe(true);
  }
});
