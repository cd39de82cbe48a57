/** A warehouse engine as the analytics questions see it. DuckDB implements it here; Snowflake is the sibling adapter. */
import type { Dialect } from './dialect.ts';

export type SqlValue = string | number | boolean | null;
export type SqlRow = Readonly<Record<string, unknown>>;

export interface Warehouse {
  readonly engine: 'duckdb' | 'snowflake';
  readonly dialect: Dialect;
  /** Rows with lower-case column names; 64-bit integers and decimals as JS numbers (checked to be safe), timestamps as epoch ms columns.
   * `purpose` names the question for engines that keep a history of their statements. */
  query(sql: string, binds: readonly SqlValue[], signal?: AbortSignal, purpose?: string): Promise<readonly SqlRow[]>;
  close(): Promise<void>;
}
