import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Filter } from '../../contract/analytics.ts';
import { toSearchParams } from '../../contract/query-string.ts';

describe('toSearchParams', () => {
  it('writes fields by name and leaves out what is not set', () => {
    const query = {
      range: '24h',
      tz: 'Europe/Paris',
      groupBy: 'model',
      groupLimit: 7,
      bucket: undefined,
      cursor: undefined,
    };
    expect(toSearchParams(query).toString()).toBe('range=24h&tz=Europe%2FParis&groupBy=model&groupLimit=7');
  });

  it('repeats filters and writes tags as tag.NAME', () => {
    const filter: Filter = {
      model: ['gpt-5.1', 'a b'],
      outcome: ['ok'],
      tags: { team: ['search', 'ads'], 'env.x': ['p'] },
    };
    expect(toSearchParams({ range: '1h', filter }).toString()).toBe(
      'range=1h&model=gpt-5.1&model=a+b&outcome=ok&tag.team=search&tag.team=ads&tag.env.x=p',
    );
  });

  it('writes an empty filter as nothing', () =>
    expect(toSearchParams({ filter: {}, search: '' }).toString()).toBe('search='));

  it('brings any value through a URL unchanged', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }), fc.string(), (models, search) => {
        const read = new URLSearchParams(toSearchParams({ search, filter: { model: models } }).toString());
        expect(read.getAll('model')).toEqual(models);
        expect(read.get('search')).toBe(search);
      }),
    );
  });
});
