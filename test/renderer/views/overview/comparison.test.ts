import { expect, it } from 'vitest';
import { Metrics } from '../../../../contract/analytics.ts';
import { chartNote, comparedLatency, comparedTotal } from '../../../../renderer/views/overview/comparison.ts';
import { overviewKpis } from '../../../../renderer/views/overview/kpis.ts';
import { metricsAnswer } from '../../fixture/answers.ts';
import { recordsBefore } from '../../fixture/records.ts';

const range = { from: '2026-11-22T12:00:00.000Z', to: '2026-11-23T12:00:00.000Z', tz: 'UTC' };
const records = recordsBefore(Date.parse(range.to), 2 * 86_400_000, 800);
const metrics = Metrics.parse(metricsAnswer(records, range));
const against = 'previous 24 h';

it('says the same change beside a chart as on its tile', () => {
  const tiles = overviewKpis(metrics, [], against);
  const tile = (label: string) => tiles.find((kpi) => kpi.label === label)?.delta.text;
  expect(comparedTotal(metrics, 'cost', against)).toBe(tile('Cost'));
  expect(comparedTotal(metrics, 'calls', against)).toBe(tile('Requests'));
  expect(comparedLatency(metrics, against)).toBe(`p95 ${tile('Latency p95')}`);
});

it('says that there is no earlier data', () => {
  for (const measure of ['cost', 'calls', 'tokens', 'errors'] as const)
    expect(comparedTotal({ ...metrics, previous: null }, measure, against)).toBe('no earlier data');
});

it('adds to the step of a chart the change once it is known, and that it could not be read', () => {
  const change = (words: string): string => `up 3% vs ${words}`;
  const previous = { name: against, points: [] };
  const step = 'per hour';
  expect(chartNote({ step, compared: { previous: null, failed: false }, change })).toBe('per hour');
  expect(chartNote({ step, compared: { previous, failed: false }, change })).toBe('per hour · up 3% vs previous 24 h');
  expect(chartNote({ step, compared: { previous: null, failed: true }, change })).toMatch(/could not be read$/);
});
