import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryString } from '../../../renderer/bridge/query-string.ts';

describe('queryString', () => {
  it('writes fields by name and leaves out what is not set', () => {
    const query = {
      range: '24h',
      tz: 'Europe/Paris',
      groupBy: 'model',
      groupLimit: 7,
      bucket: undefined,
      cursor: undefined,
    };
    expect(queryString(query)).toBe('range=24h&tz=Europe%2FParis&groupBy=model&groupLimit=7');
  });

  it('repeats filters and writes tags as tag.NAME', () => {
    const filter = { model: ['gpt-5.1', 'a b'], outcome: ['ok'], tags: { team: ['search', 'ads'], 'env.x': ['p'] } };
    expect(queryString({ range: '1h', filter })).toBe(
      'range=1h&model=gpt-5.1&model=a+b&outcome=ok&tag.team=search&tag.team=ads&tag.env.x=p',
    );
  });

  it('writes an empty filter as nothing', () => expect(queryString({ filter: {}, search: '' })).toBe('search='));

  it('brings any value through a URL unchanged', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }), fc.string(), (models, search) => {
        const read = new URLSearchParams(queryString({ search, filter: { model: models } }));
        expect(read.getAll('model')).toEqual(models);
        expect(read.get('search')).toBe(search);
      }),
    );
  });
});
