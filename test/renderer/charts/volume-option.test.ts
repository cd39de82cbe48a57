import { expect, it } from 'vitest';
import { chartTheme } from '../../../renderer/charts/chart-theme.ts';
import { volumeOption, volumeTooltip } from '../../../renderer/charts/volume-option.ts';
import { volumeBins } from '../../../renderer/live/seconds.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const second = { at: '2026-11-23T11:59:30.000Z', calls: 5, failed: 2, inputTokens: 0, outputTokens: 0, costUsd: null };
const bins = volumeBins([second], now, 5000);
const input = {
  bins,
  binMs: 5000,
  tz: 'UTC',
  theme: chartTheme((token) => token),
  selected: { fromMs: now - 60_000, toMs: now },
};

it('stacks failed calls on succeeded ones and marks the chosen stretch', () => {
  const { series } = volumeOption(input);
  expect(series).toMatchObject([
    {
      name: 'Succeeded',
      itemStyle: { color: '--chart-good' },
      markArea: { data: [[{ xAxis: now - 60_000 }, { xAxis: now }]] },
    },
    { name: 'Failed', itemStyle: { color: '--chart-bad' } },
  ]);
  expect(volumeOption({ ...input, selected: null })['series']).toMatchObject([{ markArea: { data: [] } }, {}]);
});

it('tells the counts of a bin with its bounds to the second', () => {
  const index = bins.findIndex((bin) => bin.failed > 0);
  expect(volumeTooltip(input, index)).toMatchObject({
    title: '11:59:30 – 11:59:35',
    rows: [{ value: '3' }, { value: '2' }],
  });
});
