/** Routes of what an administrator does with Snowflake and with old calls. No secret is ever part of an answer. */
import { z } from 'zod';
import {
  Fleet,
  RetentionInput,
  RetentionPreview,
  RetentionResult,
  RetentionState,
  SetupInput,
  SnowflakeHealth,
  SnowflakeSetup,
  SnowflakeState,
  SnowflakeTest,
} from '../../contract/snowflake.ts';
import { jsonRoute, type Route } from './route.ts';

/** Whether each stream of a gateway is in Snowflake whole and once. */
export const SnowflakeAudit = z
  .array(
    z.object({
      streamId: z.string(),
      rows: z.int(),
      duplicates: z.int(),
      parkedRows: z.int(),
      firstSeq: z.int().nullable(),
      lastSeq: z.int().nullable(),
      position: z.int().nullable(),
      problems: z.array(z.string()).readonly(),
    }),
  )
  .readonly();
export type SnowflakeAudit = z.infer<typeof SnowflakeAudit>;

type Order = z.output<typeof RetentionInput>;

/** Each may throw AppError `snowflake_*`, `warehouse_unavailable` or `timeout`. */
export interface SnowflakeApi {
  state(): SnowflakeState;
  test(signal: AbortSignal): Promise<SnowflakeTest>;
  setup(dryRun: boolean, signal: AbortSignal): Promise<SnowflakeSetup>;
  sync(signal: AbortSignal): Promise<SnowflakeHealth>;
  fleet(signal: AbortSignal): Promise<Fleet>;
  audit(signal: AbortSignal): Promise<SnowflakeAudit>;
}

export interface RetentionApi {
  state(): RetentionState;
  preview(input: Order, signal: AbortSignal): Promise<RetentionPreview>;
  apply(input: Order, signal: AbortSignal): Promise<RetentionResult>;
  /** Ends a doubt about the clock. */
  confirmClock(): Promise<RetentionState>;
}

const get = { kind: 'json', method: 'GET', access: 'session' } as const;
const post = { method: 'POST', access: 'session' } as const;
const Nothing = z.object({});

export function snowflakeRoutes(snowflake: SnowflakeApi): readonly Route[] {
  return [...lookingRoutes(snowflake), ...actingRoutes(snowflake)];
}

function lookingRoutes(snowflake: SnowflakeApi): readonly Route[] {
  return [
    {
      ...get,
      path: '/api/snowflake',
      operationId: 'snowflakeState',
      summary: 'How Snowflake is configured, by whom, and how it fares; no secrets',
      answer: SnowflakeState,
      handle: async () => snowflake.state(),
    },
    {
      ...get,
      path: '/api/snowflake/fleet',
      operationId: 'snowflakeFleet',
      summary: 'Which gateways deliver to this Snowflake',
      answer: Fleet,
      handle: ({ signal }) => snowflake.fleet(signal),
    },
    {
      ...get,
      path: '/api/snowflake/audit',
      operationId: 'auditSnowflake',
      summary: 'Whether every stream is in Snowflake whole and once; reads all of the table',
      answer: SnowflakeAudit,
      handle: ({ signal }) => snowflake.audit(signal),
    },
  ];
}

function actingRoutes(snowflake: SnowflakeApi): readonly Route[] {
  return [
    jsonRoute({
      ...post,
      path: '/api/snowflake/test',
      operationId: 'testSnowflake',
      summary: 'Test the configured connection, step by step',
      body: Nothing,
      answer: SnowflakeTest,
      handle: ({ signal }) => snowflake.test(signal),
    }),
    jsonRoute({
      ...post,
      path: '/api/snowflake/setup',
      operationId: 'setupSnowflake',
      summary: 'Create what is missing in the schema, or only say what would be created',
      body: SetupInput,
      answer: SnowflakeSetup,
      handle: ({ body, signal }) => snowflake.setup(body.dryRun, signal),
    }),
    jsonRoute({
      ...post,
      path: '/api/snowflake/sync',
      operationId: 'syncSnowflake',
      summary: 'Send what waits now instead of at the next interval',
      body: Nothing,
      answer: SnowflakeHealth,
      handle: ({ signal }) => snowflake.sync(signal),
    }),
  ];
}

export function retentionRoutes(retention: RetentionApi): readonly Route[] {
  return [
    {
      ...get,
      path: '/api/retention',
      operationId: 'retentionState',
      summary: 'How long calls are kept, and what was removed last',
      answer: RetentionState,
      handle: async () => retention.state(),
    },
    jsonRoute({
      ...post,
      path: '/api/retention/preview',
      operationId: 'previewRetention',
      summary: 'Count the calls that a retention would remove',
      body: RetentionInput,
      answer: RetentionPreview,
      handle: ({ body, signal }) => retention.preview(body, signal),
    }),
    jsonRoute({
      ...post,
      path: '/api/retention/apply',
      operationId: 'applyRetention',
      summary: 'Remove calls older than so many days now',
      body: RetentionInput,
      answer: RetentionResult,
      handle: ({ body, signal }) => retention.apply(body, signal),
    }),
    jsonRoute({
      ...post,
      path: '/api/retention/confirm-clock',
      operationId: 'confirmClock',
      summary: 'Say that the clock, which is doubted, is right: old calls are deleted by it again',
      body: z.object({}),
      answer: RetentionState,
      handle: () => retention.confirmClock(),
    }),
  ];
}
