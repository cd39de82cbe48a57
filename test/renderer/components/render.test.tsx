/** What components write for each state, rendered to HTML without a browser. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../contract/errors.ts';
import { UiSettings, type GatewayStatus } from '../../../contract/ipc.ts';
import { KpiTile } from '../../../renderer/components/kpi-tile.tsx';
import { OutcomeBadge } from '../../../renderer/components/outcome-badge.tsx';
import { Panel } from '../../../renderer/components/panel.tsx';
import type { PanelQuery } from '../../../renderer/components/panel-state.ts';
import { createLiveStore } from '../../../renderer/live/live-store.ts';
import { FailureBanner } from '../../../renderer/shell/failure-banner.tsx';
import { ServicesProvider } from '../../../renderer/shell/services.tsx';
import { createExportDesk } from '../../../renderer/reports/export-store.ts';
import { createShell } from '../../../renderer/shell/shell-store.ts';
import { StatusStrip } from '../../../renderer/shell/status-strip.tsx';
import { SummaryTab } from '../../../renderer/views/live/peek-tabs.tsx';
import { createFixtureBridge } from '../fixture/fixture-bridge.ts';
import { recordAt, seeded } from '../fixture/records.ts';

const bridge = createFixtureBridge({ scenario: 'empty' });
const live = createLiveStore();
const { store, actions } = createShell({
  bridge,
  live,
  settings: UiSettings.parse({ utc: true }),
  address: { screen: 'overview', section: null, source: 'duckdb' },
  now: () => Date.parse('2026-11-23T12:00:00Z'),
});
const exports = createExportDesk({ bridge, notify: actions.notify });
afterAll(() => bridge.stop());

function html(element: ReactNode): string {
  const client = new QueryClient();
  // Rendering to a string reads a store's initial state; here it is to read the present one.
  const shell = { ...store, getInitialState: store.getState };
  client.setQueryData(['ask', 'hostInfo', null], { kind: 'electron', version: '', platform: 'linux', electron: '45' });
  return renderToStaticMarkup(
    <QueryClientProvider client={client}>
      <ServicesProvider services={{ bridge, live, shell, actions, exports }}>{element}</ServicesProvider>
    </QueryClientProvider>,
  );
}

const idle: PanelQuery<string> = { data: undefined, error: null, isPlaceholderData: false, isFetching: false };
const panel = (query: Partial<PanelQuery<string>>): string =>
  html(
    <Panel
      title="Latency"
      query={{ ...idle, ...query, refetch: () => undefined }}
      isEmpty={(data) => data === ''}
      empty="No calls in this period"
    >
      {(data) => <b>{data}</b>}
    </Panel>,
  );

describe('a panel', () => {
  it('shows each of its faces', () => {
    expect(panel({})).toContain('aria-busy="true"');
    expect(panel({ data: '' })).toContain('No calls in this period');
    expect(panel({ data: 'chart' })).toContain('<b>chart</b>');
    const failed = panel({ error: new AppError('timeout', 'It took too long') });
    expect(failed).toContain('role="alert"');
    expect(failed).toMatch(/It took too long.*Retry.*Copy details/);
  });

  it('keeps old data beside an error and says that it could not refresh', () => {
    const outdated = panel({ data: 'old chart', error: new AppError('timeout', 'It took too long') });
    expect(outdated).toContain('<b>old chart</b>');
    expect(outdated).toContain('could not refresh');
  });
});

it('writes a tile with its qualifier, value and worded change', () => {
  const delta = { arrow: 'up', text: 'up 12% vs previous 24 h', tone: 'warn' } as const;
  const tile = html(
    <KpiTile
      label="Cost"
      value="$1.50"
      exact="$1.500000001"
      qualifier="at least"
      detail="x"
      delta={delta}
      trend={[1, 2]}
    />,
  );
  expect(tile).toMatch(/at least.*\$1\.50.*up 12% vs previous 24 h/);
  expect(tile).toContain('title="$1.500000001"');
});

it('writes outcomes as words with a shape, and the status where it says more', () => {
  expect(html(<OutcomeBadge outcome="rate_limited" statusCode={429} />)).toMatch(/<svg.*rate limited.*429/);
  expect(html(<OutcomeBadge outcome="ok" statusCode={200} />)).toMatch(/>ok<\/span>$/);
  expect(html(<OutcomeBadge outcome="client_aborted" />)).toContain('cancelled');
});

it('says in the details of a call why there is no cost, and that bodies are not kept', () => {
  const record = {
    ...recordAt(0, 1, seeded(1)),
    costUsd: null,
    costSource: 'none',
    model: 'gemini-flash-latest',
  } as const;
  const summary = html(<SummaryTab record={{ ...record, outcome: 'ok', usageSource: 'reported' }} />);
  expect(summary).toContain('No list price is known for gemini-flash-latest');
  expect(summary).toContain('Prompts and answers are not captured');
  expect(summary).not.toContain('$0');
});

describe('the gateway’s state', () => {
  const status: GatewayStatus = {
    phase: 'failed',
    detail: 'Port 8787 is taken by node (process 4242)',
    url: null,
    live: 'lost',
    liveSince: '2026-11-23T11:58:00.000Z',
    retryInMs: null,
    suggestedPort: 8788,
  };

  it('offers the free port and a retry when the port is taken', () => {
    actions.takeStatus(status);
    expect(html(<FailureBanner />)).toMatch(/process 4242.*Use port.*8788.*Try again/);
    expect(html(<StatusStrip />)).toMatch(/Failed.*Stale since 11:58:00/);
  });

  it('needs no banner while the gateway comes back by itself', () => {
    actions.takeStatus({ ...status, phase: 'restarting', suggestedPort: null, retryInMs: 4000 });
    expect(html(<FailureBanner />)).toBe('');
    expect(html(<StatusStrip />)).toContain('Stale since 11:58:00, retrying');
  });

  it('shows the address to copy while running', () => {
    actions.takeStatus({
      ...status,
      phase: 'running',
      live: 'connected',
      url: 'http://127.0.0.1:8787',
      suggestedPort: null,
    });
    const strip = html(<StatusStrip />);
    expect(strip).toMatch(/Running.*http:\/\/127\.0\.0\.1:8787.*Copy Base URL/);
    expect(strip).not.toContain('Stale');
  });
});
