/** TO_… and TRY_TO_… */
import { cast } from '../check/cast.ts';
import type { Result } from '../check/operators.ts';
import type { Typed } from '../check/typed.ts';
import { faults } from '../faults.ts';
import type { SnowflakeType } from '../statement.ts';
import { booleanType, dateType, floatType, isStamp, numberType, varchar } from '../types.ts';
import { arg, scalar, type FunctionTable, type ScalarFunction, type Site } from './spec.ts';

const to = (type: SnowflakeType, attempt = false): ScalarFunction =>
  scalar('any', (args, site) => cast(arg(args, 0), type, site, attempt));

const constantWhole = (value: Typed | undefined, otherwise: number) =>
  typeof value?.constant === 'number' ? value.constant : otherwise;

/** TO_NUMBER(x [, precision [, scale]]): whole numbers unless told otherwise. */
const toNumber = (attempt: boolean): ScalarFunction =>
  scalar('any constant? constant?', (args, site) => {
    if (typeof args[1]?.constant === 'string') throw faults.unsupported(`${site.name} with a format`);
    const type = numberType(constantWhole(args[1], 38), constantWhole(args[2], 0));
    return cast(arg(args, 0), type, site, attempt);
  });

type StampKind = 'timestamp_ntz' | 'timestamp_ltz' | 'timestamp_tz';

/** TO_TIMESTAMP_NTZ(text or number [, scale]): a number counts seconds, or with a scale 3 milliseconds, from 1970 on. */
function stamp(kind: StampKind, attempt: boolean): ScalarFunction {
  return scalar('any constant?', (args, site) => {
    const value = arg(args, 0);
    const isNumber = value.type.kind === 'number' || value.type.kind === 'float';
    if (args.length === 2 && !isNumber) throw faults.unsupported(`${site.name} with a format`);
    return isNumber
      ? fromEpoch(value, constantWhole(args[1], 0), kind, site)
      : cast(value, { kind, scale: 9 }, site, attempt);
  });
}

function fromEpoch(value: Typed, scale: number, kind: StampKind, site: Site): Result {
  if (![0, 3, 6, 9].includes(scale)) throw faults.invalidArgument(`Invalid scale ${scale} for function ${site.name}`);
  const micros =
    scale === 9 ? `CAST(trunc(${value.sql} / 1000) AS BIGINT)` : `CAST(${value.sql} * ${10 ** (6 - scale)} AS BIGINT)`;
  const wall = `make_timestamp(${micros})`;
  return {
    sql: kind === 'timestamp_ntz' ? wall : `timezone('UTC', ${wall})`,
    type: { kind, scale: 9 },
    nullable: value.nullable,
  };
}

/** Formats of TO_CHAR that are told here; case means nothing in them. */
const formatParts: readonly (readonly [RegExp, string])[] = [
  [/YYYY/gi, '%Y'],
  [/HH24/gi, '%H'],
  [/MON/g, '%b'],
  [/MM/g, '%m'],
  [/MI/gi, '%M'],
  [/DD/gi, '%d'],
  [/SS/gi, '%S'],
  [/\.FF3/gi, '.%g'],
];

const toText = scalar('any constant?', (args, site) => {
  const value = arg(args, 0);
  const format = args[1]?.constant;
  if (format === undefined) return cast(value, varchar, site);
  if (typeof format !== 'string' || !(isStamp(value.type.kind) || value.type.kind === 'date')) {
    throw faults.unsupported(`${site.name} with a format`);
  }
  const pattern = formatParts.reduce((text, [part, written]) => text.replaceAll(part, written), format);
  const wall = cast(value, { kind: 'timestamp_ntz', scale: 9 }, site).sql;
  return { sql: `strftime(${wall}, '${pattern.replaceAll("'", "''")}')`, type: varchar, nullable: value.nullable };
});

export const conversionFunctions: FunctionTable = {
  TO_VARCHAR: toText,
  TO_CHAR: toText,
  TO_NUMBER: toNumber(false),
  TO_DECIMAL: toNumber(false),
  TO_NUMERIC: toNumber(false),
  TRY_TO_NUMBER: toNumber(true),
  TRY_TO_DECIMAL: toNumber(true),
  TO_DOUBLE: to(floatType),
  TRY_TO_DOUBLE: to(floatType, true),
  TO_BOOLEAN: to(booleanType),
  TRY_TO_BOOLEAN: to(booleanType, true),
  TO_DATE: to(dateType),
  DATE: to(dateType),
  TRY_TO_DATE: to(dateType, true),
  TO_TIMESTAMP: stamp('timestamp_ntz', false),
  TO_TIMESTAMP_NTZ: stamp('timestamp_ntz', false),
  TO_TIMESTAMP_LTZ: stamp('timestamp_ltz', false),
  TO_TIMESTAMP_TZ: stamp('timestamp_tz', false),
  TRY_TO_TIMESTAMP: stamp('timestamp_ntz', true),
  TRY_TO_TIMESTAMP_NTZ: stamp('timestamp_ntz', true),
};
