import { expect, it } from 'vitest';
import { volumeBins } from '../../../renderer/live/seconds.ts';
import { volumeTable } from '../../../renderer/live/volume-table.ts';

const second = (at: string, calls: number, failed: number) => ({
  at,
  calls,
  failed,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
});

it('lists the steps with calls, newest first, as the histogram draws them', () => {
  const seconds = [
    second('2026-11-24T10:00:01Z', 2, 0),
    second('2026-11-24T10:00:03Z', 1, 1),
    second('2026-11-24T10:03:00Z', 1200, 7),
  ];
  const bins = volumeBins(seconds, Date.parse('2026-11-24T10:05:00Z'), 5000);
  expect(volumeTable(bins, 'UTC').rows).toEqual([
    ['10:03:00', '1,193', '7'],
    ['10:00:00', '2', '1'],
  ]);
  expect(volumeTable(volumeBins([], 0, 5000), 'UTC').rows).toEqual([]);
});
