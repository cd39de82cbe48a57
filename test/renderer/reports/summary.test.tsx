import { renderToStaticMarkup } from 'react-dom/server';
import { afterAll, describe, expect, it } from 'vitest';
import { readSummaryHash, summaryHash } from '../../../contract/summary-address.ts';
import { loadSummary } from '../../../renderer/reports/summary-data.ts';
import { Summary } from '../../../renderer/reports/summary.tsx';
import { filterWords, periodTitle } from '../../../renderer/reports/summary-words.ts';
import { createFixtureBridge } from '../fixture/fixture-bridge.ts';

const bridge = createFixtureBridge({ scenario: 'busy', callsPerSecond: 1 });
afterAll(() => bridge.stop());

const charts = {
  cost: 'data:image/png;base64,COST',
  latency: 'data:image/png;base64,LATENCY',
  legend: [{ group: '', colour: '#1f6feb', costUsd: 1.5 }],
};

describe('the summary', () => {
  const query = { range: '24h', tz: 'Europe/Berlin' } as const;

  it('says period, zone and source, the six numbers with what they were before, and how they are made', async () => {
    const data = await loadSummary(bridge, query);
    const html = renderToStaticMarkup(<Summary data={data} charts={charts} />);
    for (const text of ['AI usage summary', 'Europe/Berlin (UTC+', 'Calls through this gateway', 'It is no invoice'])
      expect(html).toContain(text);
    for (const label of ['Requests', 'Cost', 'Tokens', 'Latency p95', 'First token p50', 'Errors'])
      expect(html).toContain(`data-kpi="${label}"`);
    expect(html).toMatch(/(up|down|unchanged).{0,12} ?vs the 24 h before/);
    expect(html).toContain('src="data:image/png;base64,COST"');
    for (const title of ['Models by cost', 'Endpoints by calls', 'Users by cost', 'Keys by cost', 'Latest errors'])
      expect(html).toContain(`<h2>${title}</h2>`);
    const [model] = data.models.models;
    expect(html).toContain(model?.model);
  });

  it('of a fleet, of filtered calls and of unknown prices says so', async () => {
    const data = await loadSummary(bridge, query);
    const totals = { ...data.metrics.totals, unpricedCalls: 1 };
    const filtered = { ...query, source: 'snowflake', filter: { model: ['a', 'b'], tags: { team: ['x'] } } } as const;
    const shown = {
      ...data,
      metrics: { ...data.metrics, totals },
      query: { ...filtered, filter: { model: ['a', 'b'], tags: { team: ['x'] } } },
    };
    const html = renderToStaticMarkup(<Summary data={shown} charts={charts} />);
    expect(html).toContain('Calls of all gateways that deliver to Snowflake');
    expect(html).toContain('Only calls with model a or b, tag team x');
    expect(html).toContain('1 call has no known price, so costs here are at least the sums shown.');
  });

  it('with a question that fails is not made at all', async () => {
    const failing = createFixtureBridge({ scenario: 'error' });
    await expect(loadSummary(failing, query)).rejects.toMatchObject({ code: 'warehouse_unavailable' });
    failing.stop();
  });
});

it('whole days are named by their dates, everything else to the minute', () => {
  const days = { from: '2026-11-15T23:00:00Z', to: '2026-11-22T23:00:00Z', tz: 'Europe/Berlin' };
  expect(periodTitle(days)).toBe('16 Nov 2026 – 22 Nov 2026');
  expect(periodTitle({ ...days, from: '2026-11-21T23:00:00Z' })).toBe('22 Nov 2026');
  expect(periodTitle({ ...days, to: '2026-11-22T23:30:00Z' })).toBe('16 Nov 2026, 00:00 – 23 Nov 2026, 00:30');
  expect(filterWords({ model: [] })).toBeNull();
});

it('the address of a summary leads back to its query, and anything else is refused', () => {
  const query = { from: '2026-11-23T00:00:00Z', to: '2026-11-24T00:00:00Z', filter: { model: ['a&b=c#?'] } };
  expect(readSummaryHash(summaryHash(query, true))).toEqual({ query: expect.objectContaining(query), print: true });
  expect(readSummaryHash('#/overview')).toBeNull();
  expect(() => readSummaryHash('#/summary?q=%7B')).toThrow('JSON');
  expect(() => readSummaryHash(summaryHash({ range: 'for ever' }, false))).toThrow('range');
});
