import { expect, it } from 'vitest';
import { comparedWords, previousRange } from '../../../renderer/range/previous-range.ts';

it('ends where the period begins and is as long, in whole minutes', () => {
  expect(previousRange({ from: '2026-11-22T12:00:41.500Z', to: '2026-11-23T12:00:41.500Z' })).toEqual({
    from: '2026-11-21T12:00:00.000Z',
    to: '2026-11-22T12:00:00.000Z',
  });
});

it('stays the same while a relative period moves within a minute', () => {
  const at = (second: string) =>
    previousRange({ from: `2026-11-22T12:00:${second}Z`, to: `2026-11-23T12:00:${second}Z` });
  expect(at('03')).toEqual(at('59'));
});

it('is at least a minute long', () => {
  const { from, to } = previousRange({ from: '2026-11-23T00:00:00Z', to: '2026-11-23T00:00:01Z' });
  expect(Date.parse(to) - Date.parse(from)).toBe(60_000);
});

it('says how long today and this month have lasted', () => {
  const today = { from: '2026-11-23T00:00:00Z', to: '2026-11-23T10:12:00Z' };
  expect(comparedWords({ kind: 'preset', preset: 'today' }, today)).toBe('previous 10 h 12 min');
  expect(comparedWords({ kind: 'preset', preset: '24h' }, today)).toBe('previous 24 h');
  expect(comparedWords({ kind: 'custom', fromMs: 0, toMs: 7_200_000 }, today)).toBe('previous 2 h');
});
