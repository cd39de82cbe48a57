/** The bridge of a browser: the same asks and tells as in the app, over the REST routes and the WebSocket of the gateway that serves the page. */
import { toSearchParams } from '../../contract/query-string.ts';
import type { z } from 'zod';
import { questions, type QuestionName } from '../../contract/analytics.ts';
import { toFailure, type Answer } from '../../contract/errors.ts';
import { About, Connections, Health, Realtime, SampleState, type ServerFrame } from '../../contract/gateway-api.ts';
import type { AskInput, AskName, AskOutput, Bridge, GatewayStatus, HostInfo } from '../../contract/ipc.ts';
import { desktopHandlers } from './browser-desktop.ts';
import { priceHandlers } from './browser-prices.ts';
import { snowflakeHandlers } from './browser-snowflake.ts';
import { browserStatus } from './browser-status.ts';
import { watchHandlers } from './browser-watch.ts';
import { startLiveSocket, type LiveState } from './live-socket.ts';
import { requestJson, type RestRequest } from './rest.ts';
import { readSettings, writeSettings } from './stored-settings.ts';
import { createTellers } from './tellers.ts';

/** What the browser lends; handed in so that tests bring their own. */
export interface BrowserHost {
  readonly origin: string;
  readonly fetch: typeof fetch;
  readonly openSocket: (url: string, protocols: string[]) => WebSocket;
  readonly storage: Storage;
  readonly copy: (text: string) => Promise<void>;
  readonly download: (path: string) => void;
  readonly openPage: (hash: string) => void;
  readonly platform: string;
}

type AskHandlers = { readonly [K in AskName]: (input: AskInput<K>) => Promise<Answer<AskOutput<K>>> };
type QuestionHandlers = Pick<AskHandlers, QuestionName>;

export function startBrowserBridge(host: BrowserHost): Bridge & { stop: () => void } {
  const tellers = createTellers();
  const live = startLive(host, tellers.tell);
  const handlers = createHandlers(host, live, tellers.tell);
  return {
    ask: async (name, input) => {
      try {
        return await handlers[name](input);
      } catch (error) {
        return toFailure(error);
      }
    },
    onTold: tellers.onTold,
    stop: live.stop,
  };
}

interface LiveSide {
  readonly status: () => GatewayStatus;
  readonly snapshot: () => ServerFrame | null;
  readonly stop: () => void;
}

type Tell = ReturnType<typeof createTellers>['tell'];

function startLive(host: BrowserHost, tell: Tell): LiveSide {
  let state: LiveState = { live: 'connecting' };
  let health: Health | null = null;
  let snapshot: ServerFrame | null = null;
  let everConnected = false;
  let since = new Date().toISOString();
  const status = (): GatewayStatus => browserStatus({ state, health, everConnected, url: host.origin, since });

  const socket = startLiveSocket({
    url: `${host.origin.replace(/^http/, 'ws')}/ws/analytics`,
    open: host.openSocket,
    onState: (next) => {
      // "Stale since" counts from the loss: the attempts in between change nothing for the person who waits.
      if (next.live === 'connected' || state.live === 'connected') since = new Date().toISOString();
      everConnected ||= next.live === 'connected';
      state = next;
      tell('gatewayStatus', status());
    },
    onFrame: (frame) => {
      if (frame.type === 'snapshot') snapshot = frame;
      if (frame.type === 'health') health = frame.health;
      tell('live', frame);
      if (frame.type === 'health') tell('gatewayStatus', status());
    },
  });
  return { status, snapshot: () => snapshot, stop: socket.stop };
}

function createHandlers(host: BrowserHost, live: LiveSide, tell: Tell): AskHandlers {
  const get = <T>(request: RestRequest<T>): Promise<Answer<T>> => requestJson(host.fetch, request);
  return {
    ...questionHandlers(host),
    ...snowflakeHandlers(host.fetch),
    ...priceHandlers(host.fetch),
    ...watchHandlers(host.fetch),
    ...desktopHandlers(host),
    realtime: () => get({ path: '/api/analytics/realtime', schema: Realtime }),
    health: () => get({ path: '/api/analytics/health', schema: Health }),
    connections: () => get({ path: '/api/analytics/connections', schema: Connections }),
    about: () => get({ path: '/api/about', schema: About }),
    hostInfo: () => answer(hostInfo(host)),
    gatewayStatus: () => answer(live.status()),
    restartGateway: () =>
      Promise.resolve({
        ok: false,
        code: 'bad_request',
        message: 'A browser cannot restart the gateway; do it where it runs',
      }),
    sampleState: () => get({ path: '/api/sample', schema: SampleState }),
    sample: (action) => get({ path: '/api/sample', schema: SampleState, post: action }),
    uiSettings: () => answer(readSettings(host.storage)),
    saveUiSettings: (change) => {
      const settings = writeSettings(host.storage, change);
      tell('uiSettings', settings);
      return answer(settings);
    },
    copyText: async (text) => answer(await host.copy(text)),
    liveSnapshot: () => answer(live.snapshot()),
  };
}

function questionHandlers(host: BrowserHost): QuestionHandlers {
  const asker =
    <T>(name: QuestionName, schema: z.ZodType<T>) =>
    (query: Readonly<Record<string, unknown>>): Promise<Answer<T>> =>
      requestJson(host.fetch, { path: `/api/analytics/${name}?${toSearchParams(query)}`, schema });
  return {
    metrics: asker('metrics', questions.metrics.answer),
    usage: asker('usage', questions.usage.answer),
    models: asker('models', questions.models.answer),
    endpoints: asker('endpoints', questions.endpoints.answer),
    users: asker('users', questions.users.answer),
    sessions: asker('sessions', questions.sessions.answer),
    keys: asker('keys', questions.keys.answer),
    errors: asker('errors', questions.errors.answer),
    unmetered: asker('unmetered', questions.unmetered.answer),
    limits: asker('limits', questions.limits.answer),
    calls: asker('calls', questions.calls.answer),
  };
}

function hostInfo(host: BrowserHost): HostInfo {
  return { kind: 'browser', version: '', platform: host.platform, electron: null };
}

function answer<T>(value: T): Promise<Answer<T>> {
  return Promise.resolve({ ok: true, value });
}
