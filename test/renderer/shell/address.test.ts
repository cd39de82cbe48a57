import { expect, it } from 'vitest';
import { addressOf, hashOf } from '../../../renderer/shell/address.ts';

it('keeps screen, part of the settings, source and whether periods are compared', () => {
  for (const hash of [
    '#/live',
    '#/requests',
    '#/storage',
    '#/settings/snowflake',
    '#/overview?source=snowflake',
    '#/costs?compare=previous',
    '#/overview?source=snowflake&compare=previous',
  ])
    expect(hashOf(addressOf(hash))).toBe(hash);
});

it('takes the overview of this gateway for anything unknown', () => {
  for (const hash of ['', '#/nowhere', '#/overview/part', '#/overview?source=elsewhere'])
    expect(addressOf(hash)).toEqual({ screen: 'overview', section: null, source: 'duckdb' });
});
