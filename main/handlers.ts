import { questions } from '../contract/analytics.ts';
import { About, Connections, Health, Realtime, SampleState } from '../contract/gateway-api.ts';
import type { AskOutput, AskQuery, GatewayStatus, Handlers, HostInfo, UiSettings } from '../contract/ipc.ts';
import { toSearchParams } from '../contract/query-string.ts';
import type { Source } from './analytics.ts';
import { csvFileName, saveCsv } from './csv-export.ts';
import type { GatewayRest } from './gateway-rest.ts';
import type { Snapshot } from './live-state.ts';
import type { SettingsStore } from './settings.ts';

export interface HandlerParts {
  readonly source: Source;
  readonly rest: GatewayRest;
  readonly settings: SettingsStore;
  readonly hostInfo: HostInfo;
  readonly status: () => GatewayStatus;
  readonly snapshot: () => Snapshot | null;
  readonly restartGateway: (port: number | null) => Promise<void>;
  readonly saveUi: (change: AskQuery<'saveUiSettings'>) => Promise<UiSettings>;
  readonly copyText: (text: string) => void;
  /** The path the user chose, or null when they changed their mind. */
  readonly chooseFile: (suggestedName: string) => Promise<string | null>;
}

/** What main answers to each ask; the work is done elsewhere. */
export function createHandlers(parts: HandlerParts): Handlers {
  const { source, rest } = parts;
  return {
    metrics: (query) => source.answer('metrics', query),
    usage: (query) => source.answer('usage', query),
    models: (query) => source.answer('models', query),
    endpoints: (query) => source.answer('endpoints', query),
    users: (query) => source.answer('users', query),
    sessions: (query) => source.answer('sessions', query),
    keys: (query) => source.answer('keys', query),
    errors: (query) => source.answer('errors', query),
    unmetered: (query) => source.answer('unmetered', query),
    calls: (query) => source.answer('calls', query),
    realtime: () => rest.ask('/api/analytics/realtime', Realtime),
    health: () => rest.ask('/api/analytics/health', Health),
    connections: () => rest.ask('/api/analytics/connections', Connections),
    about: () => rest.ask('/api/about', About),
    hostInfo: async () => parts.hostInfo,
    gatewayStatus: async () => parts.status(),
    restartGateway: ({ port }) => parts.restartGateway(port ?? null),
    sampleState: () => rest.ask('/api/sample', SampleState),
    sample: (action) => rest.ask('/api/sample', SampleState, { body: action }),
    exportCsv: (input) => exportCsv(parts, input),
    uiSettings: async () => parts.settings.current().ui,
    saveUiSettings: (change) => parts.saveUi(change),
    copyText: async (text) => parts.copyText(text),
    liveSnapshot: async () => parts.snapshot(),
  };
}

async function exportCsv(
  { rest, chooseFile }: HandlerParts,
  { question, query }: AskQuery<'exportCsv'>,
): Promise<AskOutput<'exportCsv'>> {
  const params = toSearchParams(questions[question].query.parse(query));
  params.set('format', 'csv');
  const path = await chooseFile(csvFileName(question, new Date()));
  if (path === null) return { saved: 'cancelled', path: null, rows: null };
  const response = await rest.open(`/api/analytics/${question}`, { params });
  return { saved: 'file', path, rows: await saveCsv(response.body, path) };
}
