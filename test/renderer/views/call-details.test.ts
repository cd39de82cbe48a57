import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallsQuery } from '../../../contract/analytics.ts';
import { noFilter } from '../../../renderer/live/live-filter.ts';
import { costSourceWords, tokenFacts, usageSourceWords } from '../../../renderer/views/live/call-facts.ts';
import { exportQuery, storedCallsQuery } from '../../../renderer/views/live/export-query.ts';
import { timingSegments } from '../../../renderer/views/live/timing-segments.ts';
import { recordAt, seeded } from '../fixture/records.ts';

const ms = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }));

describe('timingSegments', () => {
  it('covers the whole call without gaps or overlaps, whatever the marks say', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), ms, ms, (durationMs, firstByteMs, ttftMs) => {
        const segments = timingSegments({ durationMs, firstByteMs, ttftMs });
        expect(segments[0]?.startMs).toBe(0);
        expect(segments.at(-1)?.endMs).toBe(durationMs);
        expect(segments.every((segment) => segment.endMs >= segment.startMs)).toBe(true);
        expect(segments.slice(1).map((segment) => segment.startMs)).toEqual(
          segments.slice(0, -1).map((segment) => segment.endMs),
        );
      }),
    );
  });

  it('names the stretches that are known', () => {
    const labels = (marks: { firstByteMs: number | null; ttftMs: number | null }) =>
      timingSegments({ durationMs: 100, ...marks }).map(({ label }) => label);
    expect(labels({ firstByteMs: 20, ttftMs: 30 })).toEqual([
      'Waiting for the first byte',
      'To the first token',
      'To the end',
    ]);
    expect(labels({ firstByteMs: null, ttftMs: null })).toEqual(['Whole call']);
    expect(timingSegments({ durationMs: null, firstByteMs: 20, ttftMs: 30 })).toEqual([]);
  });
});

describe('the facts of a call', () => {
  const record = {
    ...recordAt(0, 1, seeded(3)),
    inputTokens: 1200,
    cachedInputTokens: 800,
    outputTokens: 50,
    reasoningTokens: 0,
    totalTokens: 1250,
  };

  it('lists totals and the parts that exist', () => {
    expect(tokenFacts(record)).toEqual([
      { name: 'Input', value: '1,200' },
      { name: 'read from cache', value: '800', part: true },
      { name: 'Output', value: '50' },
      { name: 'Total', value: '1,250' },
    ]);
    expect(tokenFacts({ ...record, inputTokens: null, cachedInputTokens: null })[0]).toEqual({
      name: 'Input',
      value: '–',
    });
  });

  it('states where each number comes from', () => {
    expect(usageSourceWords({ ...record, usageSource: 'estimated', usageMismatch: true })).toBe(
      'estimated; the parts do not add up to the total',
    );
    expect(costSourceWords({ ...record, costSource: 'list', priceVersion: 'v1' })).toBe('public list price, v1');
    expect(costSourceWords({ ...record, costSource: 'override', priceVersion: null })).toBe('your own price');
  });
});

it('asks storage for the same calls the filter shows', () => {
  const filter = {
    ...noFilter,
    text: 'flash ana',
    outcomes: ['timeout' as const],
    between: { fromMs: 0, toMs: 60_000 },
  };
  const query = storedCallsQuery(filter, 300);
  expect(query).toEqual({
    from: '1970-01-01T00:00:00.000Z',
    to: '1970-01-01T00:01:00.000Z',
    filter: { outcome: ['timeout'] },
    limit: 300,
    search: 'flash ana',
  });
  expect(CallsQuery.safeParse(query).success).toBe(true);
  expect(exportQuery(noFilter)).toEqual({ range: '24h', filter: {} });
});
