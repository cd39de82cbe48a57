/**
 * `+ - * / %` with Snowflake's rules for precision and scale (docs.snowflake.com/en/sql-reference/operators-arithmetic): a sum has the
 * larger scale, a product the sum of both up to 12, a quotient six more than the dividend up to 12. FLOAT makes FLOAT.
 * A quotient is computed in double precision and rounded, so its digits after the 15th may differ from Snowflake's.
 */
import { faults } from '../faults.ts';
import type { Place } from '../read/token.ts';
import type { SnowflakeType } from '../statement.ts';
import { duckType, floatType, isStamp, maxPrecision, numberType } from '../types.ts';
import { cast, coerce, wallClock } from './cast.ts';
import type { CastContext } from './cast-shape.ts';
import type { Result } from './operators.ts';
import { typeEcho, type Typed } from './typed.ts';

type NumberType = SnowflakeType & { kind: 'number' };

/** The operand as a number; text becomes NUMBER(18,5), as Snowflake reads it. */
function numeric(value: Typed, context: CastContext): Typed | null {
  const { kind } = value.type;
  if (kind === 'number' || kind === 'float') return value;
  if (kind === 'variant') return cast(value, floatType, context);
  if (kind === 'null' || kind === 'bind' || kind === 'varchar') return coerce(value, numberType(18, 5), context);
  return null;
}

export function arithmetic(operator: string, left: Typed, right: Typed, at: Place, context: CastContext): Result {
  const days = dateShift(operator, left, right, context);
  if (days !== null) return days;
  const [a, b] = [numeric(left, context), numeric(right, context)];
  if (a === null || b === null) {
    throw faults.argumentTypes(at, operator, `${typeEcho(left.type)}, ${typeEcho(right.type)}`);
  }
  const nullable = left.nullable || right.nullable;
  if (a.type.kind !== 'number' || b.type.kind !== 'number') return { ...floats(operator, a, b, context), nullable };
  return { ...numbers(operator, { sql: a.sql, type: a.type }, { sql: b.sql, type: b.type }), nullable };
}

/** A date or timestamp and a number of days, or the days between two dates. */
function dateShift(operator: string, left: Typed, right: Typed, context: CastContext): Result | null {
  const nullable = left.nullable || right.nullable;
  const { type } = left;
  if (operator !== '+' && operator !== '-') return null;
  if (type.kind === 'date' && right.type.kind === 'date' && operator === '-') {
    return { sql: `CAST(${left.sql} - ${right.sql} AS DECIMAL(9,0))`, type: numberType(9, 0), nullable };
  }
  if ((type.kind !== 'date' && !isStamp(type.kind)) || right.type.kind !== 'number') return null;
  if (type.kind !== 'date' && type.kind !== 'timestamp_ntz')
    throw faults.unsupported(`${typeEcho(type)} ${operator} days`);
  const shifted = `(${wallClock(left, context)} ${operator} to_days(CAST(${right.sql} AS INTEGER)))`;
  return { sql: type.kind === 'date' ? `CAST(${shifted} AS DATE)` : shifted, type, nullable };
}

function floats(operator: string, a: Typed, b: Typed, context: CastContext): Omit<Result, 'nullable'> {
  const [x, y] = [cast(a, floatType, context).sql, cast(b, floatType, context).sql];
  const divides = operator === '/' || operator === '%';
  return { sql: `(${x} ${operator} ${divides ? `sf_divisor(${y})` : y})`, type: floatType };
}

interface NumberValue {
  readonly sql: string;
  readonly type: NumberType;
}

const digits = ({ precision, scale }: NumberType) => precision - scale;

export function numbers(operator: string, a: NumberValue, b: NumberValue): Omit<Result, 'nullable'> {
  switch (operator) {
    case '*':
      return product(a, b);
    case '/':
      return quotient(a, b);
    case '%':
      return remainder(a, b);
    default: {
      const scale = Math.max(a.type.scale, b.type.scale);
      const type = numberType(Math.max(digits(a.type), digits(b.type)) + 1 + scale, scale);
      const [x, y] = [a, b].map((value) => `CAST(${value.sql} AS ${duckType(type)})`);
      return { sql: `CAST((${x} ${operator} ${y}) AS ${duckType(type)})`, type };
    }
  }
}

function product(a: NumberValue, b: NumberValue): Omit<Result, 'nullable'> {
  const scale = Math.min(a.type.scale + b.type.scale, Math.max(a.type.scale, b.type.scale, 12));
  const type = numberType(digits(a.type) + digits(b.type) + scale, scale);
  const exact = `DECIMAL(${maxPrecision},`;
  const [x, y] = [a, b].map((value) => `CAST(${value.sql} AS ${exact}${value.type.scale}))`);
  return { sql: `CAST((${x} * ${y}) AS ${duckType(type)})`, type };
}

function quotient(a: NumberValue, b: NumberValue): Omit<Result, 'nullable'> {
  const scale = Math.max(a.type.scale, Math.min(a.type.scale + 6, 12));
  const type = numberType(digits(a.type) + b.type.scale + scale, scale);
  const exact = `CAST(${a.sql} AS DOUBLE) / CAST(sf_divisor(${b.sql}) AS DOUBLE)`;
  return { sql: `CAST(round(${exact}, ${scale}) AS ${duckType(type)})`, type };
}

/** Whole numbers stay whole: in double precision a product of 17 digits would lose its last ones. */
function remainder(a: NumberValue, b: NumberValue): Omit<Result, 'nullable'> {
  const scale = Math.max(a.type.scale, b.type.scale);
  const type = numberType(Math.min(digits(a.type), digits(b.type)) + scale, scale);
  const as = scale === 0 ? 'HUGEINT' : 'DOUBLE';
  return { sql: `CAST((CAST(${a.sql} AS ${as}) % CAST(sf_divisor(${b.sql}) AS ${as})) AS ${duckType(type)})`, type };
}
