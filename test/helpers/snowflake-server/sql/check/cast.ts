/**
 * Conversions. Explicit ones are `::`, CAST and the TO_ functions; implicit ones happen where two types meet or an argument needs another
 * type (docs.snowflake.com/en/sql-reference/data-type-conversion). A failing value fails in DuckDB with Snowflake's code (duck-setup.ts).
 */
import { faults } from '../faults.ts';
import type { SnowflakeType } from '../statement.ts';
import { duckType, isSemi, isStamp, maxVarcharLength, typeText } from '../types.ts';
import { cutToScale, shortened, type CastContext } from './cast-shape.ts';
import { textAs } from './cast-text.ts';
import { variantAs } from './cast-variant.ts';
import { changed, settled, type Typed } from './typed.ts';

const functionOf: Readonly<Record<string, string>> = {
  number: 'TO_NUMBER',
  float: 'TO_DOUBLE',
  boolean: 'TO_BOOLEAN',
  date: 'TO_DATE',
  varchar: 'TO_VARCHAR',
  timestamp_ntz: 'TO_TIMESTAMP_NTZ',
  timestamp_ltz: 'TO_TIMESTAMP_LTZ',
  timestamp_tz: 'TO_TIMESTAMP_TZ',
};

/** @throws SqlError 001007 when no value of the one type can become the other */
export function cast(value: Typed, type: SnowflakeType, context: CastContext, attempt = false): Typed {
  const sql = castSql(value, type, context, attempt);
  if (sql === null) {
    const echoed = `CAST(${value.text} AS ${typeText(type)})`;
    throw faults.wrongCast(value.at, echoed, functionOf[type.kind] ?? `TO_${type.kind.toUpperCase()}`);
  }
  const keepsZone = type.kind === 'timestamp_tz' ? (value.zone ?? context.zone) : undefined;
  return {
    ...changed(value, sql, type),
    nullable: value.nullable || attempt || isSemi(value.type.kind),
    zone: keepsZone,
  };
}

/** Converts where Snowflake does so on its own; null where it refuses. */
export function coerce(value: Typed, type: SnowflakeType, context: CastContext): Typed | null {
  if (!coercible(value.type.kind, type.kind)) return null;
  return cast(value, type, context);
}

function coercible(from: Typed['type']['kind'], to: SnowflakeType['kind']): boolean {
  if (from === to || from === 'null' || from === 'bind') return true;
  if (from === 'varchar') return !isSemi(to) || to === 'variant';
  if (isSemi(from)) return from === 'variant' || to === 'variant' || to === 'varchar';
  if (to === 'varchar' || to === 'variant') return true;
  if (isStamp(from)) return isStamp(to) || to === 'date';
  if (from === 'date') return isStamp(to);
  return (from === 'number' || from === 'float') && (to === 'number' || to === 'float' || to === 'boolean');
}

function castSql(value: Typed, type: SnowflakeType, context: CastContext, attempt: boolean): string | null {
  const from = value.type;
  switch (from.kind) {
    case 'null':
      return `CAST(NULL AS ${duckType(type)})`;
    case 'bind':
    case 'varchar':
      return textAs(value.sql, type, context, attempt);
    case 'variant':
    case 'object':
    case 'array':
      return variantAs(value, type, context, attempt);
    case 'number':
    case 'float':
      return numberAs(value, type, context, attempt);
    case 'boolean':
      return booleanAs(value.sql, type);
    default:
      return timeAs(value, type, context);
  }
}

function numberAs(value: Typed, type: SnowflakeType, context: CastContext, attempt: boolean): string | null {
  const { sql, type: from } = value;
  switch (type.kind) {
    case 'number':
      return fitted(value, type, attempt);
    case 'float':
      return `CAST(${sql} AS DOUBLE)`;
    case 'boolean':
      return `(${sql} <> 0)`;
    case 'varchar':
      return shortened(from.kind === 'float' ? `sf_float_text(${sql})` : `CAST(${sql} AS VARCHAR)`, type);
    case 'variant':
      return numberJson(value);
    case 'timestamp_ntz':
    case 'timestamp_ltz':
    case 'timestamp_tz':
      return textAs(`CAST(CAST(${sql} AS BIGINT) AS VARCHAR)`, type, context, attempt);
    default:
      return null;
  }
}

/** As JSON writes it: DuckDB's to_json makes 1.0 of some whole DECIMALs. */
function numberJson({ sql, type }: Typed): string {
  return type.kind === 'float' ? `to_json(${sql})` : `CAST(CAST(${sql} AS VARCHAR) AS JSON)`;
}

/** A number with room for every value of the source needs no check. */
function fitted(value: Typed, type: SnowflakeType & { kind: 'number' }, attempt: boolean): string {
  const { sql, type: from } = value;
  const target = duckType(type);
  if (from.kind === 'number' && from.scale === type.scale && from.precision === type.precision) return sql;
  const roomy =
    from.kind === 'number' && from.scale <= type.scale && from.precision - from.scale <= type.precision - type.scale;
  if (roomy) return `CAST(${sql} AS ${target})`;
  const tried = `TRY_CAST(${sql} AS ${target})`;
  return attempt ? tried : `sf_fit(${sql}, ${tried}, '${type.precision},${type.scale}')`;
}

function booleanAs(sql: string, type: SnowflakeType): string | null {
  if (type.kind === 'boolean') return sql;
  if (type.kind === 'number') return `CAST(CAST(${sql} AS INTEGER) AS ${duckType(type)})`;
  if (type.kind === 'varchar') return shortened(`CAST(${sql} AS VARCHAR)`, type);
  return type.kind === 'variant' ? `to_json(${sql})` : null;
}

/** The wall clock of a date or timestamp, as DuckDB TIMESTAMP. */
export function wallClock(value: Typed, context: CastContext): string {
  const { kind } = value.type;
  if (kind === 'timestamp_ltz') return `timezone(${context.zone}, ${value.sql})`;
  if (kind === 'timestamp_tz') return `timezone(${value.zone ?? context.zone}, ${value.sql})`;
  return kind === 'date' ? `CAST(${value.sql} AS TIMESTAMP)` : value.sql;
}

function timeAs(value: Typed, type: SnowflakeType, context: CastContext): string | null {
  const wall = wallClock(value, context);
  const instant = value.type.kind === 'timestamp_ltz' || value.type.kind === 'timestamp_tz';
  switch (type.kind) {
    case 'date':
      return value.type.kind === 'date' ? value.sql : `CAST(${wall} AS DATE)`;
    case 'timestamp_ntz':
      return cutToScale(wall, type);
    case 'timestamp_ltz':
    case 'timestamp_tz':
      return cutToScale(instant ? value.sql : `timezone(${context.zone}, ${wall})`, type);
    case 'varchar':
      return shortened(timeText(value, wall), type);
    case 'variant':
      return `to_json(${timeText(value, wall)})`;
    default:
      return null;
  }
}

/** In the formats the product's sessions set: no zone, milliseconds. */
function timeText(value: Typed, wall: string): string {
  return value.type.kind === 'date' ? `CAST(${value.sql} AS VARCHAR)` : `strftime(${wall}, '%Y-%m-%d %H:%M:%S.%g')`;
}

/**
 * The value as a column takes it in INSERT, UPDATE and MERGE: fewer conversions than elsewhere, and text must fit.
 * @throws SqlError 002023
 */
export function assignable(value: Typed, column: { name: string; type: SnowflakeType }, context: CastContext): string {
  const { type } = column;
  const from = value.type.kind;
  const semiMismatch = isSemi(from) !== isSemi(type.kind) && from !== 'null';
  const wider = type.kind === 'variant' && isSemi(from);
  if (
    (semiMismatch || !coercible(from, type.kind) || (isSemi(type.kind) && from !== type.kind && from !== 'null')) &&
    !wider
  ) {
    throw faults.wrongColumnType(typeText(type), typeText(settled(value.type)), column.name);
  }
  if (type.kind === 'varchar' && type.length < maxVarcharLength) {
    return `sf_fits_text(${cast(value, { kind: 'varchar', length: maxVarcharLength }, context).sql}, ${type.length})`;
  }
  return cast(value, type, context).sql;
}
