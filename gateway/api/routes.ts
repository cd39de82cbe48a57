/** The one table of the control API (DESIGN §6): router, OpenAPI document and tests read it. */
import { z } from 'zod';
import { questions, type QuestionName } from '../../contract/analytics.ts';
import {
  About,
  Connections,
  Health,
  Realtime,
  RecordingInput,
  RecordingState,
  type RecordingState as RecordingStateValue,
  SampleAction,
  SampleState,
  type SampleState as SampleStateValue,
} from '../../contract/gateway-api.ts';
import type { CallCounters } from '../live/call-counters.ts';
import type { LiveHub } from '../live/hub.ts';
import { alertRoutes, type AlertsApi, type ThresholdsApi } from './alert-routes.ts';
import type { Ask } from './list-export.ts';
import { openApi } from './openapi.ts';
import { pricesRoutes, type PricesApi } from './prices-routes.ts';
import { prometheusText } from './prometheus.ts';
import { parseQuestion } from './query-string.ts';
import { jsonRoute, type JsonRoute, type Route } from './route.ts';
import { retentionRoutes, snowflakeRoutes, type RetentionApi, type SnowflakeApi } from './snowflake-routes.ts';
import type { Door } from './token.ts';

/** What the control API asks of the rest of the gateway. */
export interface ApiParts {
  readonly ask: Ask;
  readonly hub: LiveHub;
  readonly counters: CallCounters;
  health(): Health;
  connections(): Connections;
  about(): About;
  readonly sample: {
    state(): Promise<SampleStateValue>;
    act(action: z.output<typeof SampleAction>['action']): Promise<SampleStateValue>;
  };
  readonly recording: { state(): RecordingStateValue; set(paused: boolean): RecordingStateValue };
  readonly snowflake: SnowflakeApi;
  readonly retention: RetentionApi;
  readonly prices: PricesApi;
  readonly thresholds: ThresholdsApi;
  readonly alerts: AlertsApi;
  readonly door: Door;
  /** `http://127.0.0.1:8787`, for links. */
  url(): string;
}

export const LoginLink = z.object({ url: z.url(), expiresInSeconds: z.int() });
export const Liveness = z.object({ status: z.literal('ok') });

const summaries: { readonly [K in QuestionName]: string } = {
  metrics: 'Totals, success rate and latencies of a range, and of the period before it',
  usage: 'Calls, tokens, cost and latency over time',
  models: 'Use and cost by model',
  endpoints: 'Calls, success and latency by endpoint',
  users: 'Use and cost by user',
  sessions: 'Use and cost by session',
  keys: 'Use and cost by API key (identified by a keyed hash)',
  errors: 'Failed calls by cause',
  unmetered: 'Calls without usage, without a price or with numbers that do not add up',
  limits: 'Requests and tokens of a minute and a day by model and key, and refusals for too many of them',
  calls: 'Single calls, newest first',
};

export function createRoutes(parts: ApiParts): readonly Route[] {
  const routes: Route[] = [
    ...Object.keys(questions)
      .filter(isQuestion)
      .map((name) => questionRoute(name, parts)),
    ...liveRoutes(parts),
    ...controlRoutes(parts),
    ...recordingRoutes(parts),
    ...snowflakeRoutes(parts.snowflake),
    ...retentionRoutes(parts.retention),
    ...pricesRoutes(parts.prices),
    ...alertRoutes(parts.thresholds, parts.alerts),
    ...probeRoutes(parts),
  ];
  const document = openApi(routes, parts.about().version);
  return [...routes, documentRoute(document)];
}

const isQuestion = (name: string): name is QuestionName => name in questions;

function questionRoute(name: QuestionName, { ask }: ApiParts): JsonRoute {
  return {
    kind: 'json',
    method: 'GET',
    path: `/api/analytics/${name}`,
    operationId: name,
    summary: summaries[name],
    access: 'session',
    question: name,
    answer: questions[name].answer,
    handle: ({ params, signal }) => ask(name, parseQuestion(name, params), signal),
  };
}

const get = { kind: 'json', method: 'GET', access: 'session' } as const;

function liveRoutes({ hub, health, connections }: ApiParts): readonly Route[] {
  return [
    {
      ...get,
      path: '/api/analytics/realtime',
      operationId: 'realtime',
      summary: 'The last minute, second by second, and the newest calls',
      answer: Realtime,
      handle: async () => hub.realtime(),
    },
    {
      ...get,
      path: '/api/analytics/health',
      operationId: 'health',
      summary: 'State of the journal, the warehouses and the upstreams',
      answer: Health,
      handle: async () => health(),
    },
    {
      ...get,
      path: '/api/analytics/connections',
      operationId: 'connections',
      summary: 'Open WebSocket connections and calls in flight',
      answer: Connections,
      handle: async () => connections(),
    },
  ];
}

function controlRoutes({ about, sample, door, url }: ApiParts): readonly Route[] {
  return [
    {
      ...get,
      path: '/api/about',
      operationId: 'about',
      summary: 'What this gateway is and stands in front of',
      answer: About,
      handle: async () => about(),
    },
    {
      ...get,
      path: '/api/sample',
      operationId: 'sampleState',
      summary: 'State of the sample traffic',
      answer: SampleState,
      handle: () => sample.state(),
    },
    jsonRoute({
      method: 'POST',
      path: '/api/sample',
      operationId: 'sample',
      summary: 'Start or stop sample traffic, or remove its rows',
      access: 'session',
      body: SampleAction,
      answer: SampleState,
      handle: ({ body }) => sample.act(body.action),
    }),
    jsonRoute({
      method: 'POST',
      path: '/api/login-link',
      operationId: 'loginLink',
      summary: 'A one-time link that opens the dashboard in a browser',
      access: 'token',
      body: z.object({}),
      answer: LoginLink,
      handle: async () => ({ url: loginLink(url(), door), expiresInSeconds: 600 }),
    }),
  ];
}

function recordingRoutes({ recording }: ApiParts): readonly Route[] {
  const path = '/api/recording';
  return [
    {
      ...get,
      path,
      operationId: 'recordingState',
      summary: 'Whether calls are recorded',
      answer: RecordingState,
      handle: async () => recording.state(),
    },
    jsonRoute({
      method: 'PUT',
      path,
      operationId: 'setRecording',
      summary: 'Pause recording, or go on; calls pass in either case',
      access: 'session',
      body: RecordingInput,
      answer: RecordingState,
      handle: async ({ body }) => recording.set(body.paused),
    }),
  ];
}

/** A link for one browser, once: the code in it is no credential after that. */
export const loginLink = (url: string, door: Door): string => `${url}/ui/login?code=${door.mintCode()}`;

function probeRoutes(parts: ApiParts): readonly Route[] {
  return [
    {
      kind: 'text',
      method: 'GET',
      path: '/metrics',
      operationId: 'prometheus',
      summary: 'Prometheus metrics since the gateway started',
      access: 'token',
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      handle: async () =>
        prometheusText({
          health: parts.health(),
          connections: parts.connections(),
          counters: parts.counters,
          alerts: parts.alerts.state(),
        }),
    },
    {
      kind: 'json',
      method: 'GET',
      path: '/healthz',
      operationId: 'liveness',
      summary: 'The gateway process answers',
      access: 'anyone',
      answer: Liveness,
      handle: async () => ({ status: 'ok' }),
    },
  ];
}

function documentRoute(document: unknown): Route {
  return {
    ...get,
    path: '/api/openapi.json',
    operationId: 'openapi',
    summary: 'This description',
    answer: z.record(z.string(), z.unknown()),
    handle: async () => document,
  };
}
