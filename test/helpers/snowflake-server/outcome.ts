/** What a statement came to, before it is encoded; the ids are those of Snowflake's statement types. */
import type { DuckDBValue } from '@duckdb/node-api';
import type { ResultColumn, SnowflakeType } from './sql/statement.ts';

export interface Outcome {
  readonly statementTypeId: number;
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly unknown[])[];
  /** SQLROWCOUNT: rows changed, or rows of a query. */
  readonly rowCount: number;
}

export const statementType = {
  query: 0x1000,
  insert: 0x3100,
  update: 0x3200,
  delete: 0x3300,
  merge: 0x3400,
  alterSession: 0x4100,
  use: 0x4300,
  show: 0x4400,
  describe: 0x4500,
  transaction: 0x5000,
  ddl: 0x6000,
  multi: 0xa000,
} as const;

export const text: SnowflakeType = { kind: 'varchar', length: 16_777_216 };
export const whole: SnowflakeType = { kind: 'number', precision: 38, scale: 0 };
export const column = (name: string, type: SnowflakeType = text): ResultColumn => ({ name, type, nullable: true });

export const told = (statementTypeId: number, status: string): Outcome => ({
  statementTypeId,
  columns: [column('status')],
  rows: [[status]],
  rowCount: 1,
});

export function changed(kind: 'insert' | 'update' | 'delete' | 'merge', counts: readonly number[]): Outcome {
  return {
    statementTypeId: statementType[kind],
    columns: countColumns[kind].map((name) => column(name, whole)),
    rows: [counts],
    rowCount: counts.reduce((sum, count) => sum + count, 0),
  };
}

const countColumns = {
  insert: ['number of rows inserted'],
  update: ['number of rows updated', 'number of multi-joined rows updated'],
  delete: ['number of rows deleted'],
  merge: ['number of rows inserted', 'number of rows updated'],
} as const;

export const rowsOf = (columns: readonly ResultColumn[], rows: readonly (readonly DuckDBValue[])[]): Outcome => ({
  statementTypeId: statementType.query,
  columns,
  rows,
  rowCount: rows.length,
});
