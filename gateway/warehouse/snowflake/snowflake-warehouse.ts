/** The team's Snowflake as the analytics questions see it: the sibling of duckdb-readers.ts, over a pool of sessions. */
import type { SqlRow, SqlValue, Warehouse } from '../warehouse.ts';
import { toAppError } from './fault-answer.ts';
import { SnowflakeFault } from './fault.ts';
import { openSession } from './open-session.ts';
import { queryTag } from './query-tag.ts';
import { SessionPool, type PoolOptions } from './session-pool.ts';
import type { SnowflakeAccess } from './session.ts';
import { snowflakeDialect } from './snowflake-dialect.ts';

export interface SnowflakeWarehouseOptions {
  readonly statementTimeoutMs?: number;
  readonly loginTimeoutMs?: number;
  readonly pool?: Omit<PoolOptions, 'open'>;
}

const defaultStatementTimeoutMs = 30_000;

/** Connects with the first question, not before. */
export function openSnowflakeWarehouse(access: SnowflakeAccess, options: SnowflakeWarehouseOptions = {}): Warehouse {
  return new SnowflakeWarehouse(access, options);
}

class SnowflakeWarehouse implements Warehouse {
  readonly engine = 'snowflake';
  readonly dialect = snowflakeDialect;
  readonly #pool: SessionPool;
  readonly #timeoutMs: number;

  constructor(access: SnowflakeAccess, { statementTimeoutMs, loginTimeoutMs, pool }: SnowflakeWarehouseOptions) {
    this.#timeoutMs = statementTimeoutMs ?? defaultStatementTimeoutMs;
    const parameters = { STATEMENT_TIMEOUT_IN_SECONDS: Math.ceil(this.#timeoutMs / 1_000) };
    const login = loginTimeoutMs === undefined ? {} : { loginTimeoutMs };
    this.#pool = new SessionPool({ ...pool, open: () => openSession(access, { parameters, ...login }) });
  }

  async query(
    sql: string,
    binds: readonly SqlValue[],
    signal?: AbortSignal,
    purpose = 'question',
  ): Promise<readonly SqlRow[]> {
    const ask = () =>
      this.#pool.use(
        (session) => session.execute({ sql, binds, tag: queryTag(purpose), timeoutMs: this.#timeoutMs, signal }),
        signal,
      );
    try {
      return (await onceMore(ask)).rows;
    } catch (error) {
      throw toAppError(error);
    }
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

/** A session may have ended while it rested, and a question changes nothing: it is asked once more, on another session. */
async function onceMore<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SnowflakeFault && error.kind === 'session') return ask();
    throw error;
  }
}
