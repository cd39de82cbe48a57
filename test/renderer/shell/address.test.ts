import { expect, it } from 'vitest';
import { addressOf, hashOf } from '../../../renderer/shell/address.ts';

it('keeps screen, part of the settings, source, period and whether periods are compared', () => {
  for (const hash of [
    '#/live',
    '#/requests',
    '#/storage',
    '#/settings/snowflake',
    '#/overview?source=snowflake',
    '#/costs?compare=previous',
    '#/overview?source=snowflake&compare=previous',
    '#/costs?compare=previous&range=7d',
    '#/requests?from=2026-11-24T08:00:00.000Z&to=2026-11-24T09:00:00.000Z',
  ])
    expect(hashOf(addressOf(hash))).toBe(hash);
});

it('takes the overview of this gateway for anything unknown', () => {
  for (const hash of [
    '',
    '#/nowhere',
    '#/overview/part',
    '#/overview?source=elsewhere',
    '#/overview?range=9d',
    '#/overview?from=x&to=y',
  ])
    expect(addressOf(hash)).toEqual({ screen: 'overview', section: null, source: 'duckdb' });
});

it('leaves out the period a window opens with', () => {
  expect(hashOf({ ...addressOf('#/overview?range=24h') })).toBe('#/overview');
});
