import { describe, expect, it } from 'vitest';
import { daysOf, keptWords, previewWords, resultWords } from '../../../../renderer/views/retention/retention-words.ts';

const preview = {
  target: 'local',
  days: 112,
  before: '2026-08-03T12:00:00Z',
  rows: 12_345,
  totalRows: 13_245,
  oldestAt: '2026-05-01T00:00:00Z',
} as const;

describe('the days of a retention', () => {
  it('are empty for ever, else a whole number in the range of the contract', () => {
    expect(daysOf(' ')).toEqual({ kind: 'days', days: null });
    expect(daysOf(' 90 ')).toEqual({ kind: 'days', days: 90 });
    expect(daysOf('3650')).toEqual({ kind: 'days', days: 3650 });
    for (const text of ['0', '3651', '-1', '1.5', '1e2', '0x10', 'ten']) expect(daysOf(text).kind).toBe('problem');
  });

  it('read as words', () => {
    expect([keptWords(null), keptWords(1), keptWords(365)]).toEqual([
      'kept for ever',
      'kept for 1 day',
      'kept for 365 days',
    ]);
  });
});

describe('a preview', () => {
  it('counts what goes, what stays and from when', () => {
    expect(previewWords(preview, 'UTC')).toBe('Deletes 12,345 calls from before 3 Aug 2026; 900 remain.');
    expect(previewWords({ ...preview, rows: 1 }, 'UTC')).toContain('Deletes 1 call from');
  });

  it('says that nothing is old enough, and how old the oldest is', () => {
    expect(previewWords({ ...preview, rows: 0 }, 'UTC')).toBe(
      'Deletes nothing now: no call is from before 3 Aug 2026. The oldest is of 1 May 2026.',
    );
    expect(previewWords({ ...preview, rows: 0, totalRows: 0, oldestAt: null }, 'UTC')).toMatch(/^Nothing is kept yet/);
  });
});

it('reports what was deleted', () => {
  const { target, days, before } = preview;
  expect(resultWords({ target, days, before, deletedRows: 12_345 }, 'UTC')).toBe(
    '12,345 calls from before 3 Aug 2026 deleted.',
  );
  expect(resultWords({ target, days, before, deletedRows: 0 }, 'UTC')).toBe('Nothing was from before 3 Aug 2026.');
});
