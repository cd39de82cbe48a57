/**
 * The team's own Snowflake as every process speaks of it: where it is (settings), how to get in (secrets, which cross a process by pipe or
 * IPC only and never reach disk in clear), how it fares (health), and what an administrator does with it (test, setup, retention).
 */
import { z } from 'zod';

const Instant = z.iso.datetime({ offset: true });
const Count = z.int().nonnegative();

/** The driver's own names. Key pair first: it works for service users and needs no network policy; password last. */
export const authenticators = [
  'SNOWFLAKE_JWT',
  'PROGRAMMATIC_ACCESS_TOKEN',
  'OAUTH_CLIENT_CREDENTIALS',
  'EXTERNALBROWSER',
  'SNOWFLAKE',
] as const;
export const Authenticator = z.enum(authenticators);
export type Authenticator = z.infer<typeof Authenticator>;

const Identifier = z
  .string()
  .regex(
    /^[A-Za-z_][\w$]{0,254}$|^"[^"]{1,255}"$/,
    'a Snowflake identifier: letters, digits, _ and $, or anything in double quotes',
  );
const HttpUrl = z.string().regex(/^https?:\/\/[^\s@?#]+$/, 'an http(s) URL without user, query or fragment');

export const SnowflakeProfile = z.object({
  account: z
    .string()
    .regex(
      /^[A-Za-z0-9][\w.-]{0,254}$/,
      'an account identifier such as myorg-myaccount, without .snowflakecomputing.com',
    )
    .refine(
      (text) => !/\.snowflakecomputing\.(com|cn)$/i.test(text),
      'the identifier alone, without .snowflakecomputing.com',
    ),
  user: z
    .string()
    .regex(/^\S(.{0,254}\S)?$/, 'a Snowflake user name')
    .nullable(), // only the token authenticators do without
  authenticator: Authenticator.default('SNOWFLAKE_JWT'),
  warehouse: Identifier,
  database: Identifier,
  schema: Identifier,
  role: Identifier.nullable().default(null), // null = the user's default role
  accessUrl: HttpUrl.nullable().default(null), // private link or a test server; null = https://<account>.snowflakecomputing.com
  oauth: z
    .object({ clientId: z.string().min(1), tokenUrl: HttpUrl, scope: z.string().nullable().default(null) })
    .nullable()
    .default(null),
  /** Certificate revocation is checked by asking a server; a closed network may have to give that up. Explicit, never implied. */
  disableOcspChecks: z.boolean().default(false),
});
export type SnowflakeProfile = z.infer<typeof SnowflakeProfile>;

const Secret = z
  .string()
  .min(1)
  .max(64 * 1024)
  .nullable()
  .default(null);
/** Values that are never written to disk in clear, logged, or sent to a page. */
export const SnowflakeSecrets = z.object({
  privateKey: Secret, // PEM text, PKCS#8, encrypted or not
  privateKeyPassphrase: Secret,
  token: Secret, // programmatic access token
  password: Secret,
  oauthClientSecret: Secret,
});
export type SnowflakeSecrets = z.infer<typeof SnowflakeSecrets>;

export const SnowflakeDelivery = z.object({
  enabled: z.boolean().default(true),
  /** A batch leaves when it has this many rows, 8 MB, or is this old: whichever is first. */
  intervalMinutes: z.int().min(1).max(60).default(15),
  maxRows: z.int().min(100).max(16_000).default(5_000),
});
export type SnowflakeDelivery = z.infer<typeof SnowflakeDelivery>;

export const SnowflakeSettings = z.object({
  profile: SnowflakeProfile,
  delivery: SnowflakeDelivery.prefault({}),
});
export type SnowflakeSettings = z.infer<typeof SnowflakeSettings>;

/** `null` = keep for ever. Days count back from now, in UTC. */
export const Retention = z.object({
  localDays: z.int().min(1).max(3650).nullable().default(null),
  snowflakeDays: z.int().min(1).max(3650).nullable().default(null),
});
export type Retention = z.infer<typeof Retention>;

/** What the desktop app writes to the gateway's stdin, one JSON object a line: the only way secrets reach the gateway from the app. */
export const ParentMessage = z.object({
  kind: z.literal('configure'),
  snowflake: z.object({ settings: SnowflakeSettings, secrets: SnowflakeSecrets }).nullable(),
  retention: Retention,
});
export type ParentMessage = z.infer<typeof ParentMessage>;

// ── health ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `offline` = repeated on its own; `waiting_for_lock` = another transaction (often our own, detached) holds the stream's row; `needs_attention` = the user has to act. */
export const DeliveryPhase = z.enum(['idle', 'sending', 'waiting_for_lock', 'offline', 'needs_attention']);
export type DeliveryPhase = z.infer<typeof DeliveryPhase>;

export const SnowflakeHealth = z.object({
  state: z.enum(['ok', 'degraded', 'down', 'off']),
  detail: z.string(),
  phase: DeliveryPhase.nullable(), // null: not configured, or delivery switched off
  account: z.string().nullable(),
  /** How a batch is written: one CALL, or the guarded insert where no procedure may be created. Null until the first batch. */
  protocol: z.enum(['procedure', 'guarded']).nullable(),
  backlogRows: Count,
  backlogBytes: Count, // estimate: rows × mean size of the first waiting ones
  oldestWaitingAt: Instant.nullable(), // startedAt of the oldest waiting row
  nextDeliveryAt: Instant.nullable(), // when the present backlog leaves on its own
  lastDeliveredAt: Instant.nullable(),
  lastError: z.string().nullable(),
  action: z.string().nullable(), // the one thing the user should do, in plain words
  deliveredRows: Count, // since the gateway started
  parkedRows: Count,
  intervalMinutes: z.int().nullable(),
  creditsPerDay: z.number().nullable(), // estimate for an X-Small warehouse of its own with AUTO_SUSPEND = 60
});
export type SnowflakeHealth = z.infer<typeof SnowflakeHealth>;

/** Health of a Snowflake that is not configured, or whose delivery is switched off. */
export const snowflakeOff = (detail: string, account: string | null = null): SnowflakeHealth => ({
  state: 'off',
  detail,
  phase: null,
  account,
  protocol: null,
  backlogRows: 0,
  backlogBytes: 0,
  oldestWaitingAt: null,
  nextDeliveryAt: null,
  lastDeliveredAt: null,
  lastError: null,
  action: null,
  deliveredRows: 0,
  parkedRows: 0,
  intervalMinutes: null,
  creditsPerDay: null,
});

/** `GET /api/snowflake` and the settings screen: everything but the secrets. */
export const SnowflakeState = z.object({
  settings: SnowflakeSettings.nullable(),
  /** Who configured it: the environment or `.env` of the gateway, the desktop app, or nobody. */
  configuredBy: z.enum(['environment', 'app']).nullable(),
  /** Which secrets are known (names of {@link SnowflakeSecrets}), never their values. */
  secretsKnown: z.array(z.string()),
  /** Where the app keeps them: `keychain`, `memory` (gone when the app quits; `keptNote` says why), or null when it has none. */
  secretsKept: z.enum(['keychain', 'memory']).nullable(),
  keptNote: z.string().nullable(),
  editable: z.boolean(), // false where the settings come from elsewhere; `editNote` says from where
  editNote: z.string().nullable(),
  health: SnowflakeHealth,
});
export type SnowflakeState = z.infer<typeof SnowflakeState>;

// ── test, setup, fleet, retention ──────────────────────────────────────────────────────────────────────────────────

export const snowflakeSteps = [
  'network',
  'login',
  'role',
  'warehouse',
  'database',
  'schema',
  'table',
  'procedure',
] as const;
export const SnowflakeStepName = z.enum(snowflakeSteps);
export type SnowflakeStepName = z.infer<typeof SnowflakeStepName>;
export const SnowflakeStep = z.object({
  step: SnowflakeStepName,
  /** `warning` = it works, with a limit that `detail` names (no procedure: the guarded insert is used). */
  state: z.enum(['waiting', 'running', 'ok', 'warning', 'failed', 'skipped']),
  detail: z.string(), // what was found, or the cause
  fix: z.string().nullable(), // what to do about a failure or warning
  durationMs: z.number().nullable(),
});
export type SnowflakeStep = z.infer<typeof SnowflakeStep>;
export const SnowflakeTest = z.object({
  ok: z.boolean(),
  steps: z.array(SnowflakeStep), // all of them, in order
  /** Server clock minus ours in ms; null when not learned. Key-pair login fails beyond about a minute. */
  clockSkewMs: z.number().nullable(),
});
export type SnowflakeTest = z.infer<typeof SnowflakeTest>;

export const SetupInput = z.object({ dryRun: z.boolean().default(false) });
export const SnowflakeSetup = z.object({
  dryRun: z.boolean(),
  /** In order; `done` = executed now, `present` = was there, `would` = dry run, `failed` = `detail` says why and what is used instead. */
  statements: z.array(
    z.object({
      name: z.string(), // 'table API_USAGE_METRICS'
      sql: z.string(),
      state: z.enum(['done', 'present', 'would', 'failed']),
      detail: z.string(),
    }),
  ),
  grants: z.string(), // least-privilege script for an administrator
  optional: z.string(), // clustering and retention TASK, explained in comments, never executed
  ok: z.boolean(),
});
export type SnowflakeSetup = z.infer<typeof SnowflakeSetup>;

/** Which gateways have written to this Snowflake. `asOf`: newest delivery of any of them. */
export const Fleet = z.object({
  asOf: Instant.nullable(),
  gateways: z.array(
    z.object({
      installId: z.string(),
      own: z.boolean(),
      lastDeliveredAt: Instant,
      rows: Count,
      newestCallAt: Instant.nullable(),
    }),
  ),
});
export type Fleet = z.infer<typeof Fleet>;

export const RetentionTarget = z.enum(['local', 'snowflake']);
export type RetentionTarget = z.infer<typeof RetentionTarget>;
export const RetentionInput = z.object({ target: RetentionTarget, days: z.int().min(1).max(3650) });
/** What a retention of so many days removes, counted before anything is removed. */
export const RetentionPreview = RetentionInput.extend({
  before: Instant,
  rows: Count,
  totalRows: Count,
  oldestAt: Instant.nullable(),
});
export type RetentionPreview = z.infer<typeof RetentionPreview>;
export const RetentionResult = RetentionInput.extend({ before: Instant, deletedRows: Count });
export type RetentionResult = z.infer<typeof RetentionResult>;
export const RetentionState = z.object({
  retention: Retention,
  editable: z.boolean(),
  lastRunAt: Instant.nullable(),
  lastDeletedRows: Count.nullable(),
  /** Why nothing is deleted for its age now: the clock is doubted. */
  held: z.string().nullable().default(null),
});
export type RetentionState = z.infer<typeof RetentionState>;

const secondsPerDay = 86_400;
const secondsPerHour = 3_600;
/** An X-Small warehouse uses one credit an hour (https://docs.snowflake.com/user-guide/warehouses-overview). */
const creditsPerHour = 1;
/** AUTO_SUSPEND = 60, and a resume is billed for 60 s at least: either way a delivery keeps the warehouse awake for a minute … */
const awakeAfterSeconds = 60;
/** … and for the seconds it takes to resume, to load and to be noticed as idle. */
const workSeconds = 7.5;

/**
 * Credits a day of a warehouse that does nothing but our deliveries, with traffic around the clock: deliveries × the seconds each keeps it
 * awake, never more than always awake. Every minute 24, every 15 minutes 1.8, every hour 0.45.
 */
export function creditsPerDay(intervalMinutes: number): number {
  const deliveries = secondsPerDay / (intervalMinutes * 60);
  const awakeSeconds = Math.min(secondsPerDay, deliveries * (awakeAfterSeconds + workSeconds));
  return Math.round((awakeSeconds / secondsPerHour) * creditsPerHour * 100) / 100;
}
