import { About, Connections, Health, Realtime, RecordingState, SampleState } from '../contract/gateway-api.ts';
import type { AskQuery, GatewayStatus, HostInfo, UiSettings } from '../contract/ipc.ts';
import { PriceExplanation, PricesState, RepriceState } from '../contract/prices.ts';
import { AlertsState, ThresholdsState } from '../contract/thresholds.ts';
import type { Source } from './analytics.ts';
import type { MainHandlers } from './answer.ts';
import { type AppSettings, createAppSettingHandlers } from './app-setting-handlers.ts';
import type { GatewayRest } from './gateway-rest.ts';
import type { Snapshot } from './live-state.ts';
import { createReportHandlers, type ReportDesk } from './report-handlers.ts';
import type { SettingsStore } from './settings.ts';
import { createSnowflakeHandlers, type SnowflakeParts } from './snowflake-handlers.ts';

export interface HandlerParts {
  readonly source: Source;
  readonly rest: GatewayRest;
  readonly settings: SettingsStore;
  readonly snowflake: SnowflakeParts;
  readonly hostInfo: HostInfo;
  readonly status: () => GatewayStatus;
  readonly snapshot: () => Snapshot | null;
  readonly setRecording: (paused: boolean) => Promise<RecordingState>;
  readonly restartGateway: (port: number | null) => Promise<void>;
  readonly saveUi: (change: AskQuery<'saveUiSettings'>) => Promise<UiSettings>;
  readonly copyText: (text: string) => void;
  /** The path the user chose, or null when they changed their mind. */
  readonly chooseFile: (suggestedName: string) => Promise<string | null>;
  readonly reports: ReportDesk;
  readonly appSettings: AppSettings;
}

/** What main answers to each ask; the work is done elsewhere. */
export function createHandlers(parts: HandlerParts): MainHandlers {
  const { source, rest } = parts;
  return {
    metrics: (query, left) => source.answer('metrics', query, left),
    usage: (query, left) => source.answer('usage', query, left),
    models: (query, left) => source.answer('models', query, left),
    endpoints: (query, left) => source.answer('endpoints', query, left),
    users: (query, left) => source.answer('users', query, left),
    sessions: (query, left) => source.answer('sessions', query, left),
    keys: (query, left) => source.answer('keys', query, left),
    errors: (query, left) => source.answer('errors', query, left),
    unmetered: (query, left) => source.answer('unmetered', query, left),
    limits: (query, left) => source.answer('limits', query, left),
    calls: (query, left) => source.answer('calls', query, left),
    realtime: () => rest.ask('/api/analytics/realtime', Realtime),
    health: () => rest.ask('/api/analytics/health', Health),
    connections: () => rest.ask('/api/analytics/connections', Connections),
    about: () => rest.ask('/api/about', About),
    hostInfo: async () => parts.hostInfo,
    gatewayStatus: async () => parts.status(),
    restartGateway: ({ port }) => parts.restartGateway(port ?? null),
    sampleState: () => rest.ask('/api/sample', SampleState),
    sample: (action) => rest.ask('/api/sample', SampleState, { body: action }),
    uiSettings: async () => parts.settings.current().ui,
    saveUiSettings: (change) => parts.saveUi(change),
    copyText: async (text) => parts.copyText(text),
    prices: () => rest.ask('/api/prices', PricesState),
    savePrices: (overrides) => rest.ask('/api/prices', PricesState, { method: 'PUT', body: { overrides } }),
    explainPrice: (input, signal) => rest.ask('/api/prices/explain', PriceExplanation, { body: input, signal }),
    startReprice: (input) => rest.ask('/api/reprice', RepriceState, { body: input }),
    repriceState: () => rest.ask('/api/reprice', RepriceState),
    cancelReprice: () => rest.ask('/api/reprice', RepriceState, { method: 'DELETE' }),
    liveSnapshot: async () => parts.snapshot(),
    ...createWatchHandlers(parts),
    ...createSnowflakeHandlers(parts.snowflake),
    ...createReportHandlers(parts.reports),
    ...createAppSettingHandlers(parts.appSettings),
  };
}

type WatchAsk = 'recordingState' | 'setRecording' | 'thresholds' | 'saveThresholds' | 'alerts' | 'snoozeAlerts';

/** What a team watches over, and whether it is recorded. */
function createWatchHandlers({ rest, setRecording }: HandlerParts): Pick<MainHandlers, WatchAsk> {
  return {
    recordingState: () => rest.ask('/api/recording', RecordingState),
    setRecording: ({ paused }) => setRecording(paused),
    thresholds: () => rest.ask('/api/thresholds', ThresholdsState),
    saveThresholds: (thresholds) => rest.ask('/api/thresholds', ThresholdsState, { method: 'PUT', body: thresholds }),
    alerts: () => rest.ask('/api/alerts', AlertsState),
    snoozeAlerts: (input) => rest.ask('/api/alerts/snooze', AlertsState, { body: input }),
  };
}
