/** DuckDB values as the strings of Snowflake's JSON results, and columns as its `rowtype`. */
import { DuckDBDateValue, DuckDBDecimalValue, DuckDBTimestampTZValue, DuckDBTimestampValue } from '@duckdb/node-api';
import { variantText } from './sql/compile.ts';
import type { BindValue, ResultColumn, SnowflakeType } from './sql/statement.ts';

export type Cell = string | null;

const wireNames: Readonly<Record<SnowflakeType['kind'], string>> = {
  number: 'fixed',
  float: 'real',
  varchar: 'text',
  boolean: 'boolean',
  date: 'date',
  timestamp_ntz: 'timestamp_ntz',
  timestamp_ltz: 'timestamp_ltz',
  timestamp_tz: 'timestamp_tz',
  variant: 'variant',
  object: 'object',
  array: 'array',
};

export function rowType(column: ResultColumn): Readonly<Record<string, unknown>> {
  const { type } = column;
  return {
    name: column.name,
    database: '',
    schema: '',
    table: '',
    nullable: column.nullable,
    type: wireNames[type.kind],
    precision: type.kind === 'number' ? type.precision : 'scale' in type ? 0 : null,
    scale: 'scale' in type ? type.scale : null,
    length: type.kind === 'varchar' ? type.length : null,
    byteLength: type.kind === 'varchar' ? type.length * 4 : null,
    collation: null,
  };
}

/** One row of DuckDB values (or plain ones, for what the server makes up itself) in the types of the columns. */
export function encodeRow(row: readonly unknown[], columns: readonly ResultColumn[]): readonly Cell[] {
  return columns.map((column, index) => encodeCell(row[index], column.type));
}

function encodeCell(value: unknown, type: SnowflakeType): Cell {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case 'boolean':
      return value === true ? '1' : '0';
    case 'number':
      return fixed(value, type.scale);
    case 'date':
      return value instanceof DuckDBDateValue ? `${value.days}` : String(value);
    case 'timestamp_ntz':
    case 'timestamp_ltz':
      return seconds(value);
    case 'timestamp_tz':
      return `${seconds(value)} 1440`; // offset in minutes + 1440; DuckDB keeps the instant only, so it is UTC
    case 'variant':
    case 'object':
    case 'array':
      return variantText(String(value));
    default:
      return String(value);
  }
}

function fixed(value: unknown, scale: number): string {
  if (value instanceof DuckDBDecimalValue) return value.toString();
  return typeof value === 'number' && scale > 0 ? value.toFixed(scale) : String(value);
}

/** `-0.5` s is `-0.500000000`: the sign belongs to the whole. */
function seconds(value: unknown): string {
  const micros =
    value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue
      ? value.micros
      : value instanceof Date
        ? BigInt(value.getTime()) * 1_000n
        : 0n;
  const size = micros < 0n ? -micros : micros;
  const fraction = `${size % 1_000_000n}`.padStart(6, '0');
  return `${micros < 0n ? '-' : ''}${size / 1_000_000n}.${fraction}000`;
}

/** A value for a scripting variable: it can be bound again without loss. */
export function toBindValue(value: unknown): BindValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  const text = String(value);
  if (typeof value !== 'bigint' && !(value instanceof DuckDBDecimalValue)) return text;
  return /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text;
}
