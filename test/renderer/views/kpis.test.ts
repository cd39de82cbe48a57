import { describe, expect, it } from 'vitest';
import { Metrics } from '../../../contract/analytics.ts';
import { overviewKpis } from '../../../renderer/views/overview/kpis.ts';
import { metricsAnswer } from '../fixture/answers.ts';
import { usageAnswer } from '../fixture/usage-answer.ts';
import { recordsBefore } from '../fixture/records.ts';

const range = { from: '2026-11-22T12:00:00.000Z', to: '2026-11-23T12:00:00.000Z', tz: 'UTC' };
const records = recordsBefore(Date.parse(range.to), 2 * 86_400_000, 800);
const metrics = Metrics.parse(metricsAnswer(records, range));
const { points } = usageAnswer(records, range);
const kpis = overviewKpis(metrics, points, 'previous 24 h');
const kpi = (label: string, from = kpis) => from.find((entry) => entry.label === label);

describe('overviewKpis', () => {
  it('gives six tiles, each with a value, a trend as long as the period and words for the change', () => {
    expect(kpis.map(({ label }) => label)).toEqual([
      'Requests',
      'Cost',
      'Tokens',
      'Latency p95',
      'First token p50',
      'Errors',
    ]);
    for (const { value, trend, delta } of kpis) {
      expect(value).not.toBe('');
      expect(trend).toHaveLength(points.length);
      expect(delta.text).toMatch(/^(up|down|unchanged) ?.* vs previous 24 h$/);
    }
  });

  it('marks a cost that leaves out unpriced calls as "at least"', () => {
    expect(metrics.totals.unpricedCalls).toBeGreaterThan(0);
    expect(kpi('Cost')?.qualifier).toBe('at least');
    const priced = { ...metrics, totals: { ...metrics.totals, unpricedCalls: 0 } };
    expect(kpi('Cost', overviewKpis(priced, points, 'x'))?.qualifier).toBeNull();
  });

  it('never shows an unknown cost as zero', () => {
    const unpriced = { ...metrics, totals: { ...metrics.totals, costUsd: null } };
    expect(kpi('Cost', overviewKpis(unpriced, points, 'x'))).toMatchObject({ value: '–', detail: 'no priced call' });
  });

  it('says "no earlier data" on every tile when there is none', () => {
    const first = overviewKpis({ ...metrics, previous: null }, points, 'previous 24 h');
    expect(new Set(first.map(({ delta }) => delta.text))).toEqual(new Set(['no earlier data']));
  });

  it('holds without a single call', () => {
    const quiet = overviewKpis(metricsAnswer([], range), [], 'previous 24 h');
    expect(quiet.map(({ value }) => value)).toEqual(['0', '–', '0', '–', '–', '–']);
  });
});
