/** Binds as the driver sends them: one value a placeholder, or for INSERT … VALUES a column of values. */
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBMaterializedResult,
} from '@duckdb/node-api';
import { isRecord } from './protocol.ts';
import type { BindValue, DuckSql } from './sql/statement.ts';

export interface Binds {
  /** Driver's types: TEXT, FIXED, REAL, BOOLEAN, VARIANT. */
  readonly types: readonly string[];
  /** One row for scalar binds, many for array binds; one empty row without binds. */
  readonly rows: readonly (readonly BindValue[])[];
}

export const noBinds: Binds = { types: [], rows: [[]] };

interface Bind {
  readonly type: string;
  readonly value: unknown;
}

export function decodeBinds(bindings: unknown): Binds {
  if (!isRecord(bindings)) return noBinds;
  const columns = Object.keys(bindings)
    .toSorted((a, b) => Number(a) - Number(b))
    .map((key) => toBind(bindings[key]));
  const types = columns.map((column) => column.type);
  const first = columns[0]?.value;
  if (!Array.isArray(first)) return { types, rows: [columns.map((column) => decode(column.type, column.value))] };
  const rows = first.map((_, row) =>
    columns.map((column) => decode(column.type, Array.isArray(column.value) ? column.value[row] : null)),
  );
  return { types, rows };
}

const toBind = (value: unknown): Bind =>
  isRecord(value) ? { type: String(value['type'] ?? 'TEXT'), value: value['value'] } : { type: 'TEXT', value: null };

/** A whole number stays a number only while it is exact. */
function decode(type: string, value: unknown): BindValue {
  if (value === null || value === undefined) return null;
  const text = String(value);
  if (type === 'BOOLEAN') return /^(true|1)$/i.test(text);
  if (type === 'REAL') return Number(text);
  if (type === 'FIXED') return Number.isSafeInteger(Number(text)) ? Number(text) : text;
  return text;
}

/** Runs compiled SQL with the binds it takes; interrupted when the signal says so. */
export async function runDuck(
  connection: DuckDBConnection,
  duck: DuckSql,
  binds: readonly BindValue[],
  signal: AbortSignal,
): Promise<DuckDBMaterializedResult> {
  const { values, types } = taken(duck, binds);
  return interruptible(connection, signal, () =>
    values.length === 0 ? connection.run(duck.sql) : connection.run(duck.sql, values, types),
  );
}

/** Once for each row of binds; the number of rows changed by all. */
export async function runDuckForRows(
  connection: DuckDBConnection,
  duck: DuckSql,
  rows: Binds['rows'],
  signal: AbortSignal,
): Promise<number> {
  if (rows.length === 1) return (await runDuck(connection, duck, rows[0] ?? [], signal)).rowsChanged;
  return interruptible(connection, signal, async () => {
    const prepared = await connection.prepare(duck.sql);
    let changed = 0;
    try {
      for (const row of rows) {
        signal.throwIfAborted();
        const { values, types } = taken(duck, row);
        prepared.bind(values, types);
        changed += (await prepared.run()).rowsChanged;
      }
    } finally {
      prepared.destroySync();
    }
    return changed;
  });
}

/** An interrupt before the query has begun is lost, so it is repeated until the query has ended. */
async function interruptible<T>(connection: DuckDBConnection, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const interrupt = setInterval(() => {
    if (signal.aborted) connection.interrupt();
  }, 10);
  try {
    return await work();
  } finally {
    clearInterval(interrupt);
  }
}

function taken(duck: DuckSql, binds: readonly BindValue[]) {
  const values = duck.bindOrder.map((index) => binds[index] ?? null);
  return { values: values.map(toDuck), types: values.map(typeOf) };
}

const isWhole = (value: BindValue): value is number => typeof value === 'number' && Number.isSafeInteger(value);
const toDuck = (value: BindValue) => (isWhole(value) ? BigInt(value) : value);
function typeOf(value: BindValue) {
  if (typeof value === 'number') return isWhole(value) ? BIGINT : DOUBLE;
  return typeof value === 'boolean' ? BOOLEAN : VARCHAR;
}
