import { expect, it } from 'vitest';
import { chartSummary } from '../../../renderer/charts/chart-summary.ts';

const startMs = Date.parse('2026-11-23T10:00:00Z');
const summary = (values: readonly (number | null)[]): string =>
  chartSummary({
    title: 'Cost by model',
    atMs: values.map((_value, index) => startMs + index * 3_600_000),
    values,
    format: (value) => `$${value}`,
    tz: 'UTC',
  });

it('says the highest value with its time, the last one and the trend', () => {
  expect(summary([1, 1, 5, null, 3])).toBe('Cost by model over time: highest $5 at 23 Nov 12:00, last $3, rising.');
});

it('calls a small change steady and few values no trend', () => {
  expect(summary([4, 4, 4, 4.1])).toContain('steady');
  expect(summary([4, 4, 1, 1])).toContain('falling');
  expect(summary([0, 0, 0, 0])).toContain('steady');
  expect(summary([4, 9])).toContain('too little for a trend');
});

it('says so when nothing is known', () => {
  expect(summary([null, null])).toBe('Cost by model over time: nothing is known in this period.');
});
