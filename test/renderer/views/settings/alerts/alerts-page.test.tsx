import { describe, expect, it } from 'vitest';
import type { ThresholdsState } from '../../../../../contract/thresholds.ts';
import { askKey } from '../../../../../renderer/query/use-question.ts';
import { AlertsPage } from '../../../../../renderer/views/settings/alerts/alerts-page.tsx';
import { createDrawing, type DrawingOptions } from '../../../fixture/render-html.tsx';
import { alertsExample, thresholdsExample } from '../../../fixture/watch-asks.ts';

function drawn(known: Partial<ThresholdsState> | null, host: DrawingOptions['host'] = 'electron'): string {
  const { client, html } = createDrawing({ snowflake: 'off', host });
  client.setQueryData(askKey('alerts', undefined), alertsExample(Date.now()));
  if (known !== null)
    client.setQueryData(askKey('thresholds', undefined), { thresholds: thresholdsExample, setAside: null, ...known });
  return html(<AlertsPage />);
}

describe('Budgets & alerts', () => {
  it('lists each budget with its amount, period and calls, each to be edited or removed by name', () => {
    const html = drawn({});
    expect(html).toMatch(/data-budget="Support bot".*?support-bot.*?\$2\.50.*?aria-label="Edit Support bot"/s);
    for (const { name } of thresholdsExample.budgets) expect(html).toContain(`aria-label="Remove ${name}"`);
  });

  it('shows the fields of an alarm that is on, and none of one that is off', () => {
    const html = drawn({});
    expect(html).toMatch(/aria-label="Error rate".*?>Above<.*?value="5"/s);
    expect(html).not.toContain('>Longer than<');
  });

  it('says so where there is no budget, and draws no list', () => {
    const html = drawn({ thresholds: { ...thresholdsExample, budgets: [] } });
    expect(html).toContain('None yet.');
    expect(html).not.toContain('data-budget');
  });

  it('says where a damaged file was put', () => {
    expect(drawn({ setAside: 'thresholds.broken.json' })).toContain('is kept as thresholds.broken.json');
    expect(drawn({})).not.toContain('is kept as');
  });

  it('offers notices in the app, and says in a browser where they come from', () => {
    expect(drawn({})).toContain('aria-label="Notices: Gateway down"');
    const html = drawn({}, 'browser');
    expect(html).toContain('Desktop notices come from the desktop app');
    expect(html).not.toContain('aria-label="Notices:');
    expect(html).toContain('Add a budget');
  });

  it('shows no form before the saved settings are known', () => {
    expect(drawn(null)).not.toContain('Add a budget');
  });
});
