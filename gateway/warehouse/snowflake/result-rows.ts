/**
 * Values as the rest of the program takes them, by the same rule as DuckDB's (duckdb-values.ts): numbers are JS numbers and checked to be
 * exact, times are ISO 8601 in UTC, VARIANT is JSON text. Numbers are fetched as text, because the driver would round them silently.
 */
import type { Column, DataType } from 'snowflake-sdk';
import type { SqlRow, SqlValue } from '../warehouse.ts';
import { SnowflakeFault } from './fault.ts';

/** What the driver hands over as Snowflake sent it. Its types leave out two of the names it accepts. */
export const fetchAsString: DataType[] = ['Number', 'JSON'];

export interface ResultColumn {
  readonly name: string;
  readonly read: (value: unknown) => SqlValue;
}

type ColumnFacts = Pick<Column, 'getName' | 'isNumber' | 'isDate'>;

export function resultColumns(columns: readonly ColumnFacts[]): ResultColumn[] {
  return columns.map((column) => {
    const name = column.getName().toLowerCase();
    return { name, read: (value) => (value === null || value === undefined ? null : readValue(column, name, value)) };
  });
}

function readValue(column: ColumnFacts, name: string, value: unknown): SqlValue {
  if (column.isNumber()) return readNumber(name, String(value));
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (value instanceof Date) return isoText(value, column.isDate());
  // An OBJECT or ARRAY column: the driver has parsed it already.
  return JSON.stringify(value);
}

/** The driver's dates format themselves by session parameters; these methods are the language's own. */
function isoText(date: Date, dayOnly: boolean): string {
  const text = Date.prototype.toISOString.call(date);
  return dayOnly ? text.slice(0, 'YYYY-MM-DD'.length) : text;
}

/** `'12.500'`, `'1.5e+20'` or `'NaN'` (FLOAT has it; like DuckDB's, it is no number to calculate with). */
function readNumber(name: string, text: string): number | null {
  const value = Number(text);
  if (/^-?\d+$/.test(text) && !Number.isSafeInteger(value)) {
    throw new SnowflakeFault('data', `Column ${name} holds ${text}, which is too large to be exact`);
  }
  return Number.isFinite(value) ? value : null;
}

export function readRow(columns: readonly ResultColumn[], values: readonly unknown[]): SqlRow {
  const row: Record<string, unknown> = {};
  for (const [index, { name, read }] of columns.entries()) row[name] = read(values[index]);
  return row;
}
