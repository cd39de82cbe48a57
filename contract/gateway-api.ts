/**
 * What the gateway says to the outside besides the proxied APIs: REST shapes that are not analytics questions, the frames of
 * `WS /ws/analytics`, the ready line and `gateway.json` (DESIGN §6, §8, §10).
 */
import { z } from 'zod';
import { Filter } from './analytics.ts';
import { ErrorCode } from './errors.ts';
import { SnowflakeHealth } from './snowflake.ts';
import { AlertsState } from './thresholds.ts';
import { UsageRecord } from './usage-record.ts';

export const apiVersion = 1;
/** WebSocket subprotocol that carries the control token: `aism.token.<token>`; the server answers with `aism.v1`. */
export const wsTokenProtocolPrefix = 'aism.token.';
export const wsProtocol = 'aism.v1';
export const wsMaxFrameBytes = 64 * 1024;

const Instant = z.iso.datetime({ offset: true });
const Count = z.int().nonnegative();

export const CheckState = z.enum(['ok', 'degraded', 'down', 'off']);
export type CheckState = z.infer<typeof CheckState>;

export const JournalHealth = z.object({
  state: CheckState,
  detail: z.string(), // plain words: what is wrong and what happens now
  rows: Count,
  openRows: Count,
  bytes: Count,
  capBytes: Count,
  lateCommits: Count, // responses released before their row was durable
  lostRows: Count, // rows that could not be written and left memory; exact
  waitingRows: Count, // closed rows in memory, not yet durable
  quarantined: z.string().nullable(), // name of a journal file set aside in this run
});
export type JournalHealth = z.infer<typeof JournalHealth>;

export const WarehouseHealth = z.object({
  state: CheckState,
  detail: z.string(),
  engine: z.literal('duckdb'),
  backlogRows: Count,
  deliveredSeq: Count,
  lastDeliveredAt: Instant.nullable(),
  /** Rows set aside because they cannot be stored, since its process started; null before delivery began. */
  parkedRows: Count.nullable().default(null),
  restarts: Count,
  rebuilt: z.string().nullable(), // name of a database file set aside in this run
});
export type WarehouseHealth = z.infer<typeof WarehouseHealth>;

/** The gateway's own files beside journal and warehouse: settings, prices, memory of alerts, identity. */
export const FilesHealth = z.object({ state: CheckState, detail: z.string() });
export type FilesHealth = z.infer<typeof FilesHealth>;

/** The clock that calls are dated by, and by which old ones are deleted. */
export const ClockHealth = z.object({
  state: CheckState,
  detail: z.string(),
  /** The machine's zone; UTC where that is unknown. */
  timeZone: z.string(),
  zoneUnknown: z.boolean(),
  /** Old calls are deleted by this time; null while it is unknown, and then none is. */
  trustedAt: Instant.nullable(),
  /** The clock is ahead of the trusted time and not believed yet. */
  doubted: z.boolean(),
});
export type ClockHealth = z.infer<typeof ClockHealth>;

export const UpstreamHealth = z.object({
  name: z.string(),
  origin: z.string(),
  state: CheckState,
  calls: Count, // last 5 minutes
  failures: Count, // network errors, time-outs and 5xx in the last 5 minutes
  lastError: z.string().nullable(),
});
export type UpstreamHealth = z.infer<typeof UpstreamHealth>;

/** Parts beside the proxy: errors that none of them caught. */
export const BackgroundHealth = z.object({ state: z.enum(['ok', 'degraded']), detail: z.string(), faults: Count });
export type BackgroundHealth = z.infer<typeof BackgroundHealth>;

/** While paused, calls pass and none is recorded; a restart of the gateway records again. */
export const RecordingState = z.object({
  paused: z.boolean(),
  since: Instant.nullable(), // when the pause began
  passedCalls: Count, // that went through unrecorded in this pause
});
export type RecordingState = z.infer<typeof RecordingState>;
export const RecordingInput = z.object({ paused: z.boolean() });

export const Health = z.object({
  status: z.enum(['ok', 'degraded', 'down']),
  version: z.string(),
  uptimeSeconds: z.number(),
  recording: RecordingState,
  checks: z.object({
    journal: JournalHealth,
    warehouse: WarehouseHealth,
    snowflake: SnowflakeHealth,
    files: FilesHealth.default({ state: 'ok', detail: '' }), // a gateway of an older version does not say
    clock: ClockHealth.default({
      state: 'ok',
      detail: '',
      timeZone: 'UTC',
      zoneUnknown: false,
      trustedAt: null,
      doubted: false,
    }), // a gateway of an older version does not say
    upstreams: z.array(UpstreamHealth),
    background: BackgroundHealth.optional(), // a gateway of 0.1.0 does not say
  }),
});
export type Health = z.infer<typeof Health>;

/** One second of traffic; calls are counted in the second they end. */
export const Second = z.object({
  at: Instant,
  calls: Count,
  failed: Count,
  inputTokens: Count,
  outputTokens: Count,
  costUsd: z.number().nullable(),
});
export type Second = z.infer<typeof Second>;

/** A call that is still running: enough for a row in the live tail. */
export const InFlightCall = UsageRecord.pick({
  callId: true,
  startedAt: true,
  upstream: true,
  provider: true,
  surface: true,
  method: true,
  endpoint: true,
  modelRequested: true,
  keyId: true,
  userId: true,
  sessionId: true,
  client: true,
  streamed: true,
  ttftMs: true,
  tags: true,
});
export type InFlightCall = z.infer<typeof InFlightCall>;

export const Realtime = z.object({
  at: Instant,
  inFlight: Count,
  callsPerSecond: z.number(), // mean of the last 10 whole seconds
  errorRate: z.number().nullable(), // failed / generation calls of the last 60 s; null without calls
  /** Since local midnight of the gateway's machine; while the calls of earlier today cannot be read, since the instant in `since`. */
  today: z.object({
    calls: Count,
    costUsd: z.number().nullable(),
    unpricedCalls: Count,
    /** Of these calls, those that could not be recorded since the gateway started: no chart and no list has them. */
    notRecorded: Count.default(0),
    since: Instant.nullable(),
  }),
  seconds: z.array(Second), // the last 60, oldest first
  recent: z.array(UsageRecord), // newest first
});
export type Realtime = z.infer<typeof Realtime>;

export const Connections = z.object({
  websocket: z.object({ current: Count, peak: Count, total: Count }),
  proxy: z.object({ inFlight: Count }),
});
export type Connections = z.infer<typeof Connections>;

/** `rows`: sample rows in the warehouse; null while it cannot be asked. */
export const SampleState = z.object({ running: z.boolean(), callsSent: Count, rows: Count.nullable() });
export type SampleState = z.infer<typeof SampleState>;
export const SampleAction = z.object({ action: z.enum(['start', 'stop', 'remove']) });
export type SampleAction = z.infer<typeof SampleAction>;

export const UpstreamInfo = z.object({
  name: z.string(),
  origin: z.string(),
  provider: z.string(),
  baseUrl: z.string(),
});
/** `GET /api/about`: what a dashboard needs to know about the gateway it talks to. */
export const About = z.object({
  version: z.string(),
  url: z.string(),
  dataDir: z.string(),
  pid: z.int(),
  node: z.string(),
  pricesAsOf: z.string().nullable(),
  upstreams: z.array(UpstreamInfo),
});
export type About = z.infer<typeof About>;

// ── WebSocket ──────────────────────────────────────────────────────────────────────────────────────────────────────

export const topics = ['tick', 'calls', 'inflight', 'health', 'alerts'] as const;
export const Topic = z.enum(topics);
export type Topic = z.infer<typeof Topic>;

export const ClientFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('subscribe'), topics: z.array(Topic).min(1), filter: Filter.optional() }),
  z.object({ type: z.literal('unsubscribe'), topics: z.array(Topic).min(1) }),
  z.object({ type: z.literal('ping'), id: z.string().max(100).optional() }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

export const ServerFrame = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    apiVersion: z.literal(apiVersion),
    version: z.string(),
    at: Instant,
    heartbeatSeconds: z.number(),
  }),
  /** Sent after hello: the last 15 minutes of seconds (only seconds with calls), the newest calls (≤ 500), the calls in flight. */
  z.object({
    type: z.literal('snapshot'),
    at: Instant,
    seconds: z.array(Second),
    recent: z.array(UsageRecord),
    inFlight: z.array(InFlightCall),
    realtime: Realtime.omit({ seconds: true, recent: true }),
  }),
  /** Once a second: the second that just ended. */
  z.object({
    type: z.literal('tick'),
    at: Instant,
    second: Second,
    inFlight: Count,
    callsPerSecond: z.number(),
    errorRate: z.number().nullable(),
    today: Realtime.shape.today,
  }),
  /** Ended calls, batched ≤ 4 frames a second; `dropped` = calls left out of this batch because there were too many or the reader was slow. */
  z.object({ type: z.literal('calls'), calls: z.array(UsageRecord), dropped: Count }),
  /** Calls that began or produced their first token since the last frame, batched like `calls`. */
  z.object({ type: z.literal('inflight'), calls: z.array(InFlightCall) }),
  z.object({ type: z.literal('health'), health: Health }),
  /** When an alert began or ended, a budget moved, or notices were snoozed. */
  z.object({ type: z.literal('alerts'), state: AlertsState }),
  z.object({ type: z.literal('pong'), id: z.string().optional(), at: Instant }),
  z.object({ type: z.literal('error'), code: ErrorCode, message: z.string() }),
]);
export type ServerFrame = z.infer<typeof ServerFrame>;

// ── files and lines ────────────────────────────────────────────────────────────────────────────────────────────────

/** First stdout line of a started gateway. */
export const ReadyLine = z.object({
  ready: z.literal(true),
  url: z.url(),
  dashboard: z.url(), // one-time login link for a browser
  dataDir: z.string(),
  pid: z.int(),
});
export type ReadyLine = z.infer<typeof ReadyLine>;

/** `gateway.json` in the data directory (0600), written atomically when ready, removed on stop. */
export const GatewayFile = z.object({
  url: z.url(), // for clients
  toolsUrl: z.url().optional(), // for command line and app, where the other one speaks TLS
  token: z.string().length(64),
  pid: z.int(),
  version: z.string(),
  startedAt: Instant,
});
export type GatewayFile = z.infer<typeof GatewayFile>;

/** Exit codes of the gateway command; documented in README. */
export const exitCodes = { ok: 0, failed: 1, badUsage: 2, heldOrUnusable: 3 } as const;
