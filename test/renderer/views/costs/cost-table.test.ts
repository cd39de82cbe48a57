import { expect, it } from 'vitest';
import type { Usage, UsagePoint } from '../../../../contract/analytics.ts';
import {
  comparedRows,
  costCell,
  costDifference,
  costRows,
  differenceWords,
} from '../../../../renderer/views/costs/cost-table.ts';

const point = (group: string, costUsd: number | null, calls = 1, unpricedCalls = 0): UsagePoint => ({
  at: '2026-11-23T12:00:00.000Z',
  group,
  calls,
  failed: 0,
  inputTokens: 10,
  outputTokens: 5,
  cachedInputTokens: 0,
  costUsd,
  unpricedCalls,
  p50Ms: null,
  p95Ms: null,
  ttftP50Ms: null,
});
const usage = (points: UsagePoint[]): Usage => ({
  range: { from: '2026-11-23T00:00:00.000Z', to: '2026-11-24T00:00:00.000Z', tz: 'UTC' },
  bucket: '1h',
  points,
});

it('sums each group over its buckets, most expensive first, the rest last, with shares of the known cost', () => {
  const rows = costRows(
    usage([point('a', 1), point('other', 6), point('b', 2), point('a', null), point('c', null, 0)]),
  );
  expect(rows.map(({ group, calls, costUsd, share }) => [group, calls, costUsd, share])).toEqual([
    ['b', 1, 2, 2 / 9],
    ['a', 2, 1, 1 / 9],
    ['other', 1, 6, 6 / 9],
  ]);
  expect(rows[1]).toMatchObject({ inputTokens: 20, outputTokens: 10 });
});

it('never shows an unknown cost as 0, and marks sums that lack prices', () => {
  expect(costRows(usage([point('a', null, 2, 2)]))[0]).toMatchObject({ costUsd: null, share: null });
  expect(costCell({ costUsd: null, unpricedCalls: 2 })).toBe('no price');
  expect(costCell({ costUsd: null, unpricedCalls: 0 })).toBe('–');
  expect(costCell({ costUsd: 1.5, unpricedCalls: 1 })).toBe('at least $1.50');
  expect(costCell({ costUsd: 1.5, unpricedCalls: 0 })).toBe('$1.50');
});

it('compares each group with itself, keeps groups that have no call any more, and words the difference', () => {
  const now = costRows(usage([point('a', 3), point('new', 1), point('free', null, 1, 1), point('other', 9)]));
  const before = costRows(usage([point('a', 2), point('gone', 4), point('free', 1)]));
  const rows = comparedRows(now, before);
  expect(rows.map((row) => [row.group, row.before?.costUsd, differenceWords(row)])).toEqual([
    ['a', 2, 'up 50%'],
    ['new', undefined, 'new'],
    ['free', 1, 'not known'],
    ['gone', 4, 'no calls now'],
    ['other', undefined, 'other groups'],
  ]);
  expect(rows.map(costDifference)).toEqual([1, null, null, -4, null]);
});

it('leaves no loose words where nothing cost anything before, or nothing changed', () => {
  const one = (now: number, before: number) =>
    comparedRows(costRows(usage([point('a', now)])), costRows(usage([point('a', before)]))).map(differenceWords);
  expect([...one(1, 0), ...one(2, 2), ...one(1, 2)]).toEqual(['from nothing', 'unchanged', 'down 50%']);
});
