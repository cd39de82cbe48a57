/** The Costs screen in each of its states, as HTML. */
import { afterAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../../../contract/errors.ts';
import { Costs } from '../../../../renderer/views/costs/costs.tsx';
import { DailyPanel } from '../../../../renderer/views/costs/daily-panel.tsx';
import { createFixtureBridge } from '../../fixture/fixture-bridge.ts';
import { createDrawing, type Drawing } from '../../fixture/render-html.tsx';
import { settle } from '../../fixture/settle.ts';

const bridges = {
  data: createFixtureBridge({ scenario: 'stale' }), // calls, and no traffic that would go on
  empty: createFixtureBridge({ scenario: 'empty' }),
  error: createFixtureBridge({ scenario: 'error' }),
} as const;
afterAll(() => Object.values(bridges).forEach((bridge) => bridge.stop()));

type Questions = 'metrics' | 'usage' | 'unmetered';
const isQuestion = (name: string): name is Questions => ['metrics', 'usage', 'unmetered'].includes(name);

function drawing(): Drawing {
  return createDrawing({ snowflake: 'off', address: { screen: 'costs' } });
}

/** Draws twice: the first asks, the second shows what was answered. */
async function shown(made: Drawing, state: keyof typeof bridges): Promise<string> {
  const draw = (): string => made.html(<Costs />);
  const respond = (name: string, input: unknown): Promise<Answer<unknown>> | undefined =>
    isQuestion(name) ? bridges[state].ask(name, { range: '24h', tz: 'UTC', ...Object(input) }) : undefined;
  draw();
  await settle(made, respond);
  draw(); // what is compared is asked only when its period is known
  await settle(made, respond);
  return draw();
}

describe('the Costs screen', () => {
  it('shows what is asked for while it waits: tiles and panels with their names', () => {
    const html = drawing().html(<Costs />);
    expect(html.match(/aria-busy="true"/g)?.length).toBeGreaterThanOrEqual(6);
    expect(html).toMatch(/This month so far.*Forecast to the month’s end.*Cost by model.*Models without a price/s);
  });

  it('shows costs, the month, a forecast with its method, models without a price and the table', async () => {
    const html = await shown(drawing(), 'data');
    expect(html).toMatch(/data-kpi="Cost".*data-kpi="This month so far".*data-kpi="Forecast to the month’s end"/s);
    expect(html).toMatch(/so far \+ \$[\d.]+ a day.*mean of the last \d full days/s);
    expect(html).toContain('at least');
    expect(html).toMatch(/Models without a price.*Price table.*gemini-flash-latest.*Add a price/s);
    expect(html).toMatch(/<caption[^>]*>Cost by model<\/caption>.*claude-sonnet-4-5/s);
    expect(html).not.toContain('Previous 24 h');
  });

  it('compares each group with the previous period when asked to', async () => {
    const made = drawing();
    made.actions.viewCharts({ compare: true });
    const html = await shown(made, 'data');
    expect(html).toMatch(/<th[^>]*>.*Previous 24 h.*Change.*Share/s);
    expect(html).toMatch(/>(up [\d.]+%|down [\d.]+%|unchanged)</);
  });

  it('says without a call that there is none, and that a forecast needs days', async () => {
    const html = await shown(drawing(), 'empty');
    expect(html).toContain('No calls in this period');
    expect(html).toContain('Every call has a price');
    expect(html).toMatch(/not enough data.*needs 3 full days, none seen/s);
    expect(html).not.toContain('$0');
  });

  it('says in each tile and panel that it could not be read, with a way to try again', async () => {
    const html = await shown(drawing(), 'error');
    expect(html.match(/disk is full/g)?.length).toBeGreaterThanOrEqual(6);
    expect(html.match(/Retry/g)?.length).toBeGreaterThanOrEqual(6);
  });

  it('dims what it shows when the connection is lost', async () => {
    const made = drawing();
    const answer = await bridges.data.ask('gatewayStatus', undefined);
    if (answer.ok) made.actions.takeStatus(answer.value);
    expect(await shown(made, 'data')).toContain('data-stale="true"');
  });
});

describe('cost by day', () => {
  it('asks nothing while it is closed', () => {
    const made = drawing();
    made.html(<DailyPanel />);
    expect(made.client.getQueryCache().findAll({ queryKey: ['panels', 'usage'] })).toEqual([]);
  });

  it('shows a row a day and their sum when it is open', async () => {
    const made = drawing();
    made.html(<DailyPanel startsOpen />);
    await settle(made, (name, input) =>
      isQuestion(name) ? bridges.data.ask(name, { tz: 'UTC', ...Object(input) }) : undefined,
    );
    expect(made.html(<DailyPanel startsOpen />)).toMatch(/Cost by day.*<tfoot>.*2 days/s);
  });

  it('says why there is none when it failed', async () => {
    const made = drawing();
    made.html(<DailyPanel startsOpen />);
    await settle(made, (name) => (isQuestion(name) ? bridges.error.ask(name, {}) : undefined));
    expect(made.html(<DailyPanel startsOpen />)).toMatch(/disk is full.*Retry/s);
  });
});
