/**
 * CSV of list answers: RFC 4180, streamed with back pressure. Text that a spreadsheet would take for a formula gets a leading apostrophe
 * (CWE-1236; model names, user names and error codes come from outside); numbers stay numbers; times carry the offset of the asked zone.
 */
import { stringify, type Stringifier } from 'csv-stringify';
import type { z } from 'zod';
import { zonedFormat, type ZonedFormat } from './zoned-time.ts';

export interface CsvOptions {
  /** A byte order mark makes Excel read UTF-8. */
  readonly bom: boolean;
}

export interface CsvTable {
  readonly columns: readonly string[];
  /** Columns that hold instants. */
  readonly instants: ReadonlySet<string>;
}

export type CsvRow = Readonly<Record<string, unknown>>;
type Cell = string | number | null;

/** Instants are named so throughout the contract: `at`, `startedAt`, `lastRateLimitedAt`. */
const namesInstant = (column: string): boolean => column === 'at' || column.endsWith('At');

/** The table of a row schema: its fields in their order. */
export function tableOf(row: z.ZodObject): CsvTable {
  const columns = Object.keys(row.shape);
  return { columns, instants: new Set(columns.filter(namesInstant)) };
}

/** A stream that takes arrays of {@link toCells} and gives CSV text. */
export function csvStream(table: CsvTable, options: CsvOptions): Stringifier {
  return stringify({
    header: true,
    columns: [...table.columns],
    record_delimiter: '\r\n',
    // Without it only CRLF is quoted, and a lone CR or LF breaks the row in two.
    quote_record_delimiter: true,
    bom: options.bom,
    escape_formulas: true,
    // The library's guard knows no line feed, which some spreadsheets skip before they look for a formula.
    cast: { string: (value) => (value.startsWith('\n') ? `'${value}` : value) },
  });
}

/** Turns rows into cells in column order. */
export function cellMaker(table: CsvTable, timeZone: string): (row: CsvRow) => readonly Cell[] {
  const zoned = zonedFormat(timeZone);
  return (row) => table.columns.map((column) => toCell(row[column], table.instants.has(column), zoned));
}

function toCell(value: unknown, isInstant: boolean, zoned: ZonedFormat): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return isInstant ? zoned(value) : value;
  if (typeof value === 'object') return Object.keys(value).length === 0 ? null : JSON.stringify(value);
  return String(value);
}
