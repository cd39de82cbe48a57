import { describe, expect, it } from 'vitest';
import {
  callsQuery,
  chipProblem,
  chipsOf,
  chipWords,
  isFilteringRequests,
  noRequestFilter,
  withChip,
  withoutChip,
} from '../../../renderer/requests/request-filter.ts';

describe('filters as chips', () => {
  const both = withChip(withChip({}, { field: 'model', value: 'gpt-5' }), { field: 'model', value: 'gpt-5-mini' });

  it('takes several values of one field, each once', () => {
    expect(both).toEqual({ model: ['gpt-5', 'gpt-5-mini'] });
    expect(withChip(both, { field: 'model', value: 'gpt-5' })).toEqual({ model: ['gpt-5-mini', 'gpt-5'] });
  });

  it('takes a value away again, and the field with its last one', () => {
    const one = withoutChip(both, { field: 'model', value: 'gpt-5' });
    expect(one).toEqual({ model: ['gpt-5-mini'] });
    expect(withoutChip(one, { field: 'model', value: 'gpt-5-mini' })).toEqual({});
  });

  it('keeps a tag value whole that holds an equals sign, under any name', () => {
    const chips = ['team=a=b', 'team=c', 'constructor=x'].map((value) => ({ field: 'tag', value }) as const);
    const filter = chips.reduce(withChip, {});
    expect(Object.entries(filter.tags ?? {})).toEqual([
      ['team', ['a=b', 'c']],
      ['constructor', ['x']],
    ]);
    expect(chipsOf(filter)).toEqual(chips);
  });

  it('writes outcomes and providers in words and everything else as it is', () => {
    expect(chipWords({ field: 'outcome', value: 'client_aborted' })).toBe('cancelled');
    expect(chipWords({ field: 'provider', value: 'google' })).toBe('Google');
    expect(chipWords({ field: 'user', value: 'ok' })).toBe('ok');
  });

  it('says what is accepted where a typed value is not', () => {
    expect(chipProblem({ field: 'user', value: ' ' })).toBe('Type a value.');
    expect(chipProblem({ field: 'provider', value: 'gogle' })).toContain('google, openai');
    expect(chipProblem({ field: 'tag', value: 'team' })).toContain('team=search');
    expect(chipProblem({ field: 'tag', value: 'team=search' })).toBeNull();
    expect(chipProblem({ field: 'model', value: 'anything-new' })).toBeNull();
  });
});

it('is filtering with a search or with a value, not with spaces or empty lists', () => {
  expect(isFilteringRequests(noRequestFilter)).toBe(false);
  expect(isFilteringRequests({ search: '  ', filter: { model: [] } })).toBe(false);
  expect(isFilteringRequests({ search: 'x', filter: {} })).toBe(true);
  expect(isFilteringRequests({ search: '', filter: { tags: { team: ['a'] } } })).toBe(true);
});

it('asks with the search only where there is one', () => {
  const range = { range: '1h', tz: 'UTC' } as const;
  expect(callsQuery(range, noRequestFilter)).toEqual({ ...range, filter: {} });
  expect(callsQuery(range, { search: ' ab ', filter: { user: ['ana'] } })).toEqual({
    ...range,
    filter: { user: ['ana'] },
    search: 'ab',
  });
});
