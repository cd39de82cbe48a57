import { describe, expect, it } from 'vitest';
import { startAlertNews } from '../../../../renderer/query/alert-news.ts';
import { askKey } from '../../../../renderer/query/use-question.ts';
import { AlertBell } from '../../../../renderer/views/alerts/alert-bell.tsx';
import { AlertList } from '../../../../renderer/views/alerts/alert-list.tsx';
import { BudgetPanel } from '../../../../renderer/views/alerts/budget-panel.tsx';
import { createDrawing } from '../../fixture/render-html.tsx';
import { alertsExample } from '../../fixture/watch-asks.ts';

const state = alertsExample(Date.now());

function drawing(more: Partial<typeof state> = {}) {
  const made = createDrawing({ snowflake: 'off' });
  made.client.setQueryData(askKey('alerts', undefined), { ...state, ...more });
  return made;
}

describe('the bell', () => {
  it('counts what holds, not what has ended, and says so in words', () => {
    expect(drawing().html(<AlertBell />)).toMatch(/data-alert-bell="2"[^>]*aria-label="2 alerts now"/);
    expect(drawing({ alerts: [] }).html(<AlertBell />)).toContain('aria-label="No alerts"');
  });

  it('says that notices are snoozed', () => {
    const snoozedUntil = new Date(Date.now() + 3_600_000).toISOString();
    expect(drawing({ snoozedUntil }).html(<AlertBell />)).toContain('2 alerts now. Snoozed until');
  });

  it('follows what the gateway tells', () => {
    const { client, live, html } = drawing();
    const { stop } = startAlertNews({ client, live });
    live.setState({ alerts: { ...state, alerts: state.alerts.slice(0, 1) } });
    expect(html(<AlertBell />)).toContain('1 alert now');
    stop();
  });
});

it('the list has each alert with its level in words, newest first, as a way to its calls', () => {
  const html = drawing().html(<AlertList alerts={state.alerts} onOpen={() => undefined} />);
  expect(html).toMatch(/critical.*Support bot.*warning.*Research.*ended.*Errors above 5 %/s);
});

describe('the budget panel', () => {
  it('has the fullest first, each measured for screen readers, with a lower bound said as such', () => {
    const html = drawing().html(<BudgetPanel />);
    expect(html).toMatch(/data-budget="Support bot".*data-budget="Research".*data-budget="Everything"/s);
    expect(html).toMatch(/<meter[^>]*aria-label="Support bot: \$2\.60 of \$2\.50, 104%"/);
    expect(html).toContain('at least $103.20 of $120.00');
  });

  it('is nothing where no budget is set, and nothing about the fleet', () => {
    expect(drawing({ budgets: [] }).html(<BudgetPanel />)).toBe('');
    const fleet = createDrawing({ snowflake: 'fleet', address: { source: 'snowflake' } });
    fleet.client.setQueryData(askKey('alerts', undefined), state);
    expect(fleet.html(<BudgetPanel />)).toBe('');
  });
});
