/** Functions of VARIANT, OBJECT and ARRAY. Keys whose value is NULL are left out of objects, as Snowflake does. */
import { cast } from '../check/cast.ts';
import { getValue } from '../check/path.ts';
import type { Result } from '../check/operators.ts';
import type { Typed } from '../check/typed.ts';
import { faults } from '../faults.ts';
import type { SnowflakeType } from '../statement.ts';
import { numberType, variantType, varchar } from '../types.ts';
import { arg, scalar, type FunctionTable, type ScalarFunction, type Site } from './spec.ts';

const arrayType: SnowflakeType = { kind: 'array' };
const objectType: SnowflakeType = { kind: 'object' };

const parsed = (macro: string): ScalarFunction =>
  scalar('text', (args) => ({ sql: `${macro}(${arg(args, 0).sql})`, type: variantType, nullable: true }));

/** The value as JSON; NULL stays NULL. */
const json = (value: Typed, site: Site) => cast(value, variantType, site).sql;

function object(args: readonly Typed[], site: Site, keepNull: boolean): Result {
  if (args.length % 2 === 1) throw faults.invalidArgument(`Expected an even number of arguments for ${site.name}`);
  const pairs = Array.from({ length: args.length / 2 }, (_, index) => {
    const key = cast(arg(args, 2 * index), varchar, site).sql;
    const value = json(arg(args, 2 * index + 1), site);
    const shown = keepNull ? `COALESCE(CAST(${value} AS VARCHAR), 'null')` : `CAST(${value} AS VARCHAR)`;
    return `CAST(to_json(${key}) AS VARCHAR) || ':' || ${shown}`;
  });
  // A pair whose key or value is NULL is NULL, and array_to_string leaves it out.
  const sql =
    pairs.length === 0
      ? `CAST('{}' AS JSON)`
      : `CAST('{' || array_to_string([${pairs.join(', ')}], ',') || '}' AS JSON)`;
  return { sql, type: objectType, nullable: false };
}

export const jsonFunctions: FunctionTable = {
  PARSE_JSON: parsed('sf_json'),
  TRY_PARSE_JSON: parsed('sf_try_json'),
  TO_JSON: scalar('variant', (args) => ({
    sql: `CAST(${arg(args, 0).sql} AS VARCHAR)`,
    type: varchar,
    nullable: true,
  })),
  TO_VARIANT: scalar('any', (args, site) => ({ sql: json(arg(args, 0), site), type: variantType, nullable: true })),
  GET: scalar('variant any', (args) => getValue(arg(args, 0), arg(args, 1))),
  OBJECT_CONSTRUCT: scalar('any+', (args, site) => object(args, site, false)),
  OBJECT_CONSTRUCT_KEEP_NULL: scalar('any+', (args, site) => object(args, site, true)),
  ARRAY_CONSTRUCT: scalar('any+', (args, site) => ({
    sql: `json_array(${args.map((value) => json(value, site)).join(', ')})`,
    type: arrayType,
    nullable: false,
  })),
  ARRAY_SIZE: scalar('variant', (args) => {
    const { sql } = arg(args, 0);
    const size = `CASE WHEN json_type(${sql}) = 'ARRAY' THEN json_array_length(${sql}) END`;
    return { sql: `CAST(${size} AS DECIMAL(9,0))`, type: numberType(9, 0), nullable: true };
  }),
  OBJECT_KEYS: scalar('variant', (args) => ({
    sql: `CASE WHEN json_type(${arg(args, 0).sql}) = 'OBJECT' THEN to_json(json_keys(${arg(args, 0).sql})) END`,
    type: arrayType,
    nullable: true,
  })),
  TYPEOF: scalar('variant', (args) => {
    const kind = `json_type(${arg(args, 0).sql})`;
    const sql = `CASE ${kind} WHEN 'UBIGINT' THEN 'INTEGER' WHEN 'BIGINT' THEN 'INTEGER' WHEN 'HUGEINT' THEN 'INTEGER' WHEN 'NULL' THEN 'NULL_VALUE' ELSE ${kind} END`;
    return { sql, type: varchar, nullable: true };
  }),
};
