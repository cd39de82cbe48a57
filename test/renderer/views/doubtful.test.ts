import { describe, expect, it } from 'vitest';
import type { UsageRecord } from '../../../contract/usage-record.ts';
import { doubtCounts, isOf, rowsOf, type UnmeteredRow } from '../../../renderer/views/overview/doubtful.ts';
import { totalsOf } from '../fixture/answers.ts';
import { recordAt, seeded } from '../fixture/records.ts';

const row = (reason: UnmeteredRow['reason'], model: string, calls: number): UnmeteredRow => ({
  reason,
  provider: 'google',
  model,
  surface: 'generateContent',
  calls,
  lastAt: '2026-11-23T12:00:00.000Z',
});
const rows = [row('no_price', 'b', 2), row('no_price', 'a', 30), row('no_usage', 'c', 4), row('mismatch', 'b', 1)];

describe('the counters of doubtful numbers', () => {
  it('tell what the calls without a cost lack', () => {
    const totals = { ...totalsOf([]), unpricedCalls: 36, mismatchedCalls: 1 };
    expect(doubtCounts(totals, rows)).toEqual({ mismatch: 1, no_usage: 4, no_price: 32 });
  });

  it('never go below 0 while one answer is newer than the other', () => {
    expect(doubtCounts({ ...totalsOf([]), unpricedCalls: 2 }, rows).no_price).toBe(0);
  });

  it('list a cause, the biggest first', () => {
    expect(rowsOf(rows, 'no_price').map(({ model }) => model)).toEqual(['a', 'b']);
  });
});

describe('a call belongs to a row', () => {
  const call: UsageRecord = {
    ...recordAt(Date.parse('2026-11-23T12:00:00Z'), 1, seeded(3)),
    provider: 'google',
    model: 'a',
    surface: 'generateContent',
    outcome: 'ok',
    statusCode: 200,
    costUsd: null,
    usageSource: 'reported',
    usageMismatch: false,
  };

  it('when it has the same cause, model and kind', () => {
    expect(isOf(row('no_price', 'a', 1), call)).toBe(true);
    expect(isOf(row('no_usage', 'a', 1), call)).toBe(false);
    expect(isOf(row('no_usage', 'a', 1), { ...call, usageSource: 'none' })).toBe(true);
    expect(isOf(row('mismatch', 'a', 1), { ...call, usageMismatch: true, costUsd: 1 })).toBe(true);
    expect(isOf(row('no_price', 'b', 1), call)).toBe(false);
    expect(isOf(row('no_price', 'a', 1), { ...call, surface: 'chat.completions' })).toBe(false);
  });

  it('not when it was refused: a refused call owes no price, a cancelled one may', () => {
    expect(isOf(row('no_price', 'a', 1), { ...call, outcome: 'upstream_error', statusCode: 500 })).toBe(false);
    expect(isOf(row('no_price', 'a', 1), { ...call, outcome: 'client_aborted' })).toBe(true);
  });
});
