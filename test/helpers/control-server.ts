/** The gateway's front (guard, control API, live door, real proxy) in this process, with analytics answers that the test writes. */
import { snowflakeOff } from '../../contract/snowflake.ts';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { QuestionName } from '../../contract/analytics.ts';
import { AppError } from '../../contract/errors.ts';
import type { PricesState, RepriceState } from '../../contract/prices.ts';
import type { Health, SampleState } from '../../contract/gateway-api.ts';
import { Thresholds, type AlertsState } from '../../contract/thresholds.ts';
import type { AlertsApi, ThresholdsApi } from '../../gateway/api/alert-routes.ts';
import { startControl, type Control } from '../../gateway/api/control.ts';
import { guardPolicy } from '../../gateway/api/guard.ts';
import type { Ask } from '../../gateway/api/list-export.ts';
import type { PricesApi } from '../../gateway/api/prices-routes.ts';
import type { RetentionApi, SnowflakeApi } from '../../gateway/api/snowflake-routes.ts';
import { createDoor, createToken, type Door } from '../../gateway/api/token.ts';
import type { WebSocketLimits } from '../../gateway/api/websocket.ts';
import { createDispatch } from '../../gateway/dispatch.ts';
import { createCallCounters } from '../../gateway/live/call-counters.ts';
import type { LiveHub } from '../../gateway/live/hub.ts';
import { startLiveHub } from '../../gateway/live/live-hub.ts';
import { silentLog } from '../../gateway/log.ts';
import { createProxy } from '../../gateway/proxy/proxy.ts';
import { listen } from '../../gateway/server.ts';

export interface ControlServer {
  readonly url: string;
  readonly port: number;
  readonly door: Door;
  readonly hub: LiveHub;
  readonly control: Control;
  readonly counters: ReturnType<typeof createCallCounters>;
  /** Requests that reached the upstream behind the proxy. */
  upstreamRequests(): number;
  get(path: string, init?: RequestInit): Promise<Response>;
  setHealth(health: Health): void;
  stop(): Promise<void>;
}

export interface ControlServerOptions {
  readonly ask?: (name: QuestionName, query: unknown, signal: AbortSignal) => Promise<unknown>;
  readonly uiDir?: string | null;
  readonly limits?: Partial<WebSocketLimits>;
  readonly snowflake?: Partial<SnowflakeApi>;
  readonly retention?: Partial<RetentionApi>;
  readonly prices?: Partial<PricesApi>;
  readonly alerts?: Partial<AlertsApi>;
}

const notConfigured = (): Promise<never> =>
  Promise.reject(new AppError('snowflake_not_configured', 'Snowflake is not configured.'));

const snowflakeOfNobody: SnowflakeApi = {
  state: () => ({
    settings: null,
    configuredBy: null,
    secretsKnown: [],
    secretsKept: null,
    keptNote: null,
    editable: false,
    editNote: null,
    health: snowflakeOff('Not configured.'),
  }),
  test: notConfigured,
  setup: notConfigured,
  sync: notConfigured,
  fleet: notConfigured,
  audit: notConfigured,
};

const retentionForEver: RetentionApi = {
  state: () => ({
    retention: { localDays: null, snowflakeDays: null },
    editable: false,
    lastRunAt: null,
    lastDeletedRows: null,
    held: null,
  }),
  preview: notConfigured,
  apply: notConfigured,
  confirmClock: notConfigured,
};

const noReprice: RepriceState = {
  phase: 'idle',
  input: null,
  rowsSeen: 0,
  rowsTotal: null,
  rowsChanged: 0,
  rowsKept: 0,
  oldCostUsd: null,
  newCostUsd: null,
  detail: 'No run',
};
const noOwnPrices: PricesState = {
  overrides: [],
  overridesVersion: null,
  overridesFault: null,
  pricesAsOf: '2026-09-23',
  versions: [],
};

const listPrices: PricesApi = {
  state: () => noOwnPrices,
  replace: (overrides) => Promise.resolve({ ...noOwnPrices, overrides }),
  explain: () => Promise.reject(new AppError('not_found', 'There is no such call.')),
  reprice: { start: () => noReprice, state: () => noReprice, cancel: () => noReprice },
};

const noThresholds: ThresholdsApi = {
  state: () => ({ thresholds: Thresholds.parse({}), setAside: null, fault: null }),
  replace: (thresholds) => Promise.resolve({ thresholds, setAside: null, fault: null }),
};
export const quiet: AlertsState = { alerts: [], budgets: [], snoozedUntil: null, checkedAt: null };
const noAlerts: AlertsApi = {
  state: () => quiet,
  snooze: () => Promise.resolve(quiet),
  onChange: () => () => undefined,
};

export const goodHealth: Health = {
  status: 'ok',
  version: '0.0.0-test',
  uptimeSeconds: 12,
  recording: { paused: false, since: null, passedCalls: 0 },
  checks: {
    journal: {
      state: 'ok',
      detail: 'Recording.',
      rows: 1,
      openRows: 0,
      bytes: 4096,
      capBytes: 1e9,
      lateCommits: 0,
      lostRows: 0,
      waitingRows: 0,
      quarantined: null,
    },
    warehouse: {
      state: 'ok',
      detail: 'Up to date.',
      engine: 'duckdb',
      backlogRows: 0,
      deliveredSeq: 1,
      parkedRows: 0,
      lastDeliveredAt: null,
      restarts: 0,
      rebuilt: null,
    },
    snowflake: snowflakeOff('Not configured.'),
    files: { state: 'ok', detail: '' },
    clock: {
      state: 'ok',
      detail: '',
      timeZone: 'UTC',
      zoneUnknown: false,
      trustedAt: null,
      doubted: false,
    },
    upstreams: [{ name: 'gemini', origin: 'http://127.0.0.1', state: 'ok', calls: 0, failures: 0, lastError: null }],
  },
};

export async function startControlServer(options: ControlServerOptions = {}): Promise<ControlServer> {
  const upstream = await startUpstream();
  const hub = startLiveHub();
  const counters = createCallCounters();
  let health = goodHealth;
  let port = 0;
  const door = createDoor({ token: createToken(), port: () => port, secure: false });
  const proxy = createProxy({
    upstreams: [{ name: 'gemini', provider: 'google', origin: new URL(upstream.url) }],
    openExchange: () => ({ requestBody() {}, responseHead() {}, responseBody() {}, end: async () => {} }),
    config: {
      connectTimeoutMs: 1000,
      headersTimeoutMs: 5000,
      idleTimeoutMs: 5000,
      includeStreamUsage: false,
      drainMs: 0,
      holdMs: 50,
    },
  });
  const control = startControl({
    ask: scripted(options.ask),
    hub,
    counters,
    door,
    health: () => health,
    about: () => ({
      version: '0.0.0-test',
      url: `http://127.0.0.1:${port}`,
      dataDir: '/nowhere',
      pid: process.pid,
      node: process.version,
      pricesAsOf: null,
      upstreams: [],
    }),
    sample: sampleSwitch(),
    thresholds: noThresholds,
    alerts: { ...noAlerts, ...options.alerts },
    recording: {
      state: () => health.recording,
      set(paused) {
        health = { ...health, recording: { ...health.recording, paused } };
        return health.recording;
      },
    },
    snowflake: { ...snowflakeOfNobody, ...options.snowflake },
    retention: { ...retentionForEver, ...options.retention },
    prices: { ...listPrices, ...options.prices },
    url: () => `http://127.0.0.1:${port}`,
    version: '0.0.0-test',
    uiDir: options.uiDir ?? null,
    secure: false,
    proxyInFlight: () => proxy.inFlight(),
    log: silentLog(),
    webSocketLog: silentLog(),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const dispatch = createDispatch({
    policy: () => guardPolicy('http', port),
    control,
    proxyFor: () => proxy,
    log: silentLog(),
  });
  const server = await listen({ host: '127.0.0.1', port: 0, tls: null }, dispatch);
  port = server.port;
  return {
    url: server.url,
    port,
    door,
    hub,
    control,
    counters,
    upstreamRequests: upstream.requests,
    get: (path, init = {}) =>
      fetch(new URL(path, server.url), {
        ...init,
        headers: { authorization: `Bearer ${door.token}`, ...init.headers },
      }),
    setHealth: (next) => {
      health = next;
    },
    stop: async () => {
      server.stopAccepting();
      await control.stop();
      await server.close();
      await proxy.stop(0);
      hub.stop();
      await upstream.stop();
    },
  };
}

/** The answers are checked by the tests that write them. */
function scripted(ask: ControlServerOptions['ask']): Ask {
  const none = (): Promise<never> =>
    Promise.reject(new AppError('warehouse_unavailable', 'No warehouse in this test.'));
  return (ask ?? none) as Ask;
}

function sampleSwitch() {
  let state: SampleState = { running: false, callsSent: 0, rows: 0 };
  return {
    state: async () => state,
    act: async (action: 'start' | 'stop' | 'remove') => {
      state = { ...state, running: action === 'start' };
      return state;
    },
  };
}

async function startUpstream() {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume();
    response.end('from upstream');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
