/** Composition root of the window, in data-flow order: bridge → live feed → shell → analytics answers → screen. */
import './styles/index.css';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { UiSettings, type Bridge } from '../contract/ipc.ts';
import { App } from './app.tsx';
import { pickBridge } from './bridge/pick-bridge.ts';
import { settingsKey } from './bridge/stored-settings.ts';
import { documentChartTheme } from './charts/chart-theme.ts';
import { GuardedWindow } from './components/fault.tsx';
import { registerCharts } from './charts/echarts.ts';
import { createLiveStore, startLiveFeed } from './live/live-store.ts';
import { rootErrorHandlers, showPlainFault, startPageErrors, type ReportPageError } from './page-errors.ts';
import { mayRetry } from './query/ask-error.ts';
import { startAlertNews } from './query/alert-news.ts';
import { startHealthNews } from './query/health-news.ts';
import { startLiveRefresh } from './query/live-refresh.ts';
import { createExportDesk } from './reports/export-store.ts';
import { isSummaryAddress, SummaryPage } from './reports/summary-page.tsx';
import { addressOf, hashOf } from './shell/address.ts';
import { ServicesProvider, type Services } from './shell/services.tsx';
import type { ShellState } from './shell/shell-state.ts';
import { createShell } from './shell/shell-store.ts';
import { startTheme } from './shell/theme.ts';
import { goToPlace, placeInAddress } from './shell/told-place.ts';

z.config({ jitless: true }); // a strict content security policy refuses the code zod would generate
registerCharts();

async function start(bridge: Bridge, report: ReportPageError): Promise<void> {
  const { hash } = window.location;
  if (isSummaryAddress(hash)) return show(<SummaryPage bridge={bridge} hash={hash} />, report);
  const live = createLiveStore();
  startLiveFeed(bridge, live);
  const services = createServices(bridge, live, await firstSettings(bridge));
  startShell(services);
  const client = createQueryClient(services);
  startLiveRefresh({ client, live, shell: services.shell, hidden: () => document.hidden });
  startHealthNews({ client, live });
  startAlertNews({ client, live });
  show(<Window services={services} client={client} />, report);
}

function createServices(bridge: Bridge, live: Services['live'], settings: UiSettings): Services {
  const address = addressOf(window.location.hash);
  const { store, actions } = createShell({ bridge, live, settings, address, now: Date.now });
  return { bridge, live, shell: store, actions, exports: createExportDesk({ bridge, notify: actions.notify }) };
}

async function firstSettings(bridge: Bridge): Promise<UiSettings> {
  const answer = await bridge.ask('uiSettings', undefined);
  return answer.ok ? answer.value : UiSettings.parse({});
}

/** What the host tells the shell, and what the shell keeps in the document: theme, density, address. */
function startShell({ bridge, shell, actions }: Services): void {
  bridge.onTold('gatewayStatus', actions.takeStatus);
  bridge.onTold('uiSettings', actions.takeSettings);
  bridge.onTold('navigate', (place) => goToPlace(actions, place));
  const asked = placeInAddress(window.location.hash);
  if (asked !== null) goToPlace(actions, asked);
  void bridge.ask('gatewayStatus', undefined).then((answer) => answer.ok && actions.takeStatus(answer.value));
  const theme = startTheme(
    window,
    () => shell.getState().settings,
    (name) => actions.takeTheme(name, documentChartTheme()),
  );
  shell.subscribe((state, before) => {
    if (state.settings !== before.settings) {
      localStorage.setItem(settingsKey, JSON.stringify(state.settings));
      theme.apply();
    }
    if (shownHash(state) !== shownHash(before)) history.replaceState(null, '', shownHash(state));
  });
  window.addEventListener('hashchange', () => {
    const { screen, section, source, compare = false, period } = addressOf(window.location.hash);
    actions.chooseSource(source);
    actions.viewCharts({ compare });
    if (period !== undefined) actions.choosePeriod(period);
    actions.go(screen, section ?? undefined);
  });
}

function shownHash(state: ShellState): string {
  return hashOf({ ...state, compare: state.chartView.compare, period: state.range.period });
}

function createQueryClient({ actions }: Services): QueryClient {
  const onError = (error: Error): void => {
    if (error instanceof AppError && error.code === 'unauthorized') actions.refuse();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    // Loopback answers do not depend on the machine being online.
    defaultOptions: {
      queries: { retry: mayRetry, networkMode: 'always', staleTime: 1000 },
      mutations: { networkMode: 'always' },
    },
  });
}

function Window({ services, client }: { services: Services; client: QueryClient }) {
  return (
    <QueryClientProvider client={client}>
      <ServicesProvider services={services}>
        <App />
      </ServicesProvider>
    </QueryClientProvider>
  );
}

function show(page: ReactNode, report: ReportPageError): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('The page has no root element');
  createRoot(
    root,
    rootErrorHandlers(report, (error) => showPlainFault(document, error)),
  ).render(
    <StrictMode>
      <GuardedWindow>
        <I18nProvider locale="en-GB">{page}</I18nProvider>
      </GuardedWindow>
    </StrictMode>,
  );
}

const bridge = pickBridge(window);
const report = startPageErrors(bridge, window);
start(bridge, report).catch((error: unknown) => {
  report(error, 'start');
  showPlainFault(document, error);
});
