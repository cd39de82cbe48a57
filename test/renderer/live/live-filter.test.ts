import { describe, expect, it } from 'vitest';
import { analyticsFilter, filterRows, isFiltering, noFilter, toggled } from '../../../renderer/live/live-filter.ts';
import { endedRow, runningRow } from '../../../renderer/live/tail.ts';
import { neighbour, rowsAfter, visibleRows } from '../../../renderer/live/visible-rows.ts';
import { inFlightOf, recordsBefore } from '../fixture/records.ts';

const records = recordsBefore(Date.parse('2026-11-23T12:00:00Z'), 600_000, 300);
const rows = records.map((record, index) => (index % 50 === 0 ? runningRow(inFlightOf(record)) : endedRow(record)));

describe('filterRows', () => {
  it('returns the very same list without a filter', () => expect(filterRows(rows, noFilter)).toBe(rows));

  it('needs every word, in any field and any case', () => {
    const found = filterRows(rows, { ...noFilter, text: ' FLASH ana@ ' });
    expect(found.length).toBeGreaterThan(0);
    for (const row of found)
      expect([row.call.modelRequested, row.call.userId]).toEqual([expect.stringContaining('flash'), 'ana@contoso.dev']);
  });

  it('matches any of the chosen values of a field and all chosen fields', () => {
    const found = filterRows(rows, {
      ...noFilter,
      outcomes: ['rate_limited', 'timeout', 'ok'],
      providers: ['openai'],
      models: ['gpt-5.1'],
    });
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((row) => row.kind === 'ended' && row.call.model === 'gpt-5.1')).toBe(true);
  });

  it('finds running calls by the word running', () => {
    expect(filterRows(rows, { ...noFilter, text: 'running' }).every((row) => row.kind === 'running')).toBe(true);
  });

  it('takes ended calls by the second in which they ended, as the histogram counts them', () => {
    const [, record] = records;
    if (record === undefined) throw new Error('no record');
    const endMs = Date.parse(record.startedAt) + (record.durationMs ?? 0);
    const found = filterRows([endedRow(record)], { ...noFilter, between: { fromMs: endMs, toMs: endMs + 1 } });
    expect(found).toHaveLength(1);
    expect(filterRows([endedRow(record)], { ...noFilter, between: { fromMs: endMs + 1, toMs: endMs + 2 } })).toEqual(
      [],
    );
  });
});

it('knows whether anything is filtered, and the same as an analytics filter', () => {
  expect(isFiltering({ ...noFilter, text: '  ' })).toBe(false);
  expect(isFiltering({ ...noFilter, models: ['m'] })).toBe(true);
  expect(analyticsFilter(noFilter)).toEqual({});
  expect(analyticsFilter({ ...noFilter, outcomes: ['timeout'], models: ['m'] })).toEqual({
    outcome: ['timeout'],
    model: ['m'],
  });
  expect(toggled(toggled(['a'], 'b'), 'a')).toEqual(['b']);
});

describe('moving through the list', () => {
  const [first, second] = rows;
  const last = rows.at(-1);

  it('goes to the neighbour and stays at the ends', () => {
    expect(neighbour(rows, first?.call.callId ?? '', 1)).toBe(second);
    expect(neighbour(rows, first?.call.callId ?? '', -1)).toBe(first);
    expect(neighbour(rows, last?.call.callId ?? '', 1)).toBe(last);
  });

  it('begins at the newest upwards and at the oldest downwards', () => {
    expect(neighbour(rows, null, -1)).toBe(last);
    expect(neighbour(rows, 'gone', 1)).toBe(first);
    expect(neighbour([], null, 1)).toBeNull();
  });

  it('counts the rows below the one last seen', () => {
    expect(rowsAfter(rows, rows.at(-8)?.call.callId ?? null)).toBe(7);
    expect(rowsAfter(rows, null)).toBe(0);
  });
});

it('lists stored calls before the tail, each call once', () => {
  const listed = visibleRows({ older: rows.slice(0, 200), rows: rows.slice(150), pause: null }, noFilter);
  expect(listed.map((row) => row.call.callId)).toEqual(rows.map((row) => row.call.callId));
});
