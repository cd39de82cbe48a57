import { describe, expect, it } from 'vitest';
import { askKey } from '../../../../../renderer/query/use-question.ts';
import { PricesPage } from '../../../../../renderer/views/settings/prices/prices-page.tsx';
import { priceAsks, type PricesScenario } from '../../../fixture/price-asks.ts';
import { createDrawing } from '../../../fixture/render-html.tsx';

const page = (scenario: PricesScenario): string => {
  const drawing = createDrawing({ snowflake: 'off', address: { screen: 'settings', section: 'prices' } });
  drawing.client.setQueryData(askKey('prices', undefined), priceAsks(() => [], scenario).prices(undefined));
  return drawing.html(<PricesPage />);
};

describe('Settings, Prices', () => {
  it('lists the own prices in order, with the day and the versions of the public lists', () => {
    const html = page('own');
    expect(html).toMatch(/Prices as of.*2026-09-23.*genai-prices 0\.1\.8/s);
    expect(html).toMatch(/gemini-2\.5-\*.*gpt-image-\*/s);
    expect(html).toContain('Web searches $0.014 each');
    expect(html).not.toContain('is not in use');
  });

  it('says what is wrong with the file on disk and what is in force instead', () => {
    expect(page('fault')).toMatch(/role="alert".*prices\.json line 14.*last good list stays in force/s);
  });

  it('says that none are there', () => expect(page('none')).toContain('every call is priced by the public lists'));
});
