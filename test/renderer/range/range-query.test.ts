import { expect, it } from 'vitest';
import { RangeQuery } from '../../../contract/analytics.ts';
import { periodLabel, previousWords, rangeQuery, withSource } from '../../../renderer/range/range-query.ts';

const custom = {
  kind: 'custom',
  fromMs: Date.parse('2026-11-23T10:00:00Z'),
  toMs: Date.parse('2026-11-23T13:20:00Z'),
} as const;

it('asks for presets by name and for custom periods by instants', () => {
  expect(rangeQuery({ kind: 'preset', preset: 'today' }, 'Europe/Paris')).toEqual({
    range: 'today',
    tz: 'Europe/Paris',
  });
  const query = rangeQuery(custom, 'UTC');
  expect(query).toEqual({ from: '2026-11-23T10:00:00.000Z', to: '2026-11-23T13:20:00.000Z', tz: 'UTC' });
  expect(RangeQuery.safeParse(query).success).toBe(true);
});

it('adds the fleet as a source, and nothing for this gateway', () => {
  const range = rangeQuery(custom, 'UTC');
  expect(withSource(range, 'duckdb')).toBe(range);
  expect(RangeQuery.parse(withSource(range, 'snowflake')).source).toBe('snowflake');
});

it('names the period and the one before it', () => {
  expect(previousWords({ kind: 'preset', preset: '24h' })).toBe('previous 24 h');
  expect(previousWords(custom)).toBe('previous 3 h 20 min');
  expect(periodLabel(custom, custom)).toBe('Custom · 3 h 20 min');
  expect(periodLabel({ kind: 'preset', preset: 'month' }, custom)).toBe('This month');
});
