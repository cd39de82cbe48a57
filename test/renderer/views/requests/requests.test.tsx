import { describe, expect, it } from 'vitest';
import { UiSettings } from '../../../../contract/ipc.ts';
import { requestsExport } from '../../../../renderer/views/requests/use-requests-export.ts';
import { NoRequests } from '../../../../renderer/views/requests/no-requests.tsx';
import { requestCells } from '../../../../renderer/views/requests/request-cells.tsx';
import { Requests } from '../../../../renderer/views/requests/requests.tsx';
import { createDrawing } from '../../fixture/render-html.tsx';
import { recordAt, seeded } from '../../fixture/records.ts';

const call = recordAt(Date.parse('2026-11-23T12:00:00.042Z'), 1, seeded(3));

describe('the Requests screen', () => {
  it('shows search, filters and columns at once, and bars until the first calls are there', () => {
    const { html } = createDrawing({ snowflake: 'off', address: { screen: 'requests' } });
    expect(html(<Requests />)).toMatch(/aria-label="Search requests".*Filter.*Saved.*aria-busy="true"/s);
  });

  it('tells filters that hide everything from a period without calls', () => {
    const drawing = createDrawing({ snowflake: 'idle', address: { screen: 'requests', source: 'snowflake' } });
    expect(drawing.html(<NoRequests />)).toMatch(/No gateway has delivered a call.*Show the last 90 days/s);
    drawing.actions.filterRequests({ search: 'nowhere', filter: {} });
    expect(drawing.html(<NoRequests />)).toMatch(/No call of this period passes the filters.*Clear filters/s);
  });

  it('draws a chip for each filter that says what it removes', () => {
    const drawing = createDrawing({ snowflake: 'off', address: { screen: 'requests' } });
    drawing.actions.showRequests({ search: '', filter: { outcome: ['client_aborted'], tags: { team: ['search'] } } });
    const html = drawing.html(<Requests />);
    expect(html).toContain('aria-label="Remove filter Outcome cancelled"');
    expect(html).toContain('aria-label="Remove filter Tag team=search"');
  });
});

describe('the cells of a request', () => {
  it('gives a time its zone and its milliseconds', () => {
    expect(requestCells.time.title?.(call, 'Europe/Paris')).toBe('23 Nov 2026, 13:00:00.042 Europe/Paris (UTC+1)');
    expect(requestCells.time.title?.(call, 'UTC')).toMatch(/12:00:00\.042 UTC$/);
  });

  it('writes an unknown price and unknown tokens as a dash with a reason', () => {
    const unknown = { ...call, costUsd: null, inputTokens: null, outcome: 'ok', usageSource: 'reported' } as const;
    expect(requestCells.cost.show(unknown, 'UTC')).toBe('–');
    expect(requestCells.cost.title?.(unknown, 'UTC')).toContain('No list price is known');
    expect(requestCells.in.show(unknown, 'UTC')).toBe('–');
    expect(requestCells.in.title?.(unknown, 'UTC')).toBe('Not reported by the provider');
  });
});

it('exports exactly what is listed: period, source, filters and search, and no page', () => {
  const { shell } = createDrawing({ snowflake: 'off' });
  const state = {
    range: shell.getState().range,
    settings: UiSettings.parse({ utc: true }),
    requestFilter: { search: ' abc ', filter: { user: ['ana'] } },
  };
  expect(requestsExport(state, 'duckdb')).toEqual({
    range: '24h',
    tz: 'UTC',
    filter: { user: ['ana'] },
    search: 'abc',
  });
  expect(requestsExport(state, 'snowflake')).toMatchObject({ source: 'snowflake' });
});
