import { describe, expect, it } from 'vitest';
import type { Usage } from '../../../contract/analytics.ts';
import { chartTheme } from '../../../renderer/charts/chart-theme.ts';
import { previousPeriod } from '../../../renderer/charts/previous.ts';
import { sumOf, usageMatrix, type Measure } from '../../../renderer/charts/usage-matrix.ts';
import {
  groupColour,
  usageOption,
  usageTooltip,
  type UsageOptionInput,
} from '../../../renderer/charts/usage-option.ts';

const theme = chartTheme((token) => token);
const range = { from: '2026-11-23T10:00:00.000Z', to: '2026-11-23T12:00:00.000Z', tz: 'UTC' };
const point = (at: string, group: string | null, costUsd: number | null, calls = 1) => ({
  at: `2026-11-23T${at}:00.000Z`,
  calls,
  failed: 0,
  inputTokens: 10 * calls,
  outputTokens: calls,
  cachedInputTokens: 0,
  costUsd,
  unpricedCalls: costUsd === null ? calls : 0,
  p50Ms: null,
  p95Ms: null,
  ttftP50Ms: null,
  group,
});
const usage: Usage = {
  range,
  bucket: '1h',
  groups: ['pro', 'other', 'flash'],
  points: [
    point('11:00', 'flash', 0.25, 4),
    point('10:00', 'pro', 1.5, 2),
    point('10:00', 'other', null, 3),
    point('11:00', null, null, 1),
    point('11:00', 'other', null, 0),
  ],
};
const input = (measure: Measure): UsageOptionInput => ({
  matrix: usageMatrix(usage, measure),
  measure,
  bucket: '1h',
  fromMs: Date.parse(range.from),
  toMs: Date.parse(range.to),
  tz: 'UTC',
  theme,
  slots: new Map([
    ['pro', 0],
    ['flash', 1],
  ]),
});

describe('usageMatrix', () => {
  it('orders buckets by time and groups by weight, other last, and keeps those without a name apart', () => {
    const matrix = usageMatrix(usage, 'calls');
    expect(matrix.atMs.map((atMs) => new Date(atMs).getUTCHours())).toEqual([10, 11]);
    expect(matrix.groups).toEqual(['pro', 'flash', '', 'other']);
    expect(matrix.values).toEqual([
      [2, 0],
      [0, 4],
      [0, 1],
      [3, 0],
    ]);
  });

  it('keeps an unknown cost unknown, and a sum of only unknown costs too', () => {
    const { groups, values } = usageMatrix(usage, 'cost');
    expect(values[groups.indexOf('other')]).toEqual([null, null]);
    expect(sumOf([null, null])).toBeNull();
    expect(sumOf([null, 0.5, 0.25])).toBe(0.75);
  });

  it('measures errors as the failed calls', () => {
    const failing = { ...usage, points: usage.points.map((entry) => ({ ...entry, failed: 2 })) };
    expect(usageMatrix(failing, 'errors').values).toContainEqual([2, 0]);
  });

  it('measures tokens as input and output together', () => {
    expect(usageMatrix(usage, 'tokens').values[0]).toEqual([22, 0]);
  });
});

describe('usageOption', () => {
  it('stacks one series a group in the middle of each bucket', () => {
    const { series, xAxis } = usageOption(input('cost'));
    expect(series).toMatchObject([
      {
        name: 'pro',
        stack: 'all',
        itemStyle: { color: '--series-1' },
        data: [
          [Date.parse(range.from) + 1_800_000, 1.5],
          [Date.parse(range.from) + 5_400_000, 0],
        ],
      },
      { name: 'flash', itemStyle: { color: '--series-2' } },
      { name: '', itemStyle: { color: '--series-rest' } },
      { name: 'other', itemStyle: { color: '--series-rest' } },
    ]);
    expect(xAxis).toMatchObject({ min: Date.parse(range.from), max: Date.parse(range.to) });
  });

  it('does not animate, and places its ticks by UTC only when UTC is shown', () => {
    expect(usageOption(input('cost'))).toMatchObject({ animation: false, useUTC: true });
    expect(usageOption({ ...input('cost'), tz: 'Europe/Paris' })).toMatchObject({ useUTC: false });
  });

  it('gives other the grey even when a slot says otherwise', () => {
    expect(groupColour('other', new Map([['other', 2]]), theme)).toBe('--series-rest');
  });
});

describe('the previous period', () => {
  const at = (hour: string, calls: number) => ({ ...point(hour, null, null, calls), at: `2026-11-22T${hour}:00.000Z` });
  const before = { ...usage, points: [at('11:00', 7), at('10:00', 3)] };
  const previous = previousPeriod('previous 2 h', before, 2);
  const option = usageOption({ ...input('calls'), previous });

  it('is one dashed line with a name, laid over the same hours of the shown period', () => {
    expect(option['series']).toHaveLength(5);
    expect(option['series']).toMatchObject([
      {},
      {},
      {},
      {},
      {
        name: 'previous 2 h',
        type: 'line',
        lineStyle: { type: [5, 4] },
        data: [
          [Date.parse(range.from) + 1_800_000, 3],
          [Date.parse(range.from) + 5_400_000, 7],
        ],
      },
    ]);
  });

  it('is in the tooltip with its own time', () => {
    expect(usageTooltip({ ...input('calls'), previous }, 1)?.rows.at(-1)).toEqual({
      label: 'Previous 2 h',
      value: '7',
      colour: null,
      dashed: true,
      note: '22 Nov 11:00 – 12:00',
    });
  });

  it('has gaps where it has fewer buckets, and leaves out those beyond', () => {
    expect(previousPeriod('x', before, 3).points.map((entry) => entry?.calls ?? null)).toEqual([3, 7, null]);
    expect(previousPeriod('x', before, 1).points).toHaveLength(1);
  });
});

describe('usageTooltip', () => {
  it('lists groups with a value, biggest first, then the total of the bucket', () => {
    expect(usageTooltip(input('calls'), 1)).toEqual({
      title: '23 Nov 11:00 – 12:00',
      rows: [
        { label: 'flash', value: '4', colour: '--series-2' },
        { label: 'unknown model', value: '1', colour: '--series-rest' },
        { label: 'Total', value: '5', colour: null, strong: true },
      ],
    });
  });

  it('has nothing to say outside the data', () => expect(usageTooltip(input('cost'), 9)).toBeNull());
});
