import { describe, expect, it } from 'vitest';
import { checkUpstream, withUpstream } from '../../../../../renderer/views/settings/upstreams/upstream-draft.ts';

const check = (name: string, url: string, taken: readonly string[] = []) =>
  checkUpstream({ name, url, provider: null }, taken);
const mine = { name: 'mine', url: 'https://llm.example.com', provider: null };

describe('an upstream that is typed', () => {
  it('is accepted without the spaces around it', () => {
    expect(check(' mine ', ' https://llm.example.com ').entry).toEqual(mine);
  });

  it.each(['', 'Mine', 'a b', '-a', 'ui', 'v1beta', 'sample-x', 'x'.repeat(33)])(
    'is refused by the name "%s"',
    (name) => {
      expect([...check(name, mine.url).problems.keys()]).toEqual(['name']);
    },
  );

  it.each([
    '',
    'example.com',
    'ftp://example.com',
    'https://a:b@example.com',
    'https://example.com?key=1',
    'https://example.com/#',
  ])('is refused by the address "%s"', (url) => {
    expect([...check('mine', url).problems.keys()]).toEqual(['url']);
  });

  it('is refused by a name that is taken', () => {
    expect(check('mine', mine.url, ['mine']).problems.get('name')).toContain('already');
  });
});

describe('the list of upstreams', () => {
  it('takes a new one at its end, and a changed one in its place', () => {
    const other = { ...mine, name: 'other' };
    expect(withUpstream([mine], 'other', other)).toEqual([mine, other]);
    expect(withUpstream([mine, other], 'mine', { ...mine, name: 'renamed' })).toEqual([
      { ...mine, name: 'renamed' },
      other,
    ]);
  });

  it('holds a default only while it is redirected', () => {
    const redirected = { name: 'openai', url: 'https://proxy.example.com', provider: null };
    expect(withUpstream([], 'openai', redirected)).toEqual([redirected]);
    expect(withUpstream([redirected], 'openai', { ...redirected, url: 'https://api.openai.com/' })).toEqual([]);
  });
});
