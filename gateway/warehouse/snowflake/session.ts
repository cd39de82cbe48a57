/**
 * One Snowflake session as the rest of this folder sees it: statements in, rows out, every failure a {@link SnowflakeFault}. Timing is ours,
 * never the driver's (SNOWFLAKE.md: it repeats statements on its own, for minutes). A session that failed is closed and replaced.
 */
import type { SnowflakeProfile, SnowflakeSecrets } from '../../../contract/snowflake.ts';
import type { SqlRow } from '../warehouse.ts';

/** Where and how to log in. Secrets come out by asking, so that no log line or dump of this object carries them. */
export interface SnowflakeAccess {
  readonly profile: SnowflakeProfile;
  readonly secrets: () => SnowflakeSecrets;
}

/** Sent as strings where the column type decides the rest (SNOWFLAKE.md, driver behaviour 7). */
export type SnowflakeBind = string | number | boolean | null;

export interface Statement {
  readonly sql: string;
  readonly binds?: readonly SnowflakeBind[];
  /** QUERY_TAG of this statement: who asks and why, readable in Snowflake's query history. */
  readonly tag: string;
  /** Ours: the statement is cancelled and the fault is `timeout` when it has not ended by then. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface StatementResult {
  /** Lower-case column names; numbers as JS numbers (checked to be safe), VARIANT as JSON text, timestamps as text. */
  readonly rows: readonly SqlRow[];
  /** Rows inserted, updated or deleted; null for other statements. */
  readonly changedRows: number | null;
  readonly queryId: string | null;
}

export interface SnowflakeSession {
  /** @throws SnowflakeFault */
  execute(statement: Statement): Promise<StatementResult>;
  isUp(): boolean;
  /** Ends the session as well as the network lets it; never throws. */
  close(): Promise<void>;
}

export interface SessionOptions {
  /** Session parameters beside the fixed ones (TIMEZONE, output formats, AUTOCOMMIT …). */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  readonly loginTimeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Shows the page of an external-browser login; default: the system's browser. */
  readonly openBrowser?: (url: string) => void;
}

/** The one way to a session; tests and the pool take it as an argument. @throws SnowflakeFault */
export type OpenSession = (access: SnowflakeAccess, options?: SessionOptions) => Promise<SnowflakeSession>;
