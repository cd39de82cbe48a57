/** Functions of numbers. */
import { numbers } from '../check/arithmetic.ts';
import { cast } from '../check/cast.ts';
import { common } from '../check/meeting.ts';
import type { Result } from '../check/operators.ts';
import { settled, type Typed } from '../check/typed.ts';
import type { SnowflakeType } from '../statement.ts';
import { duckType, floatType, integerType, numberType } from '../types.ts';
import { anyNullable, arg, scalar, type FunctionTable, type ScalarFunction, type Site } from './spec.ts';

const float = (duck: string): ScalarFunction =>
  scalar('number', (args, site) => ({
    sql: `${duck}(${cast(arg(args, 0), floatType, site).sql})`,
    type: floatType,
    nullable: anyNullable(args),
  }));

/** FLOAT stays FLOAT; NUMBER loses its digits after the point. */
const towards = (duck: string): ScalarFunction => scalar('number', (args) => whole(duck, arg(args, 0)));

function whole(duck: string, value: Typed): Result {
  const { type, nullable } = value;
  if (type.kind !== 'number') return { sql: `${duck}(${value.sql})`, type: floatType, nullable };
  const rounded = numberType(type.precision - type.scale + 1, 0);
  return { sql: `CAST(${duck}(${value.sql}) AS ${duckType(rounded)})`, type: rounded, nullable };
}

function round(args: readonly Typed[]): Result {
  const value = arg(args, 0);
  const digits = args[1]?.constant ?? 0;
  if (args.length === 1) return whole('round', value);
  const { type } = value;
  const places = typeof digits === 'number' ? digits : null;
  if (type.kind !== 'number' || places === null) {
    const sql = `round(CAST(${value.sql} AS DOUBLE), CAST(${arg(args, 1).sql} AS INTEGER))`;
    return { sql, type: floatType, nullable: anyNullable(args) };
  }
  const scale = Math.max(0, Math.min(type.scale, places));
  const rounded = numberType(type.precision - type.scale + 1 + scale, scale);
  return {
    sql: `CAST(round(${value.sql}, ${places}) AS ${duckType(rounded)})`,
    type: rounded,
    nullable: value.nullable,
  };
}

const isNumber = (type: SnowflakeType): type is SnowflakeType & { kind: 'number' } => type.kind === 'number';

function modulo(args: readonly Typed[], site: Site): Result {
  const [a, b] = [arg(args, 0), arg(args, 1)];
  const [first, second] = [settled(a.type), settled(b.type)];
  const nullable = anyNullable(args);
  if (isNumber(first) && isNumber(second)) {
    return { ...numbers('%', { sql: a.sql, type: first }, { sql: b.sql, type: second }), nullable };
  }
  const [x, y] = [cast(a, floatType, site).sql, cast(b, floatType, site).sql];
  return { sql: `(${x} % sf_divisor(${y}))`, type: floatType, nullable };
}

/** DIV0: zero instead of a division by zero; DIV0NULL also where the divisor is NULL. */
const divideOrZero = (alsoNull: boolean): ScalarFunction =>
  scalar('number number', (args, site) => {
    const [a, b] = [arg(args, 0), arg(args, 1)];
    const [first, second] = [settled(a.type), settled(b.type)];
    const divided: Omit<Result, 'nullable'> =
      isNumber(first) && isNumber(second)
        ? numbers('/', { sql: a.sql, type: first }, { sql: b.sql, type: second })
        : { sql: `(${cast(a, floatType, site).sql} / ${cast(b, floatType, site).sql})`, type: floatType };
    const zero = `${b.sql} = 0${alsoNull ? ` OR ${b.sql} IS NULL` : ''}`;
    const type = settled(divided.type);
    return {
      sql: `CASE WHEN ${zero} THEN CAST(0 AS ${duckType(type)}) ELSE ${divided.sql} END`,
      type,
      nullable: anyNullable(args),
    };
  });

/** NULL as soon as one is NULL; DuckDB's own skip it. */
const extreme = (duck: string): ScalarFunction =>
  scalar('any+', (args, site) => {
    const { type, values } = common(args, site);
    const missing = values.map((value) => `${value.sql} IS NULL`).join(' OR ');
    const sql = `CASE WHEN ${missing} THEN NULL ELSE ${duck}(${values.map((value) => value.sql).join(', ')}) END`;
    return { sql, type, nullable: anyNullable(args) };
  });

export const numberFunctions: FunctionTable = {
  ABS: scalar('number', (args) => {
    const value = arg(args, 0);
    return {
      sql: `CAST(abs(${value.sql}) AS ${duckType(settled(value.type))})`,
      type: value.type,
      nullable: value.nullable,
    };
  }),
  CEIL: towards('ceil'),
  FLOOR: towards('floor'),
  ROUND: scalar('number number?', round),
  TRUNC: towards('trunc'),
  SIGN: scalar('number', (args) => ({
    sql: `CAST(sign(${arg(args, 0).sql}) AS DECIMAL(1,0))`,
    type: numberType(1, 0),
    nullable: anyNullable(args),
  })),
  SQRT: float('sqrt'),
  EXP: float('exp'),
  LN: float('ln'),
  POWER: scalar('number number', (args) => ({
    sql: `pow(CAST(${arg(args, 0).sql} AS DOUBLE), CAST(${arg(args, 1).sql} AS DOUBLE))`,
    type: floatType,
    nullable: anyNullable(args),
  })),
  MOD: scalar('number number', modulo),
  DIV0: divideOrZero(false),
  DIV0NULL: divideOrZero(true),
  GREATEST: extreme('greatest'),
  LEAST: extreme('least'),
  RANDOM: scalar('number?', () => ({
    sql: `CAST(CAST(random() * 9223372036854775807 AS BIGINT) AS ${duckType(integerType)})`,
    type: integerType,
    nullable: false,
  })),
};
