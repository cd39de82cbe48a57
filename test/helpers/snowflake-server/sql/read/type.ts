/** Type names in DDL and casts, with Snowflake's synonyms and defaults (docs.snowflake.com/en/sql-reference/intro-summary-data-types). */
import { faults } from '../faults.ts';
import { maxVarcharLength } from '../types.ts';
import type { SnowflakeType } from '../statement.ts';
import type { TokenReader } from './token-reader.ts';

type Builder = (first: number | null, second: number | null) => SnowflakeType;

const number: Builder = (precision, scale) => ({ kind: 'number', precision: precision ?? 38, scale: scale ?? 0 });
const integer: Builder = () => ({ kind: 'number', precision: 38, scale: 0 });
const float: Builder = () => ({ kind: 'float' });
const varchar: Builder = (length) => ({ kind: 'varchar', length: length ?? maxVarcharLength });
const char: Builder = (length) => ({ kind: 'varchar', length: length ?? 1 });
const ntz: Builder = (scale) => ({ kind: 'timestamp_ntz', scale: scale ?? 9 });

const builders: Readonly<Record<string, Builder>> = {
  NUMBER: number,
  DECIMAL: number,
  DEC: number,
  NUMERIC: number,
  INT: integer,
  INTEGER: integer,
  BIGINT: integer,
  SMALLINT: integer,
  TINYINT: integer,
  BYTEINT: integer,
  FLOAT: float,
  FLOAT4: float,
  FLOAT8: float,
  DOUBLE: float,
  REAL: float,
  VARCHAR: varchar,
  STRING: varchar,
  TEXT: varchar,
  NVARCHAR: varchar,
  CHAR: char,
  CHARACTER: char,
  BOOLEAN: () => ({ kind: 'boolean' }),
  DATE: () => ({ kind: 'date' }),
  DATETIME: ntz,
  TIMESTAMP: ntz,
  TIMESTAMP_NTZ: ntz,
  TIMESTAMPNTZ: ntz,
  TIMESTAMP_LTZ: (scale) => ({ kind: 'timestamp_ltz', scale: scale ?? 9 }),
  TIMESTAMP_TZ: (scale) => ({ kind: 'timestamp_tz', scale: scale ?? 9 }),
  VARIANT: () => ({ kind: 'variant' }),
  OBJECT: () => ({ kind: 'object' }),
  ARRAY: () => ({ kind: 'array' }),
};
const known: ReadonlySet<string> = new Set(['TIME', 'BINARY', 'VARBINARY', 'GEOGRAPHY', 'GEOMETRY', 'VECTOR', 'MAP']);

/** @throws SqlError 001003 for a word that is no type, 000002 for a type this stand-in does not have */
export function parseType(reader: TokenReader): SnowflakeType {
  const token = reader.next();
  const build = token.kind === 'word' && Object.hasOwn(builders, token.text) ? builders[token.text] : undefined;
  if (build === undefined) throw known.has(token.text) ? faults.unsupported(token.text) : reader.unexpected(token);
  if (token.text === 'DOUBLE') reader.takeWord('PRECISION');
  if (!reader.takeSymbol('(')) return build(null, null);
  const first = reader.wholeNumber();
  const second = reader.takeSymbol(',') ? reader.wholeNumber() : null;
  reader.expectSymbol(')');
  const type = build(first, second);
  if (!inRange(type)) throw faults.invalidArgument(`Invalid precision or scale in type ${token.text}(${first}).`);
  return type;
}

function inRange(type: SnowflakeType): boolean {
  if (type.kind === 'number')
    return type.precision >= 1 && type.precision <= 38 && type.scale <= Math.min(37, type.precision);
  if (type.kind === 'varchar') return type.length >= 1 && type.length <= 8 * maxVarcharLength;
  return !('scale' in type) || type.scale <= 9;
}
