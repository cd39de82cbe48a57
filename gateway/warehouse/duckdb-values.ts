/** Cells of the usage table as DuckDB values, and DuckDB values as JS ones. */
import {
  BIGINT,
  BOOLEAN,
  DECIMAL,
  DOUBLE,
  DuckDBDecimalValue,
  DuckDBTimestampValue,
  TIMESTAMP,
  VARCHAR,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { UsageRecord } from '../../contract/usage-record.ts';
import { columns, toCells, type Cell, type ColumnKind } from './table.ts';

const moneyWidth = 18;
const moneyScale = 9;

const types: Record<ColumnKind, DuckDBType> = {
  text: VARCHAR,
  json: VARCHAR,
  integer: BIGINT,
  real: DOUBLE,
  flag: BOOLEAN,
  money: DECIMAL(moneyWidth, moneyScale),
  instant: TIMESTAMP,
};

export function duckDbType(kind: ColumnKind): DuckDBType {
  return types[kind];
}

function toDuckDb(kind: ColumnKind, cell: Cell): DuckDBValue {
  if (typeof cell !== 'number') return cell;
  switch (kind) {
    case 'integer':
      return BigInt(cell);
    case 'instant':
      return new DuckDBTimestampValue(BigInt(cell) * 1_000n);
    case 'money':
      return new DuckDBDecimalValue(BigInt(Math.round(cell * 10 ** moneyScale)), moneyWidth, moneyScale);
    default:
      return cell;
  }
}

/** Records as column vectors in the file's column order; a column this version does not know stays null. Throws UnstorableRow. */
export function toDuckDbColumns(records: readonly UsageRecord[], order: readonly string[]): DuckDBValue[][] {
  const rows = records.map(toCells);
  return order.map((name) => {
    const index = columns.findIndex((column) => column.name === name);
    const kind = columns[index]?.kind ?? 'text';
    return rows.map((cells) => toDuckDb(kind, cells[index] ?? null));
  });
}

/** Whole numbers and decimals as JS numbers; throws where a whole number would lose digits. */
export function fromDuckDb(value: DuckDBValue): string | number | boolean | null {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (typeof value === 'bigint') return safeNumber(value);
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  throw new TypeError(`Questions select numbers, text and flags only, not ${value.constructor.name}`);
}

function safeNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} does not fit a JS number`);
  return number;
}
