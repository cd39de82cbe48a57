import { describe, expect, it } from 'vitest';
import { chartTheme } from '../../../renderer/charts/chart-theme.ts';
import { latencyOption, latencyTooltip } from '../../../renderer/charts/latency-option.ts';
import { previousPeriod } from '../../../renderer/charts/previous.ts';
import { usageAnswer } from '../fixture/usage-answer.ts';
import { recordsBefore } from '../fixture/records.ts';

const range = { from: '2026-11-23T10:00:00.000Z', to: '2026-11-23T12:00:00.000Z', tz: 'UTC' };
const usage = usageAnswer(recordsBefore(Date.parse(range.to), 7_200_000, 60), range);
const input = {
  points: usage.points,
  bucket: usage.bucket,
  fromMs: Date.parse(range.from),
  toMs: Date.parse(range.to),
  tz: 'UTC',
  theme: chartTheme((token) => token),
};

describe('latencyOption', () => {
  it('draws both lines solid, told apart by colour, weight and a name at the end, with gaps where nothing was called', () => {
    const { series } = latencyOption(input);
    expect(series).toMatchObject([
      { name: 'p95', color: '--series-2', lineStyle: { width: 1.8 }, endLabel: { show: true }, connectNulls: false },
      { name: 'p50', color: '--series-1', lineStyle: { width: 2.6 }, endLabel: { show: true }, connectNulls: false },
    ]);
    const quiet = input.points.findIndex((point) => point.calls === 0);
    expect(quiet).toBeGreaterThanOrEqual(0);
    expect(JSON.stringify(series)).toContain(`[${Date.parse(input.points[quiet]?.at ?? '') + 30_000},null]`);
  });

  it('draws the previous period in the same colours, dashed, and tells its values and time', () => {
    const earlier = { ...usage, points: usage.points.map((point) => ({ ...point, p50Ms: 5, p95Ms: 9 })) };
    const previous = previousPeriod('previous 2 h', earlier, usage.points.length);
    expect(latencyOption({ ...input, previous })['series']).toMatchObject([
      { name: 'p95' },
      { name: 'p50' },
      { name: 'p95, previous 2 h', color: '--series-2', lineStyle: { type: [4, 4] } },
      { name: 'p50, previous 2 h', color: '--series-1', lineStyle: { type: [4, 4] } },
    ]);
    expect(latencyTooltip({ ...input, previous }, 0)?.rows.at(-1)).toMatchObject({
      label: 'Previous 2 h',
      value: 'p95 9 ms · p50 5 ms',
      note: '23 Nov 10:00 – 10:01',
    });
  });

  it('has room for the whole of the first and the last bucket, which the period may cut', () => {
    const cut = { ...input, fromMs: input.fromMs + 20_000, toMs: input.toMs - 50_000 };
    expect(latencyOption(cut)['xAxis']).toMatchObject({ min: input.fromMs, max: input.toMs });
  });

  it('shows dots when there are too few points for a line', () => {
    const lone = input.points.map((point, index) =>
      index === 3 ? { ...point, p50Ms: 5, p95Ms: 9 } : { ...point, p50Ms: null, p95Ms: null },
    );
    expect(latencyOption({ ...input, points: lone })['series']).toMatchObject([
      { showSymbol: true },
      { showSymbol: true },
    ]);
    expect(latencyOption(input)['series']).toMatchObject([{ showSymbol: false }, { showSymbol: false }]);
  });

  it('says unknown latency as a dash', () => {
    const quiet = input.points.findIndex((point) => point.calls === 0);
    expect(latencyTooltip(input, quiet)?.rows.map((row) => row.value)).toEqual(['–', '–', '0']);
    expect(latencyTooltip(input, -1)).toBeNull();
  });
});
