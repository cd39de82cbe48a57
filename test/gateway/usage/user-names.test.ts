import { describe, expect, it } from 'vitest';
import { createUserNames } from '../../../gateway/usage/user-names.ts';

describe('user names', () => {
  it('stay as said', () => {
    expect(createUserNames('salt', 'plain')('ann@example.com')).toBe('ann@example.com');
    expect(createUserNames('salt', 'plain')(null)).toBeNull();
  });

  it('are not kept at all', () => {
    expect(createUserNames('salt', 'none')('ann@example.com')).toBeNull();
  });

  it('are told apart by a hash that only this installation can make', () => {
    const here = createUserNames('salt', 'hashed');
    const hash = here('ann@example.com');
    expect(hash).toMatch(/^user-[0-9a-f]{12}$/);
    expect(here('ann@example.com')).toBe(hash);
    expect(here('bob@example.com')).not.toBe(hash);
    expect(createUserNames('another', 'hashed')('ann@example.com')).not.toBe(hash);
    expect(here(null)).toBeNull();
  });

  it('keep their hash when more names came by than are remembered', () => {
    const here = createUserNames('salt', 'hashed');
    const first = here('ann');
    for (let index = 0; index < 3000; index += 1) here(`user ${index}`);
    expect(here('ann')).toBe(first);
  });
});
