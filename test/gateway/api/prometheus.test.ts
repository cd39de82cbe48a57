import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snowflakeOff } from '../../../contract/snowflake.ts';
import type { Alert } from '../../../contract/thresholds.ts';
import { goodHealth, quiet, startControlServer, type ControlServer } from '../../helpers/control-server.ts';
import { usageRecord } from '../../helpers/usage-records.ts';

let server: ControlServer;
beforeAll(async () => {
  server = await startControlServer();
});
afterAll(() => server.stop());

interface Sample {
  readonly name: string;
  readonly labels: string;
  readonly value: number;
}

/** Reads the exposition format line by line; a line that is none of its forms fails. */
function parse(text: string): { types: ReadonlyMap<string, string>; samples: readonly Sample[] } {
  const types = new Map<string, string>();
  const helps = new Set<string>();
  const samples: Sample[] = [];
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.trimEnd().split('\n')) {
    const help = /^# HELP ([a-z_]+) .+$/.exec(line)?.[1];
    const type = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/.exec(line);
    const sample = /^([a-z_]+)(\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+\})? (\S+)$/.exec(line);
    if (help !== undefined) helps.add(help);
    else if (type !== null) types.set(type[1] ?? '', type[2] ?? '');
    else if (sample !== null)
      samples.push({ name: sample[1] ?? '', labels: sample[2] ?? '', value: Number(sample[3]) });
    else throw new Error(`Not a line of the format: ${line}`);
  }
  expect([...helps].toSorted()).toEqual([...types.keys()].toSorted());
  return { types, samples };
}

const research = { id: 'b1', name: 'Research', period: 'month', limitUsd: 10, filter: {} } as const;
const untold = { ...research, id: 'b2', name: 'Quiet' } as const;
const month = { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z', unpricedCalls: 0 };
const crossed: Alert = {
  id: 'budget:b1:2026-11:80',
  kind: 'budget',
  level: 'warning',
  title: 'Budget "Research" is at 80 %',
  text: '',
  at: '2026-11-24T10:00:00.000Z',
  endedAt: null,
  filter: {},
  range: 'month',
};

describe('GET /metrics', () => {
  it('has the alerts that hold and how each budget stands, without a sample for spending that is unknown', async () => {
    const withBudgets = await startControlServer({
      alerts: {
        state: () => ({
          ...quiet,
          alerts: [crossed, { ...crossed, id: 'old', endedAt: crossed.at }],
          budgets: [
            { ...month, budget: research, spentUsd: 8.5 },
            { ...month, budget: untold, spentUsd: null },
          ],
        }),
      },
    });
    const { samples } = parse(await (await withBudgets.get('/metrics')).text());
    await withBudgets.stop();
    const of = (family: string) =>
      samples.filter(({ name }) => name === family).map(({ labels, value }) => [labels, value]);
    expect(of('aism_alerts')).toEqual([
      ['{kind="budget"}', 1],
      ['{kind="error_rate"}', 0],
      ['{kind="latency"}', 0],
    ]);
    expect(of('aism_budget_spent_usd')).toEqual([['{id="b1",name="Research",period="month"}', 8.5]]);
    expect(of('aism_budget_limit_usd')).toHaveLength(2);
  });

  it('is well-formed: every family has help, type and samples of its own', async () => {
    server.counters.callEnded(usageRecord({ upstream: 'we"ird\\name' }));
    const response = await server.get('/metrics');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const { types, samples } = parse(await response.text());
    for (const { name, value } of samples) {
      expect([name, types.has(name.replace(/_(bucket|sum|count)$/, '')) || types.has(name)]).toEqual([name, true]);
      expect([name, Number.isNaN(value)]).toEqual([name, false]);
    }
    for (const [name, type] of types)
      expect([name, type !== 'counter' || name.endsWith('_total')]).toEqual([name, true]);
  });

  it('counts calls, tokens, cost and unpriced calls by upstream, and never counts an unknown price as 0 dollars', async () => {
    server.counters.callEnded(usageRecord({ upstream: 'u', inputTokens: 10, outputTokens: 4, costUsd: 0.5 }));
    server.counters.callEnded(usageRecord({ upstream: 'u', inputTokens: 1, outputTokens: null, costUsd: null }));
    server.counters.callEnded(
      usageRecord({
        upstream: 'u',
        outcome: 'rate_limited',
        statusCode: 429,
        costUsd: null,
        usageSource: 'none',
        inputTokens: null,
        outputTokens: null,
        durationMs: null,
        ttftMs: null,
      }),
    );
    const { samples } = parse(await (await server.get('/metrics')).text());
    const value = (name: string, labels: string) =>
      samples.find((sample) => sample.name === name && sample.labels === labels)?.value;
    expect(value('aism_calls_total', '{upstream="u",outcome="ok"}')).toBe(2);
    expect(value('aism_calls_total', '{upstream="u",outcome="rate_limited"}')).toBe(1);
    expect(value('aism_tokens_total', '{upstream="u",kind="input"}')).toBe(11);
    expect(value('aism_tokens_total', '{upstream="u",kind="output"}')).toBe(4);
    expect(value('aism_cost_usd_total', '{upstream="u"}')).toBe(0.5);
    expect(value('aism_unpriced_calls_total', '{upstream="u"}')).toBe(1);
    expect(value('aism_call_duration_seconds_count', '{upstream="u"}')).toBe(2);
  });

  it('counts usage that does not add up, usage that could not be read by its reason, and drains by their end', async () => {
    server.counters.callEnded(usageRecord({ upstream: 'm', usageMismatch: true }));
    server.counters.callEnded(usageRecord({ upstream: 'm' }));
    server.counters.usageFaults.count('too_large');
    server.counters.drains.count('timeout');
    const { samples } = parse(await (await server.get('/metrics')).text());
    const value = (name: string, labels: string) =>
      samples.find((sample) => sample.name === name && sample.labels === labels)?.value;
    expect(value('aism_usage_mismatch_total', '{upstream="m"}')).toBe(1);
    expect(value('aism_usage_unread_total', '{reason="too_large"}')).toBe(1);
    expect(value('aism_usage_unread_total', '{reason="invalid_count"}')).toBe(0);
    expect(value('aism_drains_total', '{end="timeout"}')).toBe(1);
    expect(value('aism_drains_total', '{end="complete"}')).toBe(0);
  });

  it('has cumulative histogram buckets that end in the count', async () => {
    for (const durationMs of [50, 700, 400_000]) server.counters.callEnded(usageRecord({ upstream: 'h', durationMs }));
    const { samples } = parse(await (await server.get('/metrics')).text());
    const buckets = samples.filter(
      ({ name, labels }) => name === 'aism_call_duration_seconds_bucket' && labels.includes('"h"'),
    );
    const values = buckets.map(({ value }) => value);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    expect(values[0]).toBe(1);
    expect(buckets.at(-1)).toMatchObject({ labels: '{upstream="h",le="+Inf"}', value: 3 });
    expect(values.at(-2)).toBe(2);
  });

  it('tells backlog, deliveries and phase of Snowflake while it is on, and nothing of it while it is off', async () => {
    const snowflakeSamples = async () =>
      parse(await (await server.get('/metrics')).text()).samples.filter(({ name }) =>
        name.startsWith('aism_snowflake'),
      );
    expect(await snowflakeSamples()).toEqual([]);
    const snowflake = {
      ...snowflakeOff('', 'acc'),
      state: 'degraded',
      phase: 'offline',
      backlogRows: 42,
      backlogBytes: 4_200,
      deliveredRows: 7,
      parkedRows: 1,
    } as const;
    server.setHealth({ ...goodHealth, checks: { ...goodHealth.checks, snowflake } });
    const values = Object.fromEntries(
      (await snowflakeSamples()).map(({ name, labels, value }) => [name + labels, value]),
    );
    server.setHealth(goodHealth);
    expect(values).toMatchObject({
      aism_snowflake_backlog_rows: 42,
      aism_snowflake_backlog_bytes: 4_200,
      aism_snowflake_delivered_rows_total: 7,
      aism_snowflake_parked_rows_total: 1,
      'aism_snowflake_phase{phase="offline"}': 1,
      'aism_snowflake_phase{phase="idle"}': 0,
    });
  });
});
