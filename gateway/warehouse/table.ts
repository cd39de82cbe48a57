/**
 * The one mapping between the usage record (camelCase) and its warehouse row (snake_case), with the DDL of both engines.
 *
 * Invariants: every field of the record has exactly one column; `started_ms` and `generation` are derived, so that range filters and
 * success rates touch plain numbers and flags. No primary key and no unique index: rows are unique because the cursor moves in the same
 * transaction (DuckDB's index replay after a kill has lost databases: duckdb/duckdb#18732).
 */
import { isGeneration, UsageRecord } from '../../contract/usage-record.ts';
import type { SqlRow } from './warehouse.ts';

export const factTable = 'api_usage_metrics';
export const offsetTable = 'stream_offsets';
export const parkedTable = 'parked_rows';
/** One row for each price that re-pricing replaced: what the call had cost until then. */
export const priceChangeTable = 'price_changes';
/** In DuckDB alone: which runs of re-pricing this file has seen. A file rebuilt from the journal has seen none. */
export const repricedTable = 'repriced_runs';

/** In DuckDB alone: what is known to be missing, and since when. */
export const historyTable = 'missing_history';

export type Engine = 'duckdb' | 'snowflake';
export type ColumnKind = 'text' | 'integer' | 'real' | 'flag' | 'money' | 'json' | 'instant';
/** Engine-neutral cell: instants as epoch ms, money as USD, JSON as text. */
export type Cell = string | number | boolean | null;

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly nullable: boolean;
}

const required = (kind: ColumnKind) => ({ kind, nullable: false }) as const;
const optional = (kind: ColumnKind) => ({ kind, nullable: true }) as const;

const fields = {
  callId: required('text'),
  streamId: required('text'),
  seq: required('integer'),
  startedAt: required('instant'),
  upstream: required('text'),
  provider: required('text'),
  surface: required('text'),
  method: required('text'),
  endpoint: required('text'),
  statusCode: optional('integer'),
  outcome: required('text'),
  errorCode: optional('text'),
  finishReason: optional('text'),
  durationMs: optional('real'),
  firstByteMs: optional('real'),
  ttftMs: optional('real'),
  overheadMs: optional('real'),
  requestBytes: required('integer'),
  responseBytes: required('integer'),
  streamed: required('flag'),
  modelRequested: optional('text'),
  model: optional('text'),
  serviceTier: optional('text'),
  inputTokens: optional('integer'),
  cachedInputTokens: optional('integer'),
  cacheWriteTokens: optional('integer'),
  toolInputTokens: optional('integer'),
  outputTokens: optional('integer'),
  reasoningTokens: optional('integer'),
  modalities: optional('json'),
  units: optional('json'),
  totalTokens: optional('integer'),
  usageSource: required('text'),
  usageMismatch: required('flag'),
  costUsd: optional('money'),
  costSource: required('text'),
  priceVersion: optional('text'),
  sessionId: optional('text'),
  userId: optional('text'),
  keyId: optional('text'),
  client: optional('text'),
  tags: required('json'),
  idempotencyId: optional('text'),
  attempt: optional('integer'),
} as const satisfies Record<keyof UsageRecord, { readonly kind: ColumnKind; readonly nullable: boolean }>;

type Field = keyof typeof fields;
const fieldNames = Object.keys(fields).filter((name): name is Field => name in fields);

/** `inputTokens` → `input_tokens`. */
export function columnName(field: Field): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const recordColumns = fieldNames.map((field) => ({ field, name: columnName(field), ...fields[field] }));
const derivedColumns: readonly Column[] = [
  { name: 'started_ms', kind: 'integer', nullable: false },
  { name: 'generation', kind: 'flag', nullable: false },
];

/** Columns of the fact table in DDL order: the record's fields, then the derived ones. */
export const columns: readonly Column[] = [...recordColumns, ...derivedColumns];
/** What a full record needs in a SELECT (instants come back through `started_ms`). */
export const recordColumnNames: readonly string[] = [
  ...recordColumns.filter((column) => column.kind !== 'instant').map((column) => column.name),
  'started_ms',
];

const duckdbTypes: Record<ColumnKind, string> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  real: 'DOUBLE',
  flag: 'BOOLEAN',
  money: 'DECIMAL(18,9)',
  json: 'VARCHAR',
  instant: 'TIMESTAMP',
};
const snowflakeTypes: Record<ColumnKind, string> = {
  text: 'VARCHAR',
  integer: 'NUMBER(38,0)',
  real: 'FLOAT',
  flag: 'BOOLEAN',
  money: 'NUMBER(18,9)',
  json: 'VARIANT',
  instant: 'TIMESTAMP_NTZ(3)',
};

export function sqlType(engine: Engine, kind: ColumnKind): string {
  return engine === 'duckdb' ? duckdbTypes[kind] : snowflakeTypes[kind];
}

/** `name` may be qualified. */
export function createTable(engine: Engine, name: string, shape: readonly Column[]): string {
  const lines = shape.map((column) => {
    const type = sqlType(engine, column.kind);
    return `  ${column.name} ${type}${column.nullable ? '' : ' NOT NULL'}`;
  });
  return `CREATE TABLE IF NOT EXISTS ${name} (\n${lines.join(',\n')}\n)`;
}

const offsetColumns: readonly Column[] = [
  { name: 'stream_id', kind: 'text', nullable: false },
  { name: 'last_seq', kind: 'integer', nullable: false },
  { name: 'updated_at', kind: 'instant', nullable: false },
];
const parkedColumns: readonly Column[] = [
  { name: 'stream_id', kind: 'text', nullable: false },
  { name: 'seq', kind: 'integer', nullable: false },
  { name: 'reason', kind: 'text', nullable: false },
  { name: 'record', kind: 'json', nullable: false },
  { name: 'parked_at', kind: 'instant', nullable: false },
];
const priceChangeColumns: readonly Column[] = [
  { name: 'call_id', kind: 'text', nullable: false },
  { name: 'stream_id', kind: 'text', nullable: false },
  { name: 'seq', kind: 'integer', nullable: false },
  { name: 'old_cost_usd', kind: 'money', nullable: true },
  { name: 'old_cost_source', kind: 'text', nullable: false },
  { name: 'old_price_version', kind: 'text', nullable: true },
  { name: 'new_cost_usd', kind: 'money', nullable: true },
  { name: 'new_cost_source', kind: 'text', nullable: false },
  { name: 'new_price_version', kind: 'text', nullable: true },
  { name: 'changed_at', kind: 'instant', nullable: false },
];
const historyColumns: readonly Column[] = [
  { name: 'found_ms', kind: 'integer', nullable: false },
  { name: 'before_ms', kind: 'integer', nullable: false },
  { name: 'file', kind: 'text', nullable: true },
];
const repricedColumns: readonly Column[] = [{ name: 'run_at', kind: 'text', nullable: false }];

/** The tables that both engines have, by name. */
export const tableShapes: ReadonlyMap<string, readonly Column[]> = new Map([
  [factTable, columns],
  [offsetTable, offsetColumns],
  [parkedTable, parkedColumns],
  [priceChangeTable, priceChangeColumns],
]);

/** Statements that create the tables where they are missing. */
export function ddl(engine: Engine): readonly string[] {
  const local = [
    [repricedTable, repricedColumns],
    [historyTable, historyColumns],
  ] as const;
  const shapes = engine === 'duckdb' ? [...tableShapes, ...local] : [...tableShapes];
  return shapes.map(([name, shape]) => createTable(engine, name, shape));
}

/** Tables of the embedded database, the fact table first. */
export const localTables: readonly string[] = [...tableShapes.keys(), repricedTable, historyTable];

/** A record that no warehouse column can hold; the message names the field. Delivery parks such rows. */
export class UnstorableRow extends Error {
  override readonly name = 'UnstorableRow';
}

const maxTextLength = 65_536; // no field of a usage record is prose; longer text is damage
const maxCostUsd = 1e9; // DECIMAL(18,9)

function unstorable(field: string, why: string): never {
  throw new UnstorableRow(`${field} ${why}`);
}

function checkNumber(field: string, kind: ColumnKind, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return unstorable(field, 'is not a finite number');
  if (kind === 'integer' && !Number.isSafeInteger(value)) return unstorable(field, `is not a whole number: ${value}`);
  if (kind === 'money' && Math.abs(value) >= maxCostUsd) return unstorable(field, `is out of range: ${value}`);
  return value;
}

function checkText(field: string, value: unknown): string {
  if (typeof value !== 'string') return unstorable(field, 'is not text');
  return value.length > maxTextLength ? unstorable(field, `is ${value.length} characters long`) : value;
}

function toCell(field: Field, value: unknown): Cell {
  const { kind, nullable } = fields[field];
  if (value === null || value === undefined) return nullable ? null : unstorable(field, 'is missing');
  switch (kind) {
    case 'text':
      return checkText(field, value);
    case 'json':
      return checkText(field, JSON.stringify(value));
    case 'flag':
      return typeof value === 'boolean' ? value : unstorable(field, 'is not true or false');
    case 'instant':
      return checkNumber(field, 'integer', Date.parse(String(value)));
    default:
      return checkNumber(field, kind, value);
  }
}

/** One record as cells in the order of {@link columns}. Throws {@link UnstorableRow}. */
export function toCells(record: UsageRecord): Cell[] {
  const cells = recordColumns.map((column) => toCell(column.field, record[column.field]));
  return [...cells, Date.parse(record.startedAt), isGeneration(record)];
}

function fromCell(kind: ColumnKind, cell: unknown): unknown {
  return kind === 'json' && typeof cell === 'string' ? JSON.parse(cell) : (cell ?? null);
}

/** The record of a row selected with {@link recordColumnNames}; throws when the row is not one. */
export function fromRow(row: SqlRow): UsageRecord {
  const record: Record<string, unknown> = {};
  for (const { field, name, kind } of recordColumns) {
    record[field] = kind === 'instant' ? new Date(Number(row['started_ms'])).toISOString() : fromCell(kind, row[name]);
  }
  return UsageRecord.parse(record);
}
