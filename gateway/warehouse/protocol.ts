/**
 * Messages between the gateway and its warehouse process, as JSON over the IPC channel of child_process.fork. Both ends are one build, so
 * the types are the schema; questions are checked by analytics/ in the child. Secrets of Snowflake cross here and nowhere else.
 */
import type { QuestionName } from '../../contract/analytics.ts';
import type { Answer } from '../../contract/errors.ts';
import type {
  Fleet,
  RetentionPreview,
  RetentionResult,
  SnowflakeSecrets,
  SnowflakeSettings,
  SnowflakeSetup,
  SnowflakeTest,
} from '../../contract/snowflake.ts';
import type { LockId } from '../journal/lock.ts';
import type { UsageRecord } from '../../contract/usage-record.ts';
import type { DeliveryState } from '../delivery/delivery-state.ts';
import type { SetAside, Suspect } from './duckdb-file.ts';
import type { MissingHistory } from './missing-history.ts';
import type { RepriceTally } from './repricing/tally.ts';
import type { StreamAudit } from './snowflake/audit.ts';

/** How far back a retention reaches, and where. */
export interface RetentionOrder extends Pick<RetentionPreview, 'target' | 'days'> {
  /** The time to count the days back from, epoch ms; the clock of the machine where a person gives the order. */
  readonly nowMs?: number;
}

/** Which calls get the prices of today, and where. */
export interface RepriceOrder {
  readonly engine: 'duckdb' | 'snowflake';
  readonly fromMs: number; // inclusive
  readonly toMs: number; // exclusive
  readonly dryRun: boolean;
}

/** What the child can be asked for: kind → what it needs, what it answers. Child and client each have one entry a kind. */
export interface Work {
  /** An answer of analytics/, shaped by the question's name. */
  ask: { readonly input: { readonly name: QuestionName; readonly query: unknown }; readonly answer: unknown };
  removeSample: { readonly input: null; readonly answer: number };
  /** Sends to Snowflake what waits now; answered when that was tried. */
  sync: { readonly input: null; readonly answer: null };
  testSnowflake: { readonly input: null; readonly answer: SnowflakeTest };
  setupSnowflake: { readonly input: { readonly dryRun: boolean }; readonly answer: SnowflakeSetup };
  fleet: { readonly input: null; readonly answer: Fleet };
  audit: { readonly input: null; readonly answer: readonly StreamAudit[] };
  previewRetention: { readonly input: RetentionOrder; readonly answer: RetentionPreview };
  applyRetention: { readonly input: RetentionOrder; readonly answer: RetentionResult };
  /** Start of the newest call in DuckDB that began before, epoch ms; null when there is none. */
  newestCall: { readonly input: { readonly beforeMs: number }; readonly answer: number | null };
  /** One call by its id; null where the engine has none. */
  findCall: {
    readonly input: { readonly callId: string; readonly source: 'duckdb' | 'snowflake' };
    readonly answer: UsageRecord | null;
  };
  /** Tells its progress page by page. */
  reprice: { readonly input: RepriceOrder; readonly answer: RepriceTally };
}
export type WorkKind = keyof Work;

/** A request: the child answers each `id` once, unless it dies or the request is cancelled. */
export type Request = {
  [K in WorkKind]: { readonly kind: K; readonly id: number; readonly input: Work[K]['input'] };
}[WorkKind];

/** A Snowflake to deliver to and to ask. */
export interface SnowflakeOrder {
  readonly settings: SnowflakeSettings;
  readonly secrets: SnowflakeSecrets;
  readonly installId: string;
}

export type ToChild =
  | Request
  /** The first message. `suspect` = why the database file is not to be trusted, or null. */
  | {
      readonly kind: 'start';
      readonly dataDir: string;
      /** Without this lock in place nothing may be opened there; null: nobody locks the directory. */
      readonly lock: LockId | null;
      readonly suspect: Suspect | null;
    }
  /** Replaces what was configured before; null ends it. `generation` comes back with everything said about it. */
  | { readonly kind: 'configure'; readonly generation: number; readonly snowflake: SnowflakeOrder | null }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'wake' }
  | { readonly kind: 'ping' }
  /** `flushMs` = how long rows that wait for their time may take to leave now. */
  | { readonly kind: 'stop'; readonly flushMs: number };

export type ToParent =
  | { readonly kind: 'opened'; readonly setAside: SetAside | null }
  | { readonly kind: 'missing'; readonly missing: readonly MissingHistory[] }
  /** The last words before an exit; `mistrust` = the database file itself is damaged. */
  | { readonly kind: 'failed'; readonly detail: string; readonly mistrust: boolean }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer<unknown> }
  /** How far a request has come; it lives as long as it says so. */
  | { readonly kind: 'progress'; readonly id: number; readonly progress: RepriceTally }
  | { readonly kind: 'state'; readonly state: DeliveryState }
  | { readonly kind: 'snowflake'; readonly generation: number; readonly state: DeliveryState }
  | { readonly kind: 'protocol'; readonly generation: number; readonly protocol: 'procedure' | 'guarded' }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly event: string; readonly fields: object }
  | { readonly kind: 'pong' };
