/** Panels of the overview with the words and rows that are theirs. */
import { expect, it } from 'vitest';
import type { ErrorRow, ModelRow } from '../../../../contract/analytics.ts';
import { errorFilter } from '../../../../renderer/views/overview/errors-panel.tsx';
import { latencyTable } from '../../../../renderer/views/overview/latency-panel.tsx';
import { ModelsPanel, shareCost } from '../../../../renderer/views/overview/models-panel.tsx';
import { usageTable } from '../../../../renderer/views/overview/usage-panel.tsx';
import { previousPeriod } from '../../../../renderer/charts/previous.ts';
import { recordsBefore } from '../../fixture/records.ts';
import { createDrawing } from '../../fixture/render-html.tsx';
import { usageAnswer } from '../../fixture/usage-answer.ts';

const range = { from: '2026-11-23T10:00:00.000Z', to: '2026-11-23T12:00:00.000Z', tz: 'UTC' };
const records = recordsBefore(Date.parse(range.to), 7_200_000, 60);
const model: ModelRow = {
  provider: 'google',
  model: 'gemini-2.5-pro',
  calls: 1,
  share: 1,
  inputTokens: 1,
  outputTokens: 1,
  costUsd: 2,
  unpricedCalls: 0,
  p95Ms: 5,
};

it('writes one call as one call, and leads from a known model to its calls', () => {
  const { html } = createDrawing({ snowflake: 'off' });
  const query = {
    data: { range, models: [model, { ...model, model: null, calls: 2 }] },
    error: null,
    isPlaceholderData: false,
    isFetching: false,
    refetch: () => undefined,
  };
  const drawn = html(<ModelsPanel query={query} slots={new Map()} />);
  expect(drawn).toMatch(/1 call ·/);
  expect(drawn).not.toContain('1 calls');
  expect(drawn).toMatch(/2 calls/);
  expect(drawn.match(/<button[^>]*class="share"/g)).toHaveLength(1);
  expect(drawn).toContain('unknown model');
});

it('says what the cost of a model is known to be', () => {
  expect(shareCost({ costUsd: 2, unpricedCalls: 0 })).toBe('$2.00');
  expect(shareCost({ costUsd: 2, unpricedCalls: 1 })).toBe('at least $2.00');
  expect(shareCost({ costUsd: null, unpricedCalls: 1 })).toBe('no price');
  expect(shareCost({ costUsd: null, unpricedCalls: 0 })).toBe('no cost');
});

it('filters the calls of an error by model, or by endpoint where the model is not known', () => {
  const row: ErrorRow = {
    outcome: 'timeout',
    statusCode: null,
    errorCode: null,
    upstream: 'gemini',
    endpoint: '/v1/x',
    model: 'm',
    calls: 1,
    lastAt: range.from,
    lastCallId: 'id',
  };
  expect(errorFilter(row)).toEqual({ outcome: ['timeout'], upstream: ['gemini'], model: ['m'] });
  expect(errorFilter({ ...row, model: null })).toEqual({
    outcome: ['timeout'],
    upstream: ['gemini'],
    endpoint: ['/v1/x'],
  });
});

it('gives each chart as a table: a row a bucket, a column a group, the sum, and the previous period', () => {
  const usage = usageAnswer(records, range, { groupBy: 'model' });
  const choice = { measure: 'calls', groupBy: 'model', tz: 'UTC' } as const;
  const plain = usageTable(usage, { ...choice, previous: null });
  expect(plain.caption).toBe('Calls by model, per minute');
  expect(plain.head.at(0)).toBe('From');
  expect(plain.head.at(-1)).toBe('Total');
  expect(plain.rows).toHaveLength(120);
  expect(plain.rows.every((row) => row.length === plain.head.length)).toBe(true);
  const previous = previousPeriod('previous 2 h', usageAnswer(records, range), 120);
  const compared = usageTable(usage, { ...choice, previous });
  expect(compared.head.at(-1)).toBe('Previous 2 h');
  expect(compared.rows.map((row) => row.at(-1))).toEqual(compared.rows.map((row) => row.at(-2)));
  const latency = latencyTable(usageAnswer(records, range), 'UTC', previous);
  expect(latency.head).toEqual(['From', 'p50', 'p95', 'Calls', 'Previous 2 h: p50', 'Previous 2 h: p95']);
  expect(latency.rows.every((row) => row.length === 6)).toBe(true);
});
