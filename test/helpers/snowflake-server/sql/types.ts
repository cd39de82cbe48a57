/** Snowflake types: their text, their DuckDB form, and the type two of them have in common. */
import type { SnowflakeType } from './statement.ts';

export const maxVarcharLength = 16_777_216;
export const maxPrecision = 38;

export const booleanType: SnowflakeType = { kind: 'boolean' };
export const floatType: SnowflakeType = { kind: 'float' };
export const dateType: SnowflakeType = { kind: 'date' };
export const variantType: SnowflakeType = { kind: 'variant' };
export const varchar: SnowflakeType = { kind: 'varchar', length: maxVarcharLength };
export const integerType: SnowflakeType = { kind: 'number', precision: maxPrecision, scale: 0 };

export function numberType(precision: number, scale: number): SnowflakeType {
  return { kind: 'number', precision: Math.max(1, Math.min(maxPrecision, precision)), scale: Math.min(37, scale) };
}

export type Kind = SnowflakeType['kind'];
/** A NULL without a type, and a bind whose type the driver did not say: both take the type of what they meet. */
export type LooseKind = 'null' | 'bind';

export const isSemi = (kind: Kind | LooseKind) => kind === 'variant' || kind === 'object' || kind === 'array';
export const isStamp = (kind: Kind | LooseKind) =>
  kind === 'timestamp_ntz' || kind === 'timestamp_ltz' || kind === 'timestamp_tz';

export function typeText(type: SnowflakeType): string {
  switch (type.kind) {
    case 'number':
      return `NUMBER(${type.precision},${type.scale})`;
    case 'varchar':
      return `VARCHAR(${type.length})`;
    case 'timestamp_ntz':
    case 'timestamp_ltz':
    case 'timestamp_tz':
      return `${type.kind.toUpperCase()}(${type.scale})`;
    default:
      return type.kind.toUpperCase();
  }
}

/** DuckDB keeps microseconds, so a scale above 6 is one of 6. */
export function duckType(type: SnowflakeType): string {
  switch (type.kind) {
    case 'number':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'float':
      return 'DOUBLE';
    case 'varchar':
      return 'VARCHAR';
    case 'boolean':
      return 'BOOLEAN';
    case 'date':
      return 'DATE';
    case 'timestamp_ntz':
      return 'TIMESTAMP';
    case 'timestamp_ltz':
    case 'timestamp_tz':
      return 'TIMESTAMP WITH TIME ZONE';
    default:
      return 'JSON';
  }
}

/** Room for the digits of both: NUMBER(38,0) and NUMBER(18,9) meet in NUMBER(38,9). */
function commonNumber(a: SnowflakeType & { kind: 'number' }, b: SnowflakeType & { kind: 'number' }): SnowflakeType {
  const scale = Math.max(a.scale, b.scale);
  return numberType(Math.max(a.precision - a.scale, b.precision - b.scale) + scale, scale);
}

const textScale = 9; // of a text that meets a number: enough for every amount here

/** What both become when they meet in a comparison, CASE, COALESCE, UNION …; null when they cannot. */
export function commonType(a: SnowflakeType, b: SnowflakeType): SnowflakeType | null {
  if (a.kind === 'number' && b.kind === 'number') return commonNumber(a, b);
  if (a.kind === 'varchar' && b.kind === 'varchar') return a.length >= b.length ? a : b;
  if (isStamp(a.kind) && isStamp(b.kind)) return commonStamp(a, b);
  if (a.kind === b.kind) return a;
  return meet(a, b) ?? meet(b, a);
}

function commonStamp(a: SnowflakeType, b: SnowflakeType): SnowflakeType {
  const scale = Math.max('scale' in a ? a.scale : 0, 'scale' in b ? b.scale : 0);
  const kinds = [a.kind, b.kind];
  const kind = (['timestamp_tz', 'timestamp_ltz'] as const).find((wider) => kinds.includes(wider)) ?? 'timestamp_ntz';
  return { kind, scale };
}

/** The cases where `a` decides. */
function meet(a: SnowflakeType, b: SnowflakeType): SnowflakeType | null {
  if (isSemi(a.kind)) return variantType;
  if (a.kind === 'float' && (b.kind === 'number' || b.kind === 'varchar')) return a;
  if (a.kind === 'number' && b.kind === 'varchar') return numberType(maxPrecision, Math.max(a.scale, textScale));
  if (a.kind === 'boolean' && (b.kind === 'varchar' || b.kind === 'number')) return a;
  if (isStamp(a.kind) && (b.kind === 'date' || b.kind === 'varchar')) return a;
  return a.kind === 'date' && b.kind === 'varchar' ? a : null;
}
